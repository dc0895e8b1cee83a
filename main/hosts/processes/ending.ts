// How a child of ours is ended: asked first, then told, then killed. Resolves once it has gone; may be called again.

import type { OwnProcess } from '../../app/own-process.ts';
import type { Timers } from '../../app/ports.ts';

export type Patience = { readonly term: number; readonly kill: number };
/** Milliseconds after the request: SIGTERM, then SIGKILL. */
export const PATIENCE: Patience = { term: 3000, kill: 5000 };

/** `ended` resolves at the end of this child. */
export async function endChild(
  child: OwnProcess,
  ended: Promise<void>,
  timers: Timers,
  patience: Patience = PATIENCE,
): Promise<void> {
  if (child.hasEnded()) return;
  const cancels = [
    timers.after(patience.term, () => child.kill('SIGTERM')),
    timers.after(patience.kill, () => child.kill('SIGKILL')),
  ];
  child.ask();
  await ended;
  for (const cancel of cancels) cancel();
}
