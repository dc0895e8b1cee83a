// The first instance's side of its socket: a second start asks it to come forward, `countersign review` proves the
// passphrase and then speaks the contract as a terminal. Before that proof no call is answered.

import type { Socket } from 'node:net';
import type { ServerFrame } from '../../../shared/ipc/frames.ts';
import type { Caller } from '../../../shared/ipc/contract.ts';
import type { Timers } from '../../app/ports.ts';
import { linesOf } from '../processes/lines.ts';
import { callSession, jsonOf, type Served } from './calls.ts';
import { FirstFrame, type ReviewRefusal } from './frames.ts';

export type Front = (ask: { readonly terminal: boolean }) => Promise<readonly string[]>;
export type Unlock = (
  passphrase: string,
  caller: Caller,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly code: ReviewRefusal }>;

export type InstanceOptions = {
  readonly served: Served;
  readonly front: Front;
  readonly unlock: Unlock;
  readonly timers: Timers;
};

const FIRST_FRAME_MS = 5000;
const MAX_LINE = 64 * 1024;
/** A terminal that does not read is dropped, not buffered for. */
const MAX_UNSENT = 48 * 1024 * 1024;

/** The taker for a claim's peers. */
export function servePeers(options: InstanceOptions): (peer: Socket) => void {
  let last = 0;
  return (peer) => servePeer(peer, { surface: 'terminal', caller: `terminal-${++last}` }, options);
}

function servePeer(peer: Socket, caller: Caller, options: InstanceOptions): void {
  const { served, timers } = options;
  const cancel = timers.after(FIRST_FRAME_MS, () => peer.destroy());
  const send = (frame: object): void => {
    if (peer.destroyed) return;
    peer.write(`${JSON.stringify(frame)}\n`);
    if (peer.writableLength > MAX_UNSENT) peer.destroy();
  };
  let take = (line: string): void => {
    cancel();
    take = () => peer.destroy();
    void first(line, caller, options, send).then((entered) => {
      if (!entered) {
        peer.end();
        return;
      }
      const session = callSession(served, caller, (frame: ServerFrame) => send(frame));
      peer.once('close', session.close);
      if (peer.destroyed) session.close();
      take = (text) => void (session.take(text) || peer.destroy());
      // After the taker stands: a peer that has read `entered` may call at once.
      send({ entered: true });
    });
  };
  peer.once('close', cancel);
  linesOf(
    peer,
    (line) => take(line),
    MAX_LINE,
    () => peer.destroy(),
  );
}

/** True where the peer may call from now on. */
async function first(
  line: string,
  caller: Caller,
  { front, unlock }: InstanceOptions,
  send: (frame: object) => void,
): Promise<boolean> {
  const frame = FirstFrame.safeParse(jsonOf(line));
  if (!frame.success) return false;
  if ('front' in frame.data) {
    send({ lines: await front(frame.data.front) });
    return false;
  }
  const unlocked = await unlock(frame.data.review.passphrase, caller);
  if (!unlocked.ok) send({ refused: unlocked.code });
  return unlocked.ok;
}
