// Sends each text that its parent gives it to every socket that is connected: what a fan-out costs without a broker.

import { type WebSocket, WebSocketServer } from 'ws';

const [, , port = ''] = process.argv;
const sockets = new Set<WebSocket>();
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(port),
  perMessageDeflate: false,
});
server.on('connection', (socket) => sockets.add(socket));
server.on('listening', () => process.send?.({ ready: true }));
process.on('message', (text: string) => {
  for (const socket of sockets) socket.send(text);
});
process.on('disconnect', () => process.exit());
