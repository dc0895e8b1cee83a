// One card at a time for each surface that is connected: what happened on one surface proves nothing on another.

import type { Gesture } from '../../shared/ipc/contract.ts';
import { UNWATCHED, watch, type Watched } from './gesture.ts';

export type Gestures = {
  readonly feed: (caller: string, digest: string, gesture: Gesture, at: number) => void;
  readonly of: (caller: string, digest: string) => Watched;
};

export function openGestures(): Gestures {
  const cards = new Map<string, { readonly digest: string; readonly watched: Watched }>();
  const of = (caller: string, digest: string): Watched => {
    const card = cards.get(caller);
    if (card === undefined) return UNWATCHED;
    if (card.digest === digest) return card.watched;
    // Another card: only what belongs to the surface itself stays.
    const { focused, clickedAt } = card.watched;
    return { ...UNWATCHED, focused, clickedAt };
  };
  return {
    of,
    feed: (caller, digest, gesture, at) => {
      cards.set(caller, { digest, watched: watch(of(caller, digest), gesture, at) });
    },
  };
}
