// How a child of ours is ended: asked first, then told, then killed. Resolves once it has gone; may be called again.

import type { ChildProcess } from 'node:child_process';
import type { Timers } from '../../app/ports.ts';

export const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

export type Patience = { readonly term: number; readonly kill: number };
/** Milliseconds after the request: SIGTERM, then SIGKILL. */
export const PATIENCE: Patience = { term: 3000, kill: 5000 };

export function endChild(
  child: ChildProcess,
  ask: () => void,
  timers: Timers,
  patience: Patience = PATIENCE,
): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const cancels = [
      timers.after(patience.term, () => child.kill('SIGTERM')),
      timers.after(patience.kill, () => child.kill('SIGKILL')),
    ];
    child.once('exit', () => {
      for (const cancel of cancels) cancel();
      resolve();
    });
    ask();
  });
}
