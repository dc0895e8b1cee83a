// The second start's side: ask the app that runs to come forward, and return the lines to print.

import type { Socket } from 'node:net';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Timers } from '../../app/ports.ts';
import { linesOf } from '../processes/lines.ts';
import { jsonOf } from './calls.ts';
import { FrontedFrame } from './frames.ts';

/** The first one may itself be starting: its broker has 10 s to listen. */
const ANSWER_MS = 30_000;

export function bringForward(
  peer: Socket,
  ask: { readonly terminal: boolean },
  timers: Timers,
): Promise<Result<readonly string[], 'silent'>> {
  return new Promise((resolve) => {
    const settle = (result: Result<readonly string[], 'silent'>): void => {
      cancel();
      peer.destroy();
      resolve(result);
    };
    const silent = (): void =>
      settle(
        fail('silent', 'Countersign is running, but does not answer: stop it and start again'),
      );
    const cancel = timers.after(ANSWER_MS, silent);
    peer.once('close', silent);
    linesOf(peer, (line) => {
      const frame = FrontedFrame.safeParse(jsonOf(line));
      if (frame.success) settle(ok(frame.data.lines));
    });
    peer.write(`${JSON.stringify({ front: ask })}\n`);
  });
}
