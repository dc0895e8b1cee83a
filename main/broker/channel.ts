// A WebSocket that knows what it runs over: whether anybody between the two could read along, and what binds a login to
// this very TLS session.

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { toHex } from '../../shared/bytes.ts';

export type Channel = {
  /** RFC 9266 in hex, or `none` without TLS. */
  readonly exporter: string;
};

const PLAIN: Channel = { exporter: 'none' };

export class ChannelSocket extends WebSocket {
  channel: Channel = PLAIN;
  /** Before each frame: those of one turn go out together. */
  beforeWrite: () => void = () => {};
}

/** A socket of another kind, as a test may hand in, counts as plain. */
export const channelOf = (socket: WebSocket): Channel =>
  socket instanceof ChannelSocket ? socket.channel : PLAIN;

/** Called before each frame that is written. */
export const writingOf = (socket: WebSocket): (() => void) =>
  socket instanceof ChannelSocket ? socket.beforeWrite : () => {};

/** The same 32 bytes at both ends of one TLS 1.3 session, and nowhere else. */
export function channelOver(socket: Socket): Channel {
  if (!(socket instanceof TLSSocket)) return PLAIN;
  const bytes = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  return { exporter: toHex(bytes) };
}
