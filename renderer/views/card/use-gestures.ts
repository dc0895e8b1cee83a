// Tells main what happens to the card on screen; main stamps and judges it. The same rest after a movement is kept here
// too, so that a press that main would refuse is answered at once.

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Gesture } from '../../../shared/ipc/contract.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';

const SETTLE_MS = 500;
const APART_MS = 600;
const MOVED_PX = 10;

export type Gestures = {
  readonly tell: (what: Gesture) => void;
  /** A press now would be the second half of something else. */
  readonly tooSoon: () => boolean;
};

type Marks = { settledAt: number; clickedAt: number };

export function useGestures(
  digest: string,
  card: RefObject<HTMLElement | null>,
  ready: boolean,
  allSeen: boolean,
): Gestures {
  const { bridge } = useDesk();
  const open = useMirror((mirror) => mirror.wire === 'open');
  const marks = useRef<Marks>({ settledAt: Infinity, clickedAt: -Infinity });
  const told = ready && open;

  const tell = useCallback(
    (what: Gesture) => {
      const now = performance.now();
      if (['appeared', 'changed', 'moved', 'focused'].includes(what)) marks.current.settledAt = now;
      if (what === 'clicked') marks.current.clickedAt = now;
      void ask(bridge.request.gesture({ digest, what }));
    },
    [bridge, digest],
  );

  useEffect(() => {
    if (!told) return;
    tell('appeared');
    if (!document.hasFocus()) tell('blurred');
    // The click that opened this card came before anybody could be told of it.
    tell('clicked');
    return () => tell('gone');
  }, [told, tell]);

  useEffect(() => {
    if (told && allSeen) tell('seenAll');
  }, [told, allSeen, tell]);

  useEffect(() => (told ? watchWindow(tell) : undefined), [told, tell]);
  useEffect(() => {
    const box = card.current;
    return told && box !== null ? watchBox(box, () => tell('moved')) : undefined;
  }, [told, tell, card]);

  const tooSoon = useCallback(() => {
    const now = performance.now();
    const { settledAt, clickedAt } = marks.current;
    return !(now - settledAt >= SETTLE_MS && now - clickedAt >= APART_MS);
  }, []);
  return { tell, tooSoon };
}

function watchWindow(tell: (what: Gesture) => void): () => void {
  const focused = (): void => tell('focused');
  const blurred = (): void => tell('blurred');
  const clicked = (event: MouseEvent): void => {
    const approves = event.target instanceof Element && event.target.closest('[data-approve]');
    if (!approves) tell('clicked');
  };
  window.addEventListener('focus', focused);
  window.addEventListener('blur', blurred);
  document.addEventListener('click', clicked, { capture: true });
  return () => {
    window.removeEventListener('focus', focused);
    window.removeEventListener('blur', blurred);
    document.removeEventListener('click', clicked, { capture: true });
  };
}

/** Calls when the card, or the button in it, has moved or grown by more than a hand's tremble. */
function watchBox(card: HTMLElement, moved: () => void): () => void {
  let last = boxesOf(card);
  const compare = (): void => {
    const now = boxesOf(card);
    const far = now.some((value, at) => Math.abs(value - (last[at] ?? 0)) > MOVED_PX);
    if (!far && now.length === last.length) return;
    last = now;
    moved();
  };
  const sizes = new ResizeObserver(compare);
  sizes.observe(card);
  const bar = card.firstElementChild;
  if (bar !== null) sizes.observe(bar);
  window.addEventListener('resize', compare);
  return () => {
    sizes.disconnect();
    window.removeEventListener('resize', compare);
  };
}

function boxesOf(card: HTMLElement): readonly number[] {
  const boxes = [card, card.querySelector('[data-approve]')].filter((node) => node !== null);
  return boxes.flatMap((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [x, y, width, height];
  });
}
