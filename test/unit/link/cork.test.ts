import { expect, test } from 'vitest';
import { corkFor } from '../../../main/link/cork.ts';

class Socket {
  readonly calls: string[] = [];
  writableLength = 0;
  cork(): void {
    this.calls.push('cork');
  }
  uncork(): void {
    this.calls.push('uncork');
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function write(socket: Socket, before: () => void, name: string): void {
  before();
  socket.calls.push(name);
}

test('a frame that is alone in its turn waits for nothing', async () => {
  const socket = new Socket();
  const before = corkFor(socket);
  for (const name of ['a', 'b']) {
    write(socket, before, name);
    await turn();
  }
  expect(socket.calls).toEqual(['a', 'b']);
});

test('the first frame of a turn leaves at once, the others together when it ends', async () => {
  const socket = new Socket();
  const before = corkFor(socket);
  for (const name of ['a', 'b', 'c']) write(socket, before, name);
  await turn();
  for (const name of ['d', 'e']) write(socket, before, name);
  await turn();
  expect(socket.calls).toEqual(['a', 'cork', 'b', 'c', 'uncork', 'd', 'cork', 'e', 'uncork']);
});

test('many bytes are handed on before the turn ends', async () => {
  const socket = new Socket();
  const before = corkFor(socket);
  for (const name of ['a', 'b']) write(socket, before, name);
  socket.writableLength = 64 * 1024;
  write(socket, before, 'c');
  await turn();
  expect(socket.calls).toEqual(['a', 'cork', 'b', 'uncork', 'cork', 'c', 'uncork']);
});
