// A clock and timers that a test moves by hand.

import type { Clock, Timers } from '../../../main/app/ports.ts';

export function movedTime(): {
  clock: Clock;
  timers: Timers;
  move: (ms: number) => void;
  waiting: () => number;
} {
  let now = 1_000_000;
  const waiting = new Set<{ at: number; run: () => void }>();
  return {
    clock: { now: () => now, monotonic: () => now },
    timers: {
      after: (ms, run) => {
        const one = { at: now + ms, run };
        waiting.add(one);
        return () => void waiting.delete(one);
      },
    },
    waiting: () => waiting.size,
    move: (ms) => {
      now += ms;
      for (const one of waiting) {
        if (one.at > now) continue;
        waiting.delete(one);
        one.run();
      }
    },
  };
}
