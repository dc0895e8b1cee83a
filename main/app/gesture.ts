// Was this click meant? Pure: what happened to a card on screen, each event stamped by main's own clock, and whether an
// approval may follow now (design: Gestures). A denial never asks here.

import type { Gesture } from '../../shared/ipc/contract.ts';
import type { Presence } from '../../shared/statement/decision.ts';
import type { Tier } from '../../shared/domain/tier.ts';

/** A press within this of the card appearing, moving, changing or the window gaining focus is not meant for it. */
export const SETTLE_MS = 500;
/** A press within this of an earlier click is the second half of a double click. */
export const CLICK_APART_MS = 600;
export const HOLD_MS = 1000;

/** Milliseconds of a monotonic clock; undefined where it has not happened. */
export type Watched = {
  /** The last time anything made the reviewer look anew. */
  readonly settledFrom: number | undefined;
  readonly focused: boolean;
  /** When every must-see line had been on screen. */
  readonly seenAllAt: number | undefined;
  readonly clickedAt: number | undefined;
  readonly pressedAt: number | undefined;
};

export const UNWATCHED: Watched = {
  settledFrom: undefined,
  focused: true,
  seenAllAt: undefined,
  clickedAt: undefined,
  pressedAt: undefined,
};

export function watch(watched: Watched, gesture: Gesture, at: number): Watched {
  switch (gesture) {
    case 'appeared':
      return {
        ...UNWATCHED,
        focused: watched.focused,
        clickedAt: watched.clickedAt,
        settledFrom: at,
      };
    case 'changed':
      return {
        ...watched,
        settledFrom: later(watched, at),
        seenAllAt: undefined,
        pressedAt: undefined,
      };
    case 'moved':
      return { ...watched, settledFrom: later(watched, at), pressedAt: undefined };
    case 'focused':
      return { ...watched, focused: true, settledFrom: later(watched, at), pressedAt: undefined };
    case 'blurred':
      return { ...watched, focused: false, pressedAt: undefined };
    case 'seenAll':
      // Seen only what has appeared.
      return watched.settledFrom === undefined
        ? watched
        : { ...watched, seenAllAt: watched.seenAllAt ?? at };
    case 'clicked':
      return { ...watched, clickedAt: at };
    case 'pressed':
      return { ...watched, pressedAt: at };
    case 'released':
      return { ...watched, pressedAt: undefined };
    case 'gone':
      return { ...UNWATCHED, focused: watched.focused, clickedAt: watched.clickedAt };
  }
}

/** A card that has not appeared cannot settle. */
const later = (watched: Watched, at: number): number | undefined =>
  watched.settledFrom === undefined ? undefined : at;

export type Attempt = {
  /** `notification` comes from the app itself and from no caller of the contract. */
  readonly surface: 'window' | 'terminal' | 'notification';
  readonly at: number;
  /** What was typed is the target's name. */
  readonly named: boolean;
  /** The passphrase given with this attempt is right. */
  readonly proven: boolean;
};

export type GestureRefusal =
  | 'notSeen'
  | 'tooSoon'
  | 'notHeld'
  | 'nameDiffers'
  | 'passphraseNeeded'
  | 'presenceTooWeak';

/** The presence that an approval may state, or why there is none. */
export function presenceOf(
  tier: Tier,
  watched: Watched,
  attempt: Attempt,
): { readonly presence: Presence } | { readonly refusal: GestureRefusal } {
  if (watched.settledFrom === undefined) return { refusal: 'notSeen' };
  if (!settled(watched, attempt)) return { refusal: 'tooSoon' };
  if (attempt.surface === 'notification')
    return tier === 'low' ? { presence: 'notification' } : { refusal: 'presenceTooWeak' };
  if (tier !== 'low' && watched.seenAllAt === undefined) return { refusal: 'notSeen' };
  switch (tier) {
    case 'low':
    case 'medium':
      return { presence: attempt.surface === 'terminal' ? 'terminal' : 'click' };
    case 'high':
      if (attempt.surface === 'terminal')
        return attempt.named ? { presence: 'typed' } : { refusal: 'nameDiffers' };
      return held(watched, attempt.at) ? { presence: 'hold' } : { refusal: 'notHeld' };
    case 'critical':
      if (attempt.surface === 'terminal') return { refusal: 'presenceTooWeak' };
      if (!attempt.named) return { refusal: 'nameDiffers' };
      return attempt.proven ? { presence: 'passphrase' } : { refusal: 'passphraseNeeded' };
  }
}

function settled(watched: Watched, attempt: Attempt): boolean {
  // For a hold the press is what counts, and it came a second before this.
  const pressAt = watched.pressedAt ?? attempt.at;
  const since = (from: number | undefined): number =>
    from === undefined ? Infinity : pressAt - from;
  return (
    watched.focused &&
    since(watched.settledFrom) >= SETTLE_MS &&
    since(watched.clickedAt) >= CLICK_APART_MS
  );
}

/** A hold that began before the end of the card had been seen is not one of that card. */
const held = ({ pressedAt, seenAllAt }: Watched, at: number): boolean =>
  pressedAt !== undefined &&
  seenAllAt !== undefined &&
  pressedAt >= seenAllAt &&
  at - pressedAt >= HOLD_MS;
