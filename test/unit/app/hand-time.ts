// Two clocks and one row of timers, moved by hand. The wall clock can also be set, as a person or NTP would.

import type { Clock, Timers } from '../../../main/app/ports.ts';

export const START = Date.UTC(2026, 10, 22, 9, 0, 0);

export type HandTime = {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Both clocks, and every timer that falls due. */
  readonly advance: (ms: number) => void;
  /** The wall clock alone. */
  readonly setWall: (byMs: number) => void;
  readonly waiting: () => number;
};

export function handTime(): HandTime {
  let mono = 0;
  let skew = 0;
  let due: { readonly when: number; readonly act: () => void }[] = [];
  const clock = { now: () => START + mono + skew, monotonic: () => mono };
  return {
    clock,
    timers: {
      after: (ms, act) => {
        const one = { when: mono + ms, act };
        due.push(one);
        return () => {
          due = due.filter((other) => other !== one);
        };
      },
    },
    advance: (ms) => {
      const end = mono + ms;
      for (;;) {
        const next = due.filter((one) => one.when <= end).toSorted((a, b) => a.when - b.when)[0];
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        mono = Math.max(mono, next.when);
        next.act();
      }
      mono = end;
    },
    setWall: (byMs) => {
      skew += byMs;
    },
    waiting: () => due.length,
  };
}
