// A window over a long list whose rows have one height: which places are near the viewport. Only those are put into the page.
// The box that scrolls is positioned, and the space that holds the rows is inside of it.

import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from 'react';

/** Rows above and below the viewport: what Tab, a turn of the wheel and a screen reader reach next. */
const SPARE = 6;
/** Before anything was measured. */
const AT_FIRST: Places = { from: 0, to: 40 };

/** `from` up to, but not including, `to`. */
export type Places = { readonly from: number; readonly to: number };
/** Everything on screen has moved down by so many rows: the list is scrolled after it. */
type Follow = (rows: number) => void;

type OnScreen = {
  readonly follow: Follow;
  /** How far the viewport's upper edge is below the first row's, and its height, when it last moved: asking for them now would lay out the page. */
  readonly top: () => { readonly topPx: number; readonly heightPx: number };
};

type Scrolled = {
  readonly box: RefObject<HTMLElement | null>;
  readonly space: RefObject<HTMLElement | null>;
  readonly rowPx: number;
  /** Measured again when it changes. */
  readonly fresh?: unknown;
};

/** Other places only when a row comes or goes, and then in the same frame: a jump never shows an empty list. */
export function useRowsOnScreen(scrolled: Scrolled): Places & OnScreen {
  const { box, space, rowPx, fresh } = scrolled;
  const [viewport] = useState(() => openViewport(rowPx));
  useLayoutEffect(() => {
    if (box.current === null || space.current === null) return undefined;
    return viewport.watch(box.current, space.current);
  }, [viewport, box, space, fresh]);
  const places = useSyncExternalStore(viewport.listen, viewport.places);
  return { ...places, follow: viewport.follow, top: viewport.top };
}

function openViewport(rowPx: number) {
  const listeners = new Set<() => void>();
  let places = AT_FIRST;
  let seen = { topPx: 0, heightPx: 0 };
  let watched: { readonly box: HTMLElement; readonly space: HTMLElement } | undefined;
  const measure = (): void => {
    if (watched === undefined) return;
    const { box, space } = watched;
    seen = { topPx: box.scrollTop - space.offsetTop, heightPx: box.clientHeight };
    const next = placesNear(seen.topPx, seen.heightPx, rowPx);
    if (next.from === places.from && next.to === places.to) return;
    places = next;
    for (const changed of listeners) changed();
  };
  const watch = (box: HTMLElement, space: HTMLElement): (() => void) => {
    watched = { box, space };
    measure();
    const size = new ResizeObserver(measure);
    size.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    return () => {
      size.disconnect();
      box.removeEventListener('scroll', measure);
      watched = undefined;
    };
  };
  const follow: Follow = (rows) => {
    if (watched === undefined || rows === 0) return;
    watched.box.scrollTop += rows * rowPx;
    measure();
  };
  const listen = (changed: () => void): (() => void) => {
    listeners.add(changed);
    return () => void listeners.delete(changed);
  };
  return { places: () => places, top: () => seen, watch, follow, listen };
}

/** `topPx`: how far the viewport's upper edge is below the first row's. */
export function placesNear(topPx: number, heightPx: number, rowPx: number): Places {
  return {
    from: Math.max(0, Math.floor(topPx / rowPx) - SPARE),
    to: Math.max(0, Math.ceil((topPx + heightPx) / rowPx) + SPARE),
  };
}

/** The places of `count` that are in the page, ascending: those on screen, and those that are kept wherever they are. */
export function placesShown(
  count: number,
  { from, to }: Places,
  kept: readonly number[],
): readonly number[] {
  const first = Math.min(from, count);
  const shown = Array.from({ length: Math.min(to, count) - first }, (_, at) => first + at);
  const far = kept.filter((place) => place >= 0 && place < count);
  return [...new Set([...shown, ...far])].toSorted((a, b) => a - b);
}
