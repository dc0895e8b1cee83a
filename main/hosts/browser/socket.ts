// One page's socket: the first frame proves admission within 5 s, every other frame is a call of the contract. Anything
// else closes it.

import type { WebSocket } from 'ws';
import { EnterFrame, type ServerFrame } from '../../../shared/ipc/frames.ts';
import type { Timers } from '../../app/ports.ts';
import { callSession, jsonOf, type Served } from '../instance/calls.ts';
import type { Admission } from './admission.ts';

const ENTER_MS = 5000;
/** A page that does not read is dropped, not buffered for. */
const MAX_UNSENT = 48 * 1024 * 1024;
/** RFC 6455 7.4.1: policy violation, unacceptable data. */
const VIOLATION = 1008;
const UNACCEPTABLE = 1003;

export type SocketOptions = {
  readonly served: Served;
  readonly admission: Admission;
  readonly timers: Timers;
  readonly caller: string;
  readonly onEntered: () => void;
};

export function serveSocket(socket: WebSocket, options: SocketOptions): void {
  const { served, admission, timers, caller, onEntered } = options;
  const cancel = timers.after(ENTER_MS, () => socket.close(VIOLATION));
  const send = (frame: ServerFrame): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount > MAX_UNSENT) socket.terminate();
  };
  let take = (text: string): boolean => {
    cancel();
    const session = entered(text, admission);
    if (session === undefined) {
      send({ refused: 'enter' });
      return false;
    }
    const calls = callSession(served, { surface: 'window', caller }, send);
    socket.once('close', calls.close);
    take = calls.take;
    send({ entered: { session } });
    onEntered();
    return true;
  };
  socket.once('close', cancel);
  socket.on('error', () => {});
  socket.on('message', (bytes, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) return socket.close(UNACCEPTABLE);
    // ws hands over one Buffer for each message: its default binaryType.
    if (!take((bytes as Buffer).toString('utf8'))) socket.close(VIOLATION);
  });
}

function entered(text: string, admission: Admission): string | undefined {
  const frame = EnterFrame.safeParse(jsonOf(text));
  if (!frame.success) return undefined;
  const { enter } = frame.data;
  if ('token' in enter) return admission.redeem(enter.token);
  return admission.knows(enter.session) ? enter.session : undefined;
}
