// The reviewer app in this process as a Bridge, through the same parsing as any other caller, and what a host serves of it.

import { type Bridge, type Caller, CONTRACT } from '../../../shared/ipc/contract.ts';
import { answerCall } from '../../app/answer.ts';
import type { ReviewerApp } from '../../app/compose.ts';
import type { Journal } from '../../app/ports.ts';
import { bridgeOver } from './bridge.ts';
import type { Served } from './calls.ts';
import { REVIEW_REFUSALS } from './frames.ts';
import type { Unlock } from './serve.ts';

export const servedBy = (app: ReviewerApp, journal: Journal): Served => ({
  answer: (name, input, caller) => answerCall(app.answers, name, input, caller, journal),
  listen: app.listen,
});

/** What proves a peer's passphrase: the app's own unlock. */
export const unlockOf =
  (app: ReviewerApp): Unlock =>
  async (passphrase, caller) => {
    const unlocked = await app.answers.key.unlock({ passphrase }, caller);
    if (unlocked.ok) return { ok: true };
    return { ok: false, code: REVIEW_REFUSALS.find((one) => one === unlocked.code) ?? 'failed' };
  };

/** Calls reject where the app refuses one: in this process that is a bug. */
export function localBridge(served: Served, caller: Caller): Bridge {
  return bridgeOver(CONTRACT, {
    call: async (name, input) => {
      const answer = await served.answer(name, input, caller);
      if ('failed' in answer) throw new Error(`${name}: ${answer.failed}`);
      return answer.output;
    },
    listen: served.listen,
  });
}
