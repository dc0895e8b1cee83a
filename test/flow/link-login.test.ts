import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { textOf, utf8 } from '../../shared/bytes.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { LoginStatement } from '../../main/link/handshake.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../main/trust/envelope.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';
import { type FakeBrokerOptions, type FakePeer, welcomeOf } from '../kit/fake-broker.ts';
import { stage } from '../unit/link/stage.ts';
import { fakeBroker, makeWorld, ORIGIN, type World } from '../unit/link/world.ts';

const { clear, keep, start, watch } = stage();
afterEach(clear);

const RECEIPT = { envelope: '{}' };

describe('login', () => {
  test('a broker of the keyring that proves its key is online, and gets calls after that', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const { link, reach } = watch(world, () => broker.endpoint);
    const answer = link.send('receipt', RECEIPT);
    const { session } = await reach('online');
    expect(session).toMatchObject({ plain: true, brokerVersion: 'fake', keyrings: [] });
    expect(await answer).toEqual({ ok: true, value: {} });
    expect(broker.peers[0]?.login()).toMatchObject({
      brokerOrigin: ORIGIN,
      brokerKeyId: world.broker.keyId,
      keyId: world.client.keyId,
      role: 'guard',
      tlsExporter: 'none',
    });
  });

  test.each<[string, string, (world: World) => Partial<FakeBrokerOptions>]>([
    [
      'with another origin',
      'wrongOrigin',
      () => ({ hello: (h) => ({ ...h, brokerOrigin: 'evil' }) }),
    ],
    [
      'with a key other than the endpoint says',
      'wrongKey',
      () => ({ hello: (h) => ({ ...h, brokerKeyId: generateKeyPair().keyId }) }),
    ],
    [
      'with a key the keyring does not know',
      'unknownKey',
      () => {
        const signer = generateKeyPair();
        return { signer, keyId: signer.keyId };
      },
    ],
    [
      "with a key the keyring holds for a guard's session",
      'unknownKey',
      (world) => ({ signer: world.client, keyId: world.client.keyId }),
    ],
    [
      "with the broker's log key, which is for another use",
      'unknownKey',
      (world) => ({ keyId: world.held.keyring.brokers[0]?.keys[1]?.keyId ?? '' }),
    ],
  ])('a stranger %s gets not one byte', async (_name, because, lie) => {
    const world = makeWorld();
    const broker = await start(world, lie(world));
    const { link, reach } = watch(world, () => broker.endpoint);
    void link.send('receipt', RECEIPT);
    expect(await reach('stranger')).toMatchObject({ because });
    expect(broker.frames).toEqual([]);
  });

  test('a revoked broker key is a stranger, who gets not one byte', async () => {
    const world = makeWorld({ revoked: true });
    const broker = await start(world);
    const { reach } = watch(world, () => broker.endpoint);
    expect(await reach('stranger')).toMatchObject({ because: 'revokedKey' });
    expect(broker.frames).toEqual([]);
  });

  const other = '00'.repeat(32);
  test.each<[string, (world: World) => Partial<FakeBrokerOptions>]>([
    ['signed by another key', () => ({ signer: generateKeyPair() })],
    ['with another server nonce', () => ({ welcome: (w) => ({ ...w, serverNonce: other }) })],
    ['with another client nonce', () => ({ welcome: (w) => ({ ...w, clientNonce: other }) })],
    ['for another client', () => ({ welcome: (w) => ({ ...w, clientKeyId: other }) })],
    ['of another broker', () => ({ welcome: (w) => ({ ...w, brokerKeyId: other }) })],
    ['that is no envelope', () => ({ onLogin: sayWelcome(() => '{}') })],
    [
      'whose words the broker signed as another type of statement',
      (world) => ({
        onLogin: sayWelcome((login) => {
          const honest = welcomeOf(login, { keyId: world.broker.keyId, signer: world.broker });
          const read = parseEnvelope(utf8(honest), ENVELOPE_LIMITS.welcome);
          if (!read.ok) throw new Error(read.code);
          return String(textOf(seal(payloadTypeOf('notice'), read.value.payload, world.broker)));
        }),
      }),
    ],
  ])('a welcome %s is refused: the stranger got our login and nothing else', async (_name, lie) => {
    const world = makeWorld();
    const broker = await start(world, lie(world));
    const { link, reach } = watch(world, () => broker.endpoint);
    void link.send('receipt', RECEIPT);
    expect(await reach('stranger')).toMatchObject({ because: 'badWelcome' });
    expect(broker.frames.map((frame) => JSON.parse(frame).t)).toEqual(['login']);
  });

  test('a call that is made between login and welcome waits for the welcome', async () => {
    const world = makeWorld();
    const asked = Promise.withResolvers<FakePeer>();
    const broker = await start(world, { onLogin: (peer) => asked.resolve(peer) });
    const { link, reach } = watch(world, () => broker.endpoint);
    const peer = await asked.promise;
    const answer = link.send('receipt', RECEIPT);
    expect(link.tell('follow', { cursor: 0 })).toBe(false);
    await peer.roundTrip();
    expect(broker.frames).toHaveLength(1);
    const login = peer.login();
    if (login === undefined) throw new Error('the login has come');
    const by = { keyId: world.broker.keyId, signer: world.broker };
    peer.say({
      t: 'welcome',
      body: { envelope: welcomeOf(login, by), keyrings: [], plain: true },
    });
    await reach('online');
    expect((await answer).ok).toBe(true);
  });

  test('a welcome that was recorded from an earlier login is refused', async () => {
    const world = makeWorld();
    let recorded: string | undefined;
    const broker = await start(world, {
      onLogin: sayWelcome((login) => {
        recorded ??= welcomeOf(login, { keyId: world.broker.keyId, signer: world.broker });
        return recorded;
      }),
    });
    const { clock, reach } = watch(world, () => broker.endpoint);
    await reach('online');
    broker.peers[0]?.hangUp();
    await reach('offline');
    clock.advance(LIMITS.reconnectMaxMs);
    expect(await reach('stranger')).toMatchObject({ because: 'badWelcome' });
  });

  test.each<[WireCode, string, string]>([
    ['badLogin', 'refused', 'code'],
    ['revoked', 'refused', 'code'],
    ['tooMany', 'offline', 'why'],
  ])('a login answered with %s is %s', async (code, kind, member) => {
    const world = makeWorld();
    const broker = await start(world, {
      onLogin: (peer) => peer.say({ t: 'refused', body: { code } }),
    });
    const { until, states } = watch(world, () => broker.endpoint);
    await until(() => states.length > 0);
    expect(states[0]).toMatchObject({ kind, [member]: code });
  });

  test('a refused key tries again after half a minute, not before', async () => {
    const world = makeWorld();
    const broker = await start(world, { onLogin: (peer) => peer.hangUp(4001) });
    const { clock, reach } = watch(world, () => broker.endpoint);
    const refused = await reach('refused');
    expect(refused).toMatchObject({ code: 'badLogin' });
    expect(refused.nextTryAt - clock.now()).toBe(LIMITS.reconnectMaxMs);
    clock.advance(LIMITS.reconnectMaxMs);
    await reach('refused');
    expect(broker.peers).toHaveLength(2);
  });

  test.each<[string, number, string]>([
    ['is stopping', 4007, 'shuttingDown'],
    ['ends a long session', 4006, 'sessionOver'],
    ['found us stalled', 4005, 'stalled'],
  ])('a broker that %s is offline with that reason', async (_name, close, why) => {
    const world = makeWorld();
    const broker = await start(world);
    const { reach } = watch(world, () => broker.endpoint);
    await reach('online');
    broker.peers[0]?.hangUp(close);
    expect(await reach('offline')).toMatchObject({ why });
  });
});

describe('what else may be at the address', () => {
  test('nobody: unreachable', async () => {
    const world = makeWorld();
    const broker = await fakeBroker(world);
    await broker.stop();
    const { reach } = watch(world, () => broker.endpoint);
    expect(await reach('offline')).toMatchObject({ why: 'unreachable' });
  });

  test('a web server, one that does not speak WebSocket, or another protocol: a stranger', async () => {
    const world = makeWorld();
    const web = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    const echo = createTcpServer((socket) => socket.end('220 mail ready\r\n')).listen(
      0,
      '127.0.0.1',
    );
    const chat = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    keep({ stop: () => web.close() }, { stop: () => echo.close() }, { stop: () => chat.close() });
    chat.on('connection', (socket) => socket.send('hi'));
    await new Promise((resolve) => chat.once('listening', resolve));
    for (const server of [web, echo, chat]) {
      // Listens on TCP, so the address is an object.
      const { port } = server.address() as AddressInfo;
      const at = { url: `ws://127.0.0.1:${port}`, origin: ORIGIN, brokerKeyId: world.broker.keyId };
      const { reach } = watch(world, () => at);
      expect(await reach('stranger')).toMatchObject({ because: 'notABroker' });
    }
  });

  test('one that never speaks: timeout', async () => {
    const world = makeWorld();
    const mute = createTcpServer(() => {}).listen(0, '127.0.0.1');
    const reached = new Promise((resolve) => mute.once('connection', resolve));
    await new Promise((resolve) => mute.once('listening', resolve));
    keep({ stop: () => mute.close() });
    // Listens on TCP, so the address is an object.
    const { port } = mute.address() as AddressInfo;
    const at = { url: `ws://127.0.0.1:${port}`, origin: ORIGIN, brokerKeyId: world.broker.keyId };
    const { clock, reach } = watch(world, () => at);
    await reached;
    clock.advance(10_000);
    expect(await reach('offline')).toMatchObject({ why: 'timeout' });
  });

  test('plain text to another machine is not even dialled', async () => {
    const world = makeWorld();
    const at = { url: 'ws://192.0.2.1:80', origin: ORIGIN, brokerKeyId: world.broker.keyId };
    const { reach } = watch(world, () => at);
    expect(await reach('offline')).toMatchObject({ why: 'badEndpoint' });
  });
});

function sayWelcome(
  envelope: (login: LoginStatement) => string,
): FakeBrokerOptions['onLogin'] & {} {
  return (peer, login) =>
    peer.say({ t: 'welcome', body: { envelope: envelope(login), keyrings: [], plain: true } });
}
