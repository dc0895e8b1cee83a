// Which parts of a tall row have been on screen. Pure: intervals in pixels from the row's top, kept merged and in order.

export type Interval = readonly [from: number, to: number];

/** A pixel or two of rounding are not text. */
const SLACK = 2;

/** The part of a row that a pane shows, from the row's own top. */
export function partShown(row: Box, pane: Box): Interval | undefined {
  const from = Math.max(row.top, pane.top) - row.top;
  const to = Math.min(row.bottom, pane.bottom) - row.top;
  return to > from ? [from, to] : undefined;
}
export type Box = { readonly top: number; readonly bottom: number };

export function cover(seen: readonly Interval[], next: Interval): readonly Interval[] {
  const apart = seen.filter(([from, to]) => to < next[0] || from > next[1]);
  const touching = [next, ...seen.filter(([from, to]) => to >= next[0] && from <= next[1])];
  const merged: Interval = [
    Math.min(...touching.map(([from]) => from)),
    Math.max(...touching.map(([, to]) => to)),
  ];
  return [...apart, merged].toSorted((left, right) => left[0] - right[0]);
}

/** Nothing of `height` pixels is left out, but for rounding. */
export function coversAll(seen: readonly Interval[], height: number): boolean {
  let reached = 0;
  for (const [from, to] of seen) {
    if (from > reached + SLACK) return false;
    reached = Math.max(reached, to);
  }
  return reached >= height - SLACK;
}
