// Ctrl-C, SIGTERM or a closed terminal: asked for once, waited for everywhere. The keyboard's Ctrl-C reaches the held command
// by itself, because it shares the terminal; what comes to this process alone is passed on to it after a moment.

import type { ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A command that got the terminal's own signal is on its way out by then. */
const GRACE_MS = 500;

export type Stop = {
  readonly asked: AbortSignal;
  /** While it runs, a wish to stop is passed on to it. */
  readonly follow: (child: ChildProcess) => void;
  readonly forget: () => void;
};

export function stopOn(source: NodeJS.Process): Stop {
  const abort = new AbortController();
  const take = (): void => abort.abort();
  for (const signal of SIGNALS) source.on(signal, take);
  return {
    asked: abort.signal,
    follow: (child) => {
      const pass = (): void => {
        const timer = setTimeout(() => child.kill('SIGINT'), GRACE_MS);
        child.once('exit', () => clearTimeout(timer));
      };
      abort.signal.addEventListener('abort', pass, { once: true });
      child.once('exit', () => abort.signal.removeEventListener('abort', pass));
      if (abort.signal.aborted) pass();
    },
    forget: () => {
      for (const signal of SIGNALS) source.off(signal, take);
    },
  };
}
