// A bare WebSocket server on loopback that says everything back: the least that a round trip to another process costs.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (bytes: Buffer) => socket.send(bytes, { binary: false }));
});
await once(server, 'listening');
process.on('disconnect', () => process.exit());
// A server on a TCP port has an address of this form.
process.send?.({ port: (server.address() as AddressInfo).port });
