// The reviewer app from another process of the same user: the contract as a Bridge over the instance socket, once the
// passphrase has been proved. What the app sends back is parsed by the contract like any other input.

import type { Socket } from 'node:net';
import * as z from 'zod';
import { type Bridge, CONTRACT } from '../../../shared/ipc/contract.ts';
import { EventFrame, ReplyFrame } from '../../../shared/ipc/frames.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { linesOf } from '../processes/lines.ts';
import { bridgeOver } from './bridge.ts';
import { jsonOf } from './calls.ts';
import { AdmittedFrame, type ReviewRefusal } from './frames.ts';

export type RemoteApp = {
  readonly bridge: Bridge;
  /** Resolves when the app has gone. */
  readonly closed: Promise<void>;
  readonly close: () => void;
};

/** Room for an attachment of 8 MiB in base64. */
const MAX_LINE = 16 * 1024 * 1024;
const ServerLine = z.union([AdmittedFrame, ReplyFrame, EventFrame]);

type Waiting = {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
};

/** 'gone': the app closed the connection without an answer. */
export function enterReview(
  peer: Socket,
  passphrase: string,
): Promise<Result<RemoteApp, ReviewRefusal | 'gone'>> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: string, payload: unknown) => void>();
  const closed = Promise.withResolvers<void>();
  let next = 0;
  const bridge = bridgeOver(CONTRACT, {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        if (peer.destroyed) return reject(new Error('the app has gone'));
        const id = next++;
        waiting.set(id, { resolve, reject });
        peer.write(`${JSON.stringify({ call: name, id, input })}\n`);
      }),
    listen: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  });
  return new Promise((resolve) => {
    peer.once('close', () => {
      forget(waiting);
      closed.resolve();
      resolve(fail('gone', 'Countersign has closed the connection'));
    });
    const take = (line: string): void => {
      const frame = ServerLine.safeParse(jsonOf(line));
      if (!frame.success) return void peer.destroy();
      const value = frame.data;
      if ('refused' in value) resolve(fail(value.refused));
      else if ('entered' in value) {
        resolve(ok({ bridge, closed: closed.promise, close: () => peer.destroy() }));
      } else if ('event' in value) for (const tell of listeners) tell(value.event, value.payload);
      else settle(waiting, value);
    };
    linesOf(peer, take, MAX_LINE, () => peer.destroy());
    peer.write(`${JSON.stringify({ review: { passphrase } })}\n`);
  });
}

function forget(waiting: Map<number, Waiting>): void {
  for (const { reject } of waiting.values()) reject(new Error('the app has gone'));
  waiting.clear();
}

function settle(waiting: Map<number, Waiting>, frame: z.infer<typeof ReplyFrame>): void {
  const one = waiting.get(frame.reply);
  waiting.delete(frame.reply);
  if ('failed' in frame) one?.reject(new Error(`the app refused the call: ${frame.failed}`));
  else one?.resolve(frame.output);
}
