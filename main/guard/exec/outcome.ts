// How a command ended, and how the guard ends after it: with the command's own code, or by the same signal.

import { constants } from 'node:os';

export type Outcome = { readonly code: number } | { readonly signal: NodeJS.Signals };

/** As shells count: the code, or 128 and the signal's number. */
export const exitStatus = (outcome: Outcome): number =>
  'code' in outcome ? outcome.code : 128 + (constants.signals[outcome.signal] ?? 0);

export type Mortal = Pick<NodeJS.Process, 'pid' | 'kill' | 'exit' | 'removeAllListeners'>;

// Node answers SIGUSR1 with its debugger and ignores SIGPIPE: neither would end it.
const NOT_DEADLY: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGPIPE'];

/** Ends this process as the command ended: whoever waits for us sees the signal itself (WTERMSIG), not a number. */
export function dieLike(outcome: Outcome, self: Mortal): void {
  if ('signal' in outcome && !NOT_DEADLY.includes(outcome.signal)) {
    self.removeAllListeners(outcome.signal);
    self.kill(self.pid, outcome.signal);
  }
  self.exit(exitStatus(outcome));
}
