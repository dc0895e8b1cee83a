// The wall clock for what is shown, never for what is enforced. All of the page shares one tick.

import { createContext, useContext, useSyncExternalStore } from 'react';
import { type Clock, openClock } from './clock.ts';

/** The page's own unless a screen is given another; it has no timer until somebody listens. */
export const ClockContext = createContext<Clock>(
  openClock({
    now: () => Date.now(),
    every: (ms, run) => {
      const timer = setInterval(run, ms);
      return () => clearInterval(timer);
    },
  }),
);

/** What `tell` makes of the time: drawn again only when that has changed, so it is a plain value (text, number, boolean). */
export function useTold<T extends string | number | boolean>(tell: (now: number) => T): T {
  const clock = useContext(ClockContext);
  return useSyncExternalStore(clock.listen, () => tell(clock.now()));
}

/** Milliseconds since 1970, drawn again with every tick. */
export const useNow = (): number => useTold((now) => now);
