// A relay that writes nothing down: what systems without a push of their own are given to reach the approver, so that what is
// measured is how they keep a run and take it up again.

import { WebSocketServer, type WebSocket } from 'ws';

const port = Number(process.argv[2]);
const ends = new Map<string, WebSocket>();
const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const role = request.url?.slice(1) ?? '';
  const other = role === 'requester' ? 'approver' : 'requester';
  ends.set(role, socket);
  socket.on('message', (text: Buffer) => ends.get(other)?.send(text, { binary: false }));
});
server.on('listening', () => process.stdout.write('ready\n'));
