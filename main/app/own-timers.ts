// The app's own timers: none outlives it. What has stopped its parts then ends by itself, because nothing is left to wait
// for; a timer that somebody forgot would keep it for hours.

import type { Timers } from './ports.ts';

export type OwnTimers = {
  readonly timers: Timers;
  /** Cancels all that are left, and begins none from now on. */
  readonly stop: () => void;
};

export function ownTimers(given: Timers): OwnTimers {
  const pending = new Set<() => void>();
  let stopped = false;
  return {
    timers: {
      after: (ms, run) => {
        if (stopped) return () => {};
        const end = given.after(ms, () => {
          pending.delete(end);
          run();
        });
        pending.add(end);
        return () => {
          pending.delete(end);
          end();
        };
      },
    },
    stop: () => {
      stopped = true;
      for (const end of pending) end();
      pending.clear();
    },
  };
}
