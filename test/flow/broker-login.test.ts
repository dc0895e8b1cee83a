// Who gets in, over real sockets: every way in which a login fails, and what a stranger can't do to the broker.

import { request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromUtf8, toHex } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Login } from '../../shared/statement/login.ts';
import {
  decodeStatement,
  encodeStatement,
  payloadTypeOf,
} from '../../shared/statement/statement.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { generateKeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { parseEnvelope, seal, verifyEnvelope } from '../../main/trust/envelope.ts';
import { messageId, WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { makeOrg, type Org } from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
beforeEach(async () => {
  // Bob's session key has ended, Alice's has not.
  org = makeOrg((keyring) => ({
    ...keyring,
    reviewers: keyring.reviewers.map((one) =>
      one.id === 'bob' ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex: 1 })) } : one,
    ),
  }));
  here = await visit(org);
});
afterEach(() => here.leave());

const nonce = (): string => toHex(systemRandom(32));

test('a welcome is signed by the broker over both nonces', async () => {
  const client = here.connect();
  const welcome = await client.login('reviewer', org.alice.session);
  const hello = await client.wait('hello');
  const envelope = parseEnvelope(Buffer.from(welcome.body.envelope), 16 * 1024);
  if (!envelope.ok) throw new Error(envelope.code);
  expect(verifyEnvelope(envelope.value, publicKeyOf(org.broker.session))).toBe(true);
  expect(decodeStatement('welcome', envelope.value.payload)).toMatchObject({
    ok: true,
    value: {
      serverNonce: hello.body.serverNonce,
      clientKeyId: org.alice.session.keyId,
      brokerKeyId: org.broker.session.keyId,
    },
  });
});

const BAD: readonly (readonly [string, Partial<Login>])[] = [
  ['made for another broker', { brokerOrigin: 'evil.example' }],
  ["with another broker's key", { brokerKeyId: '0'.repeat(64) }],
  ['with the nonce of another connection', { serverNonce: nonce() }],
  ['of another role', { role: 'guard' }],
  ['bound to a TLS session that this is not', { tlsExporter: nonce() }],
  ['that names another key', { keyId: '1'.repeat(64) }],
];

describe('a login is refused', () => {
  test.each(BAD)('%s', async (_, change) => {
    const client = here.connect();
    await expect(client.login('reviewer', org.alice.session, change)).rejects.toThrow(
      /4001 badLogin/,
    );
  });

  test('by a key that may only decide', async () => {
    const client = here.connect();
    await expect(client.login('reviewer', org.alice.decision)).rejects.toThrow(/4001/);
  });

  test('by a key that nobody knows', async () => {
    const client = here.connect();
    await expect(client.login('reviewer', generateKeyPair())).rejects.toThrow(/4001/);
  });

  test('by the broker’s own key', async () => {
    const client = here.connect();
    await expect(client.login('reviewer', org.broker.session)).rejects.toThrow(/4001/);
  });

  test('with a signature of another key under the right name', async () => {
    const client = here.connect();
    const { session } = org.alice;
    // The hint in the envelope is the liar's own id, the statement names Alice's.
    await expect(client.login('reviewer', session, {}, generateKeyPair())).rejects.toThrow(/4001/);
    const again = here.connect();
    const forged = { ...generateKeyPair(), keyId: session.keyId };
    await expect(again.login('reviewer', session, {}, forged)).rejects.toThrow(/4001/);
  });

  test('by a revoked key, and the code says so', async () => {
    const client = here.connect();
    await expect(client.login('reviewer', org.bob.session)).rejects.toThrow(/4004 revoked/);
  });

  test('when it is a recording of another login', async () => {
    const client = here.connect();
    const hello = await client.wait('hello');
    const login: Login = {
      brokerOrigin: hello.body.brokerOrigin,
      brokerKeyId: hello.body.brokerKeyId,
      serverNonce: hello.body.serverNonce,
      clientNonce: nonce(),
      role: 'reviewer',
      keyId: org.alice.session.keyId,
      tlsExporter: 'none',
      clientVersion: 'test',
      issuedAt: here.house.time.iso(),
    };
    const envelope = fromUtf8(
      seal(payloadTypeOf('login'), encodeStatement('login', login), org.alice.session),
    );
    client.tell('login', { envelope });
    await client.wait('welcome');
    const thief = here.connect();
    await thief.wait('hello');
    thief.tell('login', { envelope });
    expect((await thief.ended).code).toBe(4001);
  });
});

describe('a stranger', () => {
  test('who says nothing is closed after five seconds', async () => {
    const client = here.connect();
    await client.wait('hello');
    here.house.time.advance(LIMITS.loginMs);
    expect((await client.ended).code).toBe(4002);
  });

  test.each([
    [
      'another message first',
      JSON.stringify({ t: 'follow', id: messageId(), body: { cursor: 0 } }),
      4001,
    ],
    ['no JSON', 'hello', 4000],
    [
      'more than a login can be',
      JSON.stringify({ t: 'login', id: messageId(), body: { envelope: 'x'.repeat(5000) } }),
      4000,
    ],
    ['an unknown type', JSON.stringify({ t: 'nope', id: messageId(), body: {} }), 4000],
  ])('who sends %s is closed', async (_, frame, code) => {
    const client = here.connect();
    await client.wait('hello');
    client.raw(frame);
    expect((await client.ended).code).toBe(code);
  });

  test('who holds twenty places open loses the oldest to whoever wants to log in, and a login makes room', async () => {
    const twenty = Array.from({ length: LIMITS.maxUnauthenticatedPerAddress }, () =>
      here.connect(),
    );
    await Promise.all(twenty.map((client) => client.wait('hello')));
    const honest = here.connect();
    await honest.wait('hello');
    const codes = await Promise.race([twenty[0]?.ended, twenty[1]?.ended]);
    expect(codes).toMatchObject({ code: 4003 });
    await honest.login('reviewer', org.alice.session);
    const more = here.connect();
    await more.wait('hello');
    // Its login gave its place back, so nobody else had to go.
    const second = await Promise.race([
      twenty[1]?.ended,
      more.login('reviewer', org.alice.session),
    ]);
    expect(second).not.toMatchObject({ code: 4003 });
  });

  test('of any number of silent connections only the newest twenty stay', async () => {
    const all = Array.from({ length: 3 * LIMITS.maxUnauthenticatedPerAddress }, () =>
      here.connect(),
    );
    const ended = await Promise.all(
      all.slice(0, 2 * LIMITS.maxUnauthenticatedPerAddress).map((client) => client.ended),
    );
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([4003]));
    await all.at(-1)?.login('reviewer', org.alice.session);
  });
});

/** The HTTP status of an upgrade with these headers. */
function statusOf(url: string, headers: Record<string, string>, path = '/'): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({
      hostname,
      port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'countersign.v1',
        ...headers,
      },
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('a broker that stops says goodbye to those who have not logged in, too', async () => {
  const client = here.connect();
  await client.wait('hello');
  await here.house.broker.stop();
  expect((await client.ended).code).toBe(4007);
});

describe('the upgrade', () => {
  test('is refused to a web page, another Host, another path and another protocol', async () => {
    const { url } = here.house.broker;
    expect(await statusOf(url, {})).toBe(101);
    expect(await statusOf(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf(url, { origin: 'null' })).toBe(403);
    expect(await statusOf(url, { host: 'evil.example' })).toBe(403);
    expect(await statusOf(url, { host: `127.0.0.1:1` })).toBe(403);
    expect(await statusOf(url, {}, '/other')).toBe(404);
    expect(await statusOf(url, { 'sec-websocket-protocol': 'chat' })).toBe(400);
  });

  test('is the only thing the port answers', async () => {
    const { url } = here.house.broker;
    const { hostname, port } = new URL(url);
    const status = await new Promise((resolve) => {
      request({ hostname, port, path: '/' }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(426);
  });

  test('a connection that breaks off in the middle harms nobody', async () => {
    const { port } = new URL(here.house.broker.url);
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgr');
    socket.destroy();
    const client = new WireClient(here.house.broker.url);
    await client.login('reviewer', org.alice.session);
    client.close();
  });
});
