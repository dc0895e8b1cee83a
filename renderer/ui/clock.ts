// One tick a second for everything that shows a time: a single timer for the page while anybody listens, none otherwise.
// Between two ticks the time stands still, so that all of the page says the same.

export const TICK_MS = 1000;

export type Clock = {
  /** Milliseconds since 1970 at the last tick. */
  readonly now: () => number;
  /** Called on every tick; returns its own end. */
  readonly listen: (ticked: () => void) => () => void;
};

export type ClockPorts = {
  readonly now: () => number;
  /** Runs again and again; returns its own end. */
  readonly every: (ms: number, run: () => void) => () => void;
};

export function openClock(ports: ClockPorts): Clock {
  const listeners = new Set<() => void>();
  let at = Number.NEGATIVE_INFINITY;
  let stop: (() => void) | undefined;
  const tick = (): void => {
    at = ports.now();
    for (const ticked of listeners) ticked();
  };
  return {
    now: () => {
      // Nobody has kept it going; a second is the finest that it ever tells.
      if (stop === undefined && Math.abs(ports.now() - at) >= TICK_MS) at = ports.now();
      return at;
    },
    listen: (ticked) => {
      // Each listener counts for itself, even where two hand in the same function.
      const listener = (): void => ticked();
      listeners.add(listener);
      stop ??= ports.every(TICK_MS, tick);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
