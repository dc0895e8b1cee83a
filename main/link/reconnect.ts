// When to try again: full jitter, a random time up to a bound that doubles from 0.5 s to 30 s. A session that lasted
// starts the bound anew; one that a broker ends at once does not, so a broker that hangs up is not hammered.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { Clock, Timers } from './ports.ts';

/** Milliseconds to wait before attempt `failures + 1`. `fraction` is from 0 up to but not 1. */
export function backoffMs(failures: number, fraction: number): number {
  const bound = LIMITS.reconnectMinMs * 2 ** Math.min(failures, 16);
  return Math.floor(fraction * Math.min(bound, LIMITS.reconnectMaxMs));
}

/** A uniform number from 0 up to but not 1, of four random bytes. */
export function fractionOf(random: RandomBytes): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}

/** How long a session must have lasted to count as a success. */
const LASTED_MS = 10_000;

export type Reconnect = {
  /** Plans the next attempt and says when it is, in wall-clock ms. `atLeastMs`: never sooner. */
  readonly plan: (sessionMs: number, atLeastMs: number) => number;
  /** Makes a planned attempt at once; nothing if none is planned. */
  readonly now: () => void;
  readonly stop: () => void;
};

export function createReconnect(by: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly attempt: () => void;
}): Reconnect {
  let failures = 0;
  let cancel: (() => void) | undefined;
  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const go = (): void => {
    stop();
    by.attempt();
  };
  return {
    plan: (sessionMs, atLeastMs) => {
      stop();
      if (sessionMs >= LASTED_MS) failures = 0;
      const wait = Math.max(atLeastMs, backoffMs(failures++, fractionOf(by.random)));
      cancel = by.timers.after(wait, go);
      return by.clock.now() + wait;
    },
    now: () => {
      if (cancel !== undefined) go();
    },
    stop,
  };
}
