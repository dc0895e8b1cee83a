// What this machine's own history says beside a card: what this agent asked before, and how requests like this one were
// decided. Read from the index only, bounded, and never part of what is signed.

import type { CardHistory } from '../../shared/ipc/history.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import type { DeskEntry } from './desk.ts';
import type { FoundRequest, HistoryQuestion, HistoryStore } from './ports.ts';

const ROWS = 5;
/** Undecided ones are passed over, so more are read than shown. */
const READ = 25;
/** Each search ends by itself within its time; after so many of them what was found is enough. */
const SEARCHES = 4;

type Rows = { readonly rows: readonly FoundRequest[]; readonly partly: boolean };

/** The card's request itself and what came after it are left out. */
export async function cardHistory(
  store: Pick<HistoryStore, 'search'>,
  { request, index }: Pick<DeskEntry, 'request' | 'index'>,
  named: (row: FoundRequest) => CardHistory['last'][number],
): Promise<CardHistory> {
  const { agent, guard, action } = request;
  const { target } = headline(request);
  // A guard says what its agents are called: the same name on another machine is another agent.
  const last = await newest(store, { agent: agent.id, host: guard.host }, index, () => true);
  const decided = (row: FoundRequest): boolean => row.verdict !== undefined;
  const similar = await newest(store, { kind: action.kind, target }, index, decided);
  return {
    last: last.rows.map(named),
    similar: similar.rows.map(named),
    partly: last.partly || similar.partly,
  };
}

async function newest(
  store: Pick<HistoryStore, 'search'>,
  filters: HistoryQuestion['filters'],
  index: number,
  wanted: (row: FoundRequest) => boolean,
): Promise<Rows> {
  const rows: FoundRequest[] = [];
  let before: number | undefined = index;
  for (let times = 0; times < SEARCHES && before !== undefined; times += 1) {
    const found = await store.search({ filters, before, limit: READ });
    rows.push(...found.rows.filter(wanted));
    before = found.next;
    if (rows.length >= ROWS) return { rows: rows.slice(0, ROWS), partly: false };
  }
  return { rows, partly: before !== undefined };
}
