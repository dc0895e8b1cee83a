// Counts for the charts, over every request that fits a filter. It walks the rows in windows like a search does, without
// an end in time, and gives way between them.

import type Database from 'better-sqlite3';
import type { HistoryEnding, HistoryFilters } from '../../../shared/ipc/history.ts';
import type { HistoryTally } from '../ports.ts';
import type { Turn } from './history.ts';
import type { Words } from './words.ts';
import { type EntryRow, openWalk, type Reader } from './walk.ts';

export const QUARTER_MS = 15 * 60_000;
const AT_ONCE = 5000;
const MAX_PEOPLE = 50;
/** Slots of time grow by a quarter of an octave: a percentile read from them is at most 19% too high. */
const SLOTS_PER_OCTAVE = 4;

type Load = {
  approved: number;
  denied: number;
  unopened: number;
  readonly slots: Map<number, number>;
};
type Decided = {
  readonly idx: number;
  readonly reviewer: number;
  readonly verdict: number;
  readonly took: number;
  readonly opened: number;
};
type Counted = Pick<EntryRow, 'idx' | 'at' | 'ending' | 'verdict' | 'took'>;
const COLUMNS = 'e.idx, e.at, e.ending, e.verdict, e.took';

export function openTally(reader: Reader, turns: () => Turn) {
  const decisionsOf = openDecisions(reader.db);
  const approve = reader.words.put('verdict', 'approve');
  return async (filters: HistoryFilters): Promise<HistoryTally> => {
    const counts = openCounts(approve);
    const walk = openWalk(reader, { filters }, COLUMNS);
    const turn = turns();
    for (let more = walk !== undefined; more && walk !== undefined; ) {
      const { rows, below } = walk.next(AT_ONCE);
      for (const row of rows) counts.row(row);
      const here = new Set(rows.map((row) => row.idx));
      for (const one of decisionsOf(rows)) if (here.has(one.idx)) counts.decision(one);
      more = below !== undefined;
      await turn();
    }
    return counts.tally(reader.words);
  };
}

/** Of these rows and, where they stand close, of what lies between them: one range is quicker than many places. */
function openDecisions(db: Database.Database) {
  const one = db.prepare<[number], Decided>('SELECT * FROM decided WHERE idx = ?');
  const range = db.prepare<[number, number], Decided>(
    'SELECT * FROM decided WHERE idx >= ? AND idx <= ?',
  );
  return (rows: readonly Counted[]): readonly Decided[] => {
    const newest = rows[0]?.idx;
    const oldest = rows.at(-1)?.idx;
    if (newest === undefined || oldest === undefined) return [];
    const close = newest - oldest <= rows.length * 20;
    return close ? range.all(oldest, newest) : rows.flatMap((row) => one.all(row.idx));
  };
}

function openCounts(approve: number) {
  const volume = new Map<number, Map<number, number>>();
  const times = new Map<number, number>();
  const load = new Map<number, Load>();
  const approvals = { total: 0, unopened: 0 };
  let requests = 0;
  return {
    row: (row: Counted): void => {
      requests += 1;
      const quarters = volume.get(row.ending) ?? new Map<number, number>();
      volume.set(row.ending, quarters);
      count(quarters, Math.floor(row.at / QUARTER_MS));
      if (row.took !== null) count(times, slotOf(row.took));
    },
    decision: (one: Decided): void => {
      const mine = load.get(one.reviewer) ?? {
        approved: 0,
        denied: 0,
        unopened: 0,
        slots: new Map(),
      };
      load.set(one.reviewer, mine);
      count(mine.slots, slotOf(one.took));
      if (one.verdict !== approve) {
        mine.denied += 1;
        return;
      }
      mine.approved += 1;
      approvals.total += 1;
      if (one.opened !== 0) return;
      approvals.unopened += 1;
      mine.unopened += 1;
    },
    tally: (words: Words): HistoryTally => ({
      requests,
      quarters: [...volume].flatMap(([ending, quarters]) =>
        [...quarters].map(([quarter, many]) => ({
          quarter,
          // Written from the endings' closed set.
          ending: words.text(ending) as HistoryEnding,
          count: many,
        })),
      ),
      times: [...times]
        .sort(([a], [b]) => a - b)
        .map(([slot, many]) => ({ upToMs: upTo(slot), count: many })),
      load: [...load]
        .map(([reviewer, one]) => ({
          reviewer: words.text(reviewer),
          approved: one.approved,
          denied: one.denied,
          unopened: one.unopened,
          medianMs: medianOf(one.slots),
        }))
        .sort((a, b) => b.approved + b.denied - a.approved - a.denied)
        .slice(0, MAX_PEOPLE),
      approvals,
    }),
  };
}

const count = (counts: Map<number, number>, key: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

const slotOf = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(SLOTS_PER_OCTAVE * Math.log2(ms)));
const upTo = (slot: number): number => Math.round(2 ** (slot / SLOTS_PER_OCTAVE));

function medianOf(slots: ReadonlyMap<number, number>): number | undefined {
  const all = [...slots.values()].reduce((sum, many) => sum + many, 0);
  let seen = 0;
  for (const [slot, many] of [...slots].sort(([a], [b]) => a - b)) {
    seen += many;
    if (seen * 2 >= all) return upTo(slot);
  }
  return undefined;
}
