// Fetches what the list needs, one page at a time, and forgets what is far away. A new question starts over; an answer to
// an old one is dropped.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { FoundRows, RequestRow } from '../../../shared/ipc/history.ts';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import type { Query } from '../../store/view.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import {
  above,
  below,
  emptyRun,
  jumped,
  PAGE,
  type Run,
  startRun,
  type Want,
  wantOf,
} from './found-rows.ts';

export type Found = {
  readonly run: Run;
  readonly state: 'searching' | 'here';
  readonly complaint: string | undefined;
  /** Size of the log when this was asked. */
  readonly size: number;
  /** Rows by which the last page moved everything; the list scrolls by as much. */
  readonly shift: { readonly rows: number };
  readonly show: (from: number, to: number) => void;
  readonly again: () => void;
};

const STILL = { rows: 0 };
/** Up from a dense part, a page may not reach down to what is here: then it goes on from its end. */
const UP_PAGES = 20;

export function useFound(query: Query, size: number): Found {
  const { bridge } = useDesk();
  const [asked, setAsked] = useState({ size, times: 0 });
  const [run, setRun] = useState(emptyRun);
  const [answered, setAnswered] = useState<Question>();
  const [complaint, setComplaint] = useState<string>();
  const [shift, setShift] = useState(STILL);
  const at = useRef({ run, question: 0, busy: false, shown: { from: 0, to: 0 } });

  const search = useCallback(
    (before: number | undefined) => searchPage(bridge, query, before),
    [bridge, query],
  );
  const put = useCallback((next: Run, moved = 0) => {
    at.current.run = next;
    setRun(next);
    if (moved !== 0) setShift({ rows: moved });
  }, []);

  useEffect(() => {
    const question = ++at.current.question;
    at.current.busy = true;
    void firstPage(search, () => question === at.current.question).then((page) => {
      if (question !== at.current.question) return;
      at.current.busy = false;
      setAnswered({ search, asked });
      setComplaint(page === undefined ? NOT_REACHED : undefined);
      put(page === undefined ? emptyRun : startRun(page));
    });
  }, [search, asked, put]);

  const show = useCallback(
    (from: number, to: number) => {
      const now = at.current;
      now.shown = { from, to };
      if (now.busy) return;
      const question = now.question;
      const fetchMissing = async (): Promise<void> => {
        const want = wantOf(now.run, now.shown.from, now.shown.to, asked.size);
        if (want === undefined || question !== now.question) return;
        const got = await fetchWant(search, want, now.run);
        if (question !== now.question) return;
        if (got === undefined) return setComplaint(NOT_REACHED);
        setComplaint(undefined);
        put(got.run, got.shift);
        await fetchMissing();
      };
      now.busy = true;
      void fetchMissing().finally(() => {
        if (question === now.question) now.busy = false;
      });
    },
    [asked, search, put],
  );
  const again = (): void => setAsked({ size, times: asked.times + 1 });
  const here = answered?.search === search && answered.asked === asked;
  const state = here ? 'here' : 'searching';
  return { run, state, complaint, size: asked.size, shift, show, again };
}

/** What the rows on screen are the answer to. */
type Question = { readonly search: Search; readonly asked: object };
type Search = (before: number | undefined) => Promise<FoundRows | undefined>;

const searchPage = (
  bridge: Bridge,
  { text, filters }: Query,
  before: number | undefined,
): Promise<FoundRows | undefined> =>
  ask(
    bridge.history.search({
      filters,
      limit: PAGE,
      ...(text.trim() === '' ? {} : { text }),
      ...(before === undefined ? {} : { before }),
    }),
  );

/** A search that takes long stops and says where: it goes on until something is there to be shown. */
async function firstPage(search: Search, wanted: () => boolean): Promise<FoundRows | undefined> {
  let page = await search(undefined);
  while (page?.rows.length === 0 && page.next !== undefined && wanted())
    page = await search(page.next);
  return page;
}

async function fetchWant(
  search: Search,
  want: Want,
  run: Run,
): Promise<{ readonly run: Run; readonly shift: number } | undefined> {
  if (want.go === 'up') return fetchAbove(search, want, run);
  const page = await search(want.before);
  if (page === undefined) return undefined;
  return { run: want.go === 'jump' ? jumped(want, page) : below(run, page), shift: 0 };
}

async function fetchAbove(
  search: Search,
  want: Extract<Want, { go: 'up' }>,
  run: Run,
): Promise<{ readonly run: Run; readonly shift: number } | undefined> {
  let top = want.before;
  let rows: readonly RequestRow[] = [];
  let before = want.before;
  for (let pages = 0; pages < UP_PAGES; pages++) {
    const page = await search(before);
    if (page === undefined) return undefined;
    const missing = page.rows.filter((row) => row.index >= want.to);
    // Only the rows next to what is here are kept: the rest can be fetched again.
    const all = [...rows, ...missing];
    rows = all.slice(-2 * PAGE);
    const first = rows[0];
    if (rows.length < all.length && first !== undefined) top = first.index + 1;
    if (page.next === undefined || page.next <= want.to) return above(run, rows, top);
    before = page.next;
  }
  // Too dense to reach: what is here gives way.
  return { run: { rows, first: run.first, top, next: before }, shift: 0 };
}
