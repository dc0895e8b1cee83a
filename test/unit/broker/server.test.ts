import { expect, test } from 'vitest';
import { listen, refusalOf } from '../../../main/broker/server.ts';

const good = { host: '127.0.0.1:7000', 'sec-websocket-protocol': 'other, countersign.v1' };

test.each([
  [{}, undefined],
  [{ host: 'localhost:7000' }, undefined],
  [{ host: '[::1]:7000' }, undefined],
  [{ host: 'localhost' }, 403],
  [{ host: 'localhost:7001' }, 403],
  [{ host: 'evil.example:7000' }, 403],
  [{ origin: 'http://localhost:7000' }, 403],
  [{ 'sec-websocket-protocol': 'countersign.v2' }, 400],
])('an upgrade with %o is answered %s', (headers, status) => {
  expect(refusalOf({ url: '/', headers: { ...good, ...headers } }, 7000)).toBe(status);
});

test('an upgrade without Host, without a protocol or to another path is refused', () => {
  expect(
    refusalOf({ url: '/', headers: { 'sec-websocket-protocol': 'countersign.v1' } }, 7000),
  ).toBe(403);
  expect(refusalOf({ url: '/', headers: { host: good.host } }, 7000)).toBe(400);
  expect(refusalOf({ url: '/?x', headers: good }, 7000)).toBe(404);
});

test('nothing listens beyond loopback without TLS, and a taken port is a value', async () => {
  expect(await listen({ host: '0.0.0.0', port: 0 }, () => {})).toMatchObject({
    code: 'notLoopback',
    detail: expect.stringMatching(/--tls-cert FILE and --tls-key FILE, or say --plain-network/),
  });
  const first = await listen({ host: '127.0.0.1', port: 0 }, () => {});
  if (!first.ok) throw new Error(first.code);
  const { port } = first.value;
  expect(await listen({ host: '127.0.0.1', port }, () => {})).toMatchObject({
    code: 'taken',
    detail: `127.0.0.1:${port} is in use: another broker may run here`,
  });
  await first.value.close();
});
