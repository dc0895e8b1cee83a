// What the broker takes from outside: two clocks, timers, randomness and a place for its alarms.

import { performance } from 'node:perf_hooks';

export type Clock = {
  /** Milliseconds since 1970 UTC; may jump. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
};

export type Timers = {
  /** Calls once after `ms`; the result cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** One line for whoever runs the broker: only what they must act on. */
export type Alarm = (line: string) => void;

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
