// Ctrl-C, SIGTERM and a closed terminal: the first asks to stop in order, the second ends at once with 130.

import type { Machine } from './machine.ts';

export type Stopper = {
  /** Aborts at the first request to stop. */
  readonly signal: AbortSignal;
  /** The same as a signal from outside: a terminal in raw mode sends none. */
  readonly ask: () => void;
  readonly forget: () => void;
};

export function untilStopped({ onStop, exit }: Pick<Machine, 'onStop' | 'exit'>): Stopper {
  const controller = new AbortController();
  const ask = (): void => {
    if (controller.signal.aborted) exit(130);
    else controller.abort();
  };
  return { signal: controller.signal, ask, forget: onStop(ask) };
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
