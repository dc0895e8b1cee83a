// The floor: a relay between two sockets that overwrites a journal made beforehand and waits for fdatasync before it passes
// anything on, everything of one turn of the event loop together. It checks nothing and keeps nothing that could be asked for.

import { fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

const JOURNAL_BYTES = 64 * 1024 * 1024;
const [, , folder = '', port = ''] = process.argv;

const journal = openSync(join(folder, 'journal'), 'w+');
for (let at = 0; at < JOURNAL_BYTES; at += 1 << 20)
  writeSync(journal, Buffer.alloc(1 << 20), 0, 1 << 20, at);
fsyncSync(journal);

const sockets = new Map<string, WebSocket>();
let queue: { readonly text: Buffer; readonly to: string }[] = [];
let end = 0;

function flush(): void {
  const batch = queue;
  queue = [];
  const bytes = Buffer.concat(batch.map((one) => one.text));
  if (end + bytes.length > JOURNAL_BYTES) end = 0;
  writeSync(journal, bytes, 0, bytes.length, end);
  end += bytes.length;
  fdatasyncSync(journal);
  for (const { text, to } of batch) sockets.get(to)?.send(text, { binary: false });
}

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(port),
  perMessageDeflate: false,
});
server.on('connection', (socket, request) => {
  const role = request.url?.slice(1) ?? '';
  sockets.set(role, socket);
  const to = role === 'requester' ? 'approver' : 'requester';
  socket.on('message', (text: Buffer) => {
    if (queue.push({ text, to }) === 1) setImmediate(flush);
  });
});
server.on('listening', () => process.stdout.write('ready\n'));
