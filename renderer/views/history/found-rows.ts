// A window over a list too long to hold: one run of neighbouring rows, its place in a scroll space whose length is an
// estimate, and what to fetch next for what is on screen. Pure. The log index is the list's only address, so a jump goes to
// the index that lies at the same part of the log; going up asks from a little above and keeps what was missing.

import type { FoundRows, RequestRow } from '../../../shared/ipc/history.ts';

export const PAGE = 120;
/** Height of every row; the same as in history.module.css. */
export const ROW_PX = 48;
/** Rows kept in memory. */
const KEPT = 1200;
/** Browsers draw nothing taller than about 33 million pixels; a longer list grows under the hand. */
const LONGEST = 400_000;

export type Run = {
  readonly rows: readonly RequestRow[];
  /** Place of the first row in the scroll space. */
  readonly first: number;
  /** Every row from below this index on is here, down to `next`; undefined: from the newest. */
  readonly top: number | undefined;
  /** Where to go on; undefined: the oldest is here. */
  readonly next: number | undefined;
};

export type Want =
  | { readonly go: 'down'; readonly before: number }
  | { readonly go: 'up'; readonly before: number | undefined; readonly to: number }
  | { readonly go: 'jump'; readonly before: number | undefined; readonly first: number };

export const emptyRun: Run = { rows: [], first: 0, top: undefined, next: undefined };

export const startRun = (page: FoundRows): Run => ({ ...emptyRun, ...pageOf(page) });

const pageOf = (page: FoundRows): Pick<Run, 'rows' | 'next'> => ({
  rows: page.rows,
  next: page.next,
});

/** Rows for each entry of the log, as far as this run tells. */
function density(run: Run, size: number): number {
  const looked = (run.top ?? size) - (run.next ?? 0);
  return looked <= 0 ? 0 : Math.min(1, run.rows.length / looked);
}

/** How many rows the scroll space has room for. */
export function spaceOf(run: Run, size: number): number {
  const here = run.first + run.rows.length;
  if (run.next === undefined) return here;
  const below = Math.max(PAGE, Math.round(density(run, size) * run.next));
  return Math.max(here + PAGE, Math.min(LONGEST, here + below));
}

/** What is missing for the rows from `from` to `to` to be on screen, with a page to spare. */
export function wantOf(run: Run, from: number, to: number, size: number): Want | undefined {
  const end = run.first + run.rows.length;
  if (to < run.first - PAGE || from > end + PAGE) return jump(run, from, size);
  if (run.next !== undefined && to > end - PAGE / 2) return { go: 'down', before: run.next };
  if (run.top !== undefined && from < run.first + PAGE / 2) {
    const above = run.top + Math.ceil(PAGE / Math.max(density(run, size), 0.01));
    return { go: 'up', before: above >= size ? undefined : above, to: run.top };
  }
  return undefined;
}

function jump(run: Run, from: number, size: number): Want {
  const part = from / Math.max(1, spaceOf(run, size));
  const before = Math.max(1, Math.round(size * (1 - part)));
  return from <= PAGE / 2
    ? { go: 'jump', before: undefined, first: 0 }
    : { go: 'jump', before, first: from };
}

export function jumped(want: Extract<Want, { go: 'jump' }>, page: FoundRows): Run {
  return { ...pageOf(page), first: want.first, top: want.before };
}

export function below(run: Run, page: FoundRows): Run {
  const rows = [...run.rows, ...page.rows];
  const over = Math.max(0, rows.length - KEPT);
  const first = rows[over];
  return {
    rows: rows.slice(over),
    first: run.first + over,
    top: over > 0 && first !== undefined ? first.index + 1 : run.top,
    next: page.next,
  };
}

/** `shift`: by how many rows everything has moved in the scroll space, so that the eye keeps its place. */
export function above(
  run: Run,
  found: readonly RequestRow[],
  top: number | undefined,
): { readonly run: Run; readonly shift: number } {
  const all = [...found, ...run.rows];
  const rows = all.slice(0, KEPT);
  const last = rows.at(-1);
  const next = all.length > KEPT && last !== undefined ? last.index : run.next;
  const wanted = run.first - found.length;
  // The newest row stands first, and nothing stands before the first place.
  const first = top === undefined ? 0 : Math.max(0, wanted);
  return { run: { rows, first, top, next }, shift: first - wanted };
}
