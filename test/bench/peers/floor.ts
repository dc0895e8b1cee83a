// A client of the floor: one socket, texts both ways.

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Connect } from './line.ts';

export const connectFloor: Connect = async (role, { port }, heard) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${role}`, { perMessageDeflate: false });
  socket.on('message', (bytes: Buffer) => heard(bytes.toString('utf8')));
  await once(socket, 'open');
  return (text) => socket.send(text);
};
