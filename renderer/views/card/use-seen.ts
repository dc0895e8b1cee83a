// Which must-see rows have been on screen, every pixel of them, in a visible window. A folded row is not seen.
// Jumping over a part leaves it unseen: only what was in the pane counts.

import { type RefObject, useEffect, useRef, useState } from 'react';
import { cover, coversAll, type Interval, partShown } from './coverage.ts';

export type Seen = {
  /** Must-see rows not yet seen in full; undefined until first measured. */
  readonly left: number | undefined;
  readonly showNext: () => void;
};

type Memory = {
  readonly height: number;
  readonly parts: readonly Interval[];
  readonly done: boolean;
};
const THRESHOLDS = [0, 0.25, 0.5, 0.75, 1];

export function useSeen(pane: RefObject<HTMLElement | null>, ready: boolean): Seen {
  const [left, setLeft] = useState<number>();
  const memory = useRef(new WeakMap<Element, Memory>());

  useEffect(() => {
    const root = pane.current;
    if (!ready || root === null) return;
    const measure = (): void => {
      if (document.visibilityState === 'visible') setLeft(measureRows(root, memory.current));
    };
    const crossing = new IntersectionObserver(measure, { root, threshold: THRESHOLDS });
    const growing = new ResizeObserver(measure);
    for (const row of mustRows(root)) {
      crossing.observe(row);
      growing.observe(row);
    }
    growing.observe(root);
    root.addEventListener('scroll', measure, { passive: true });
    document.addEventListener('visibilitychange', measure);
    return () => {
      crossing.disconnect();
      growing.disconnect();
      root.removeEventListener('scroll', measure);
      document.removeEventListener('visibilitychange', measure);
    };
  }, [pane, ready]);

  const showNext = (): void => {
    const root = pane.current;
    if (root !== null) bringNext(root, unseenRows(root, memory.current)[0], memory.current);
  };
  return { left, showNext };
}

/** How many must-see rows are left after a look at what the pane shows now. */
function measureRows(root: HTMLElement, memory: WeakMap<Element, Memory>): number {
  const box = root.getBoundingClientRect();
  for (const row of mustRows(root)) look(memory, row, box);
  return unseenRows(root, memory).length;
}

const mustRows = (root: Element): readonly HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>('[data-row][data-must]'),
];

const unseenRows = (root: Element, memory: WeakMap<Element, Memory>): readonly HTMLElement[] =>
  mustRows(root).filter((row) => memory.get(row)?.done !== true);

function look(memory: WeakMap<Element, Memory>, row: HTMLElement, pane: DOMRect): void {
  const known = memory.get(row);
  if (known?.done === true || row.dataset['folded'] !== undefined) return;
  const box = row.getBoundingClientRect();
  const shown = partShown(box, pane);
  if (shown === undefined) return;
  // Another height is another layout: what was where before no longer says anything.
  const before = known !== undefined && Math.abs(known.height - box.height) < 1 ? known.parts : [];
  const parts = cover(before, shown);
  memory.set(row, { height: box.height, parts, done: coversAll(parts, box.height) });
}

/** Brings the first part that was not seen to the top of the pane, or the fold's button under the keyboard. */
function bringNext(
  root: HTMLElement,
  row: HTMLElement | undefined,
  memory: WeakMap<Element, Memory>,
): void {
  if (row === undefined) return;
  const first = memory.get(row)?.parts[0];
  const seenTo = first !== undefined && first[0] <= 2 ? first[1] : 0;
  const top = row.getBoundingClientRect().top - root.getBoundingClientRect().top + seenTo;
  // A little of what was seen stays above it, so that the eye finds its place.
  root.scrollBy({ top: top - 48 });
  if (row.dataset['folded'] !== undefined)
    row.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
}
