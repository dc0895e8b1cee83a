// What time is made of, as ports: a test moves both by hand.

export type Clock = {
  /** Wall clock, ms since 1970: goes into statements. */
  readonly now: () => number;
  /** Never goes back, ms from any start: durations are measured with it. */
  readonly monotonic: () => number;
};

export type Timers = {
  /** Runs `act` once, `ms` from now, unless the returned function is called before. */
  readonly after: (ms: number, act: () => void) => () => void;
};
