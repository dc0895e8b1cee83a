// Redis Streams: each side adds to one stream and reads the other, over two sockets of the plain protocol (RESP2).

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Connect } from './line.ts';

export const connectRedis: Connect = async (role, { port }, heard) => {
  const [own, other] = role === 'requester' ? ['requests', 'decisions'] : ['decisions', 'requests'];
  const [adds, reads] = [await open(port), await open(port)];
  parse(adds, (reply) => {
    if (reply instanceof Error) throw reply;
  });
  let last = '0-0';
  const read = (): void =>
    void reads.write(command(['XREAD', 'COUNT', '1000', 'BLOCK', '0', 'STREAMS', other, last]));
  parse(reads, (reply) => {
    if (reply instanceof Error) throw reply;
    // [[stream, [[id, [field, text]], ...]]]: the form of XREAD.
    const entries = (reply as [[string, [string, [string, string]][]]])[0][1];
    last = entries.at(-1)?.[0] ?? last;
    read();
    for (const [, [, text]] of entries) heard(text);
  });
  read();
  return (text) => void adds.write(command(['XADD', own, '*', 't', text]));
};

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

const command = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((one) => `$${Buffer.byteLength(one)}\r\n${one}\r\n`).join('')}`;

type Reply = string | null | Error | Reply[];

/** All texts here are ASCII, so characters are bytes. */
function parse(socket: Socket, took: (reply: Reply) => void): void {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    for (let at = 0; ; ) {
      const one = readReply(text, at);
      if (one === undefined) {
        text = text.slice(at);
        return;
      }
      at = one.end;
      took(one.reply);
    }
  });
}

function readReply(text: string, at: number): { reply: Reply; end: number } | undefined {
  const cr = text.indexOf('\r\n', at);
  if (cr < 0) return undefined;
  const line = text.slice(at + 1, cr);
  const start = cr + 2;
  if (text[at] === '-') return { reply: new Error(line), end: start };
  if (text[at] === '+' || text[at] === ':') return { reply: line, end: start };
  const length = Number(line);
  if (length < 0) return { reply: null, end: start };
  if (text[at] === '$') {
    if (text.length < start + length + 2) return undefined;
    return { reply: text.slice(start, start + length), end: start + length + 2 };
  }
  const all: Reply[] = [];
  let end = start;
  for (let n = 0; n < length; n += 1) {
    const one = readReply(text, end);
    if (one === undefined) return undefined;
    all.push(one.reply);
    end = one.end;
  }
  return { reply: all, end };
}
