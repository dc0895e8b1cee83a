import { afterEach, describe, expect, test } from 'vitest';
import { toB64, toHex } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fetchAttachment, sendAttachment } from '../../main/link/attachments.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { generateKeyPair } from '../../main/trust/ed25519.ts';
import { stage } from '../unit/link/stage.ts';
import { makeWorld, ORIGIN } from '../unit/link/world.ts';

const { clear, start, watch } = stage();
afterEach(clear);

const RECEIPT = { envelope: '{}' };

describe('cut and resume', () => {
  test('a call cut before its answer is sent again, the same text with the same id', async () => {
    const world = makeWorld();
    const broker = await start(world, {
      onMessage: (peer, message, count) => {
        if (count === 1) peer.hangUp();
        else peer.say({ t: 'ack', ref: message.id, body: { index: 7 } });
      },
    });
    const { link, clock, reach } = watch(world, () => broker.endpoint);
    const answer = link.send('receipt', RECEIPT, { id: 'ab'.repeat(16) });
    await reach('offline');
    clock.advance(LIMITS.reconnectMaxMs);
    expect(await answer).toEqual({ ok: true, value: { index: 7 } });
    expect(broker.messages).toHaveLength(2);
    expect(broker.messages[0]).toEqual(broker.messages[1]);
    expect(broker.messages[1]?.id).toBe('ab'.repeat(16));
  });

  test('a broker that comes back on another port is found: the endpoint is read again', async () => {
    const world = makeWorld();
    const first = await start(world);
    let at: Endpoint | undefined = first.endpoint;
    const { link, clock, reach } = watch(world, () => at);
    await reach('online');
    at = undefined;
    await first.stop();
    const cut = await reach('offline');
    const answer = link.send('receipt', RECEIPT);
    clock.advance(LIMITS.reconnectMaxMs);
    expect(await reach('offline')).toMatchObject({ why: 'noEndpoint', since: cut.since });
    const second = await start(world);
    at = second.endpoint;
    clock.advance(LIMITS.reconnectMaxMs);
    await reach('online');
    expect((await answer).ok).toBe(true);
    expect(second.messages).toHaveLength(1);
  });

  test('a stranger who takes the port of a broker that went gets none of the open calls', async () => {
    const world = makeWorld();
    const broker = await start(world, { onMessage: () => {} });
    const liar = await start(world, { signer: generateKeyPair() });
    let at = broker.endpoint;
    const { link, clock, reach } = watch(world, () => at);
    await reach('online');
    void link.send('receipt', RECEIPT);
    at = liar.endpoint;
    await broker.stop();
    await reach('offline');
    clock.advance(LIMITS.reconnectMaxMs);
    await reach('stranger');
    expect(liar.messages).toEqual([]);
    at = (await start(world)).endpoint;
    clock.advance(LIMITS.reconnectMaxMs);
    await reach('online');
  });

  test('nudge makes the next attempt at once', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const at: Endpoint[] = [];
    const { link, reach } = watch(world, () => at[0]);
    await reach('offline');
    at.push(broker.endpoint);
    link.nudge();
    await reach('online');
  });

  test('nudge on a live connection checks the keyring in force: a revoked broker is left', async () => {
    const world = makeWorld();
    const broker = await start(world);
    let held = world.held;
    const { link, reach } = watch(world, () => broker.endpoint, { keyring: () => held });
    await reach('online');
    link.nudge();
    expect(link.state().kind).toBe('online');
    held = makeWorld().held;
    link.nudge();
    expect(await reach('stranger')).toMatchObject({ because: 'unknownKey' });
  });
});

describe('a half-open connection', () => {
  test('is dead after 35 s without a sign', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const { clock, link, reach } = watch(world, () => broker.endpoint);
    await reach('online');
    broker.peers[0]?.freeze();
    clock.advance(LIMITS.deadMs - 1);
    expect(link.state().kind).toBe('online');
    clock.advance(1);
    expect(await reach('offline')).toMatchObject({ why: 'dead' });
  });

  test('is found within 5 s of a nudge, as after a sleep', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const { clock, link, reach } = watch(world, () => broker.endpoint);
    await reach('online');
    broker.peers[0]?.freeze();
    link.nudge();
    clock.advance(5_000);
    expect(await reach('offline')).toMatchObject({ why: 'dead' });
  });

  test('is asked with a ping after 15 s', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const { clock, reach } = watch(world, () => broker.endpoint);
    await reach('online');
    clock.advance(LIMITS.pingMs);
    await broker.peers[0]?.pinged;
  });

  test('a broker that gives signs stays online', async () => {
    const world = makeWorld();
    const broker = await start(world);
    const { clock, link, reach, messages, until } = watch(world, () => broker.endpoint);
    await reach('online');
    for (let i = 1; i <= 3; i++) {
      clock.advance(30_000);
      broker.peers[0]?.say({ t: 'checkpoint', body: { note: String(i) } });
      await until(() => messages.length === i);
    }
    expect(link.state().kind).toBe('online');
  });
});

describe('answers', () => {
  test('busy is waited out for as long as the broker says, then the same message goes again', async () => {
    const world = makeWorld();
    let refused = (): void => {};
    const wasRefused = new Promise<void>((resolve) => {
      refused = resolve;
    });
    const broker = await start(world, {
      onMessage: (peer, message, count) => {
        if (count > 1) return peer.say({ t: 'ack', ref: message.id, body: {} });
        peer.say({ t: 'refused', ref: message.id, body: { code: 'busy', retryAfterMs: 2_000 } });
        peer.say({ t: 'checkpoint', body: { note: 'after' } });
        refused();
      },
    });
    const { link, clock, until, messages } = watch(world, () => broker.endpoint);
    const answer = link.send('receipt', RECEIPT);
    await wasRefused;
    await until(() => messages.length === 1);
    clock.advance(1_999);
    broker.peers[0]?.say({ t: 'checkpoint', body: { note: 'still waiting' } });
    await until(() => messages.length === 2);
    expect(broker.messages).toHaveLength(1);
    clock.advance(1_001);
    expect(await answer).toEqual({ ok: true, value: {} });
    expect(broker.messages[0]).toEqual(broker.messages[1]);
  });

  test('a refusal settles the call with its code', async () => {
    const world = makeWorld();
    const broker = await start(world, {
      onMessage: (peer, message) =>
        peer.say({ t: 'refused', ref: message.id, body: { code: 'notOpen' } }),
    });
    const { link } = watch(world, () => broker.endpoint);
    expect(await link.send('receipt', RECEIPT)).toMatchObject({ code: 'notOpen' });
  });

  test('what the broker sends of its own accord, and a refusal of `tell`, is handed on', async () => {
    const world = makeWorld();
    const broker = await start(world, {
      onMessage: (peer, message) => {
        peer.say({ t: 'ack', ref: '00'.repeat(16), body: {} });
        peer.say({ t: 'refused', ref: message.id, body: { code: 'wrongRole' } });
      },
    });
    const { link, reach, messages, until } = watch(world, () => broker.endpoint);
    expect(link.tell('follow', { cursor: 0 })).toBe(false);
    await reach('online');
    expect(link.tell('follow', { cursor: 0 })).toBe(true);
    await until(() => messages.length > 0);
    expect(messages).toMatchObject([{ t: 'refused', body: { code: 'wrongRole' } }]);
  });

  test.each<[string, string | Buffer]>([
    ['no JSON', 'x'],
    ['an unknown type', '{"t":"gift","body":{}}'],
    ['an unknown member', '{"t":"checkpoint","body":{"note":"n","more":1}}'],
    ['a binary frame', Buffer.from('{"t":"checkpoint","body":{"note":"n"}}')],
    ['a second hello', 'hello'],
    ['too deep', '['.repeat(20)],
    ['too large', `{"t":"checkpoint","body":{"note":"${'x'.repeat(300_000)}"}}`],
  ])('a frame that is %s ends the connection', async (name, frame) => {
    const world = makeWorld();
    const broker = await start(world);
    const { reach, messages } = watch(world, () => broker.endpoint);
    await reach('online');
    if (name === 'a second hello') {
      const hello = {
        brokerOrigin: ORIGIN,
        brokerKeyId: world.broker.keyId,
        serverNonce: '00'.repeat(32),
        checkpoint: '',
        version: 'fake',
      };
      broker.peers[0]?.say({ t: 'hello', body: hello });
    } else broker.peers[0]?.raw(frame);
    expect(await reach('offline')).toMatchObject({ why: 'badBroker' });
    expect(messages).toEqual([]);
  });

  test('an answer of another kind than the call ends the connection', async () => {
    const world = makeWorld();
    const broker = await start(world, {
      onMessage: (peer, message) =>
        peer.say({ t: 'proof', ref: message.id, body: { first: 1, second: 1, proof: [] } }),
    });
    const { link, reach } = watch(world, () => broker.endpoint);
    void link.send('receipt', RECEIPT);
    expect(await reach('offline')).toMatchObject({ why: 'badBroker' });
  });

  test('a broker that takes a call for no message: what it had not answered fails', async () => {
    const world = makeWorld();
    const broker = await start(world, { onMessage: (peer) => peer.hangUp(4000) });
    const { link, reach } = watch(world, () => broker.endpoint);
    expect(await link.send('receipt', RECEIPT)).toMatchObject({ code: 'badFrame' });
    await reach('refused');
  });

  test('stop settles open calls, and nothing is dialled after it', async () => {
    const world = makeWorld();
    const broker = await start(world, { onMessage: () => {} });
    const { link, clock, reach, states } = watch(world, () => broker.endpoint);
    await reach('online');
    const answer = link.send('receipt', RECEIPT);
    link.stop();
    link.stop();
    expect(await answer).toMatchObject({ code: 'closed' });
    expect(await link.send('receipt', RECEIPT)).toMatchObject({ code: 'closed' });
    expect(clock.waiting()).toBe(0);
    clock.advance(600_000);
    expect(states.at(-1)?.kind).toBe('stopped');
    expect(broker.peers).toHaveLength(1);
  });
});

describe('attachments', () => {
  const bytes = Uint8Array.from({ length: LIMITS.chunkBytes * 2 + 5 }, (_, i) => i % 251);

  test('go up in order, in parts, and come down as they were', async () => {
    const world = makeWorld();
    const stored = new Map<number, string>();
    const broker = await start(world, {
      onMessage: (peer, message) => {
        if (message.t === 'chunk') stored.set(message.body.offset, message.body.bytes);
        if (message.t !== 'fetch') return peer.say({ t: 'ack', ref: message.id, body: {} });
        const { sha256, offset } = message.body;
        const part = stored.get(offset) ?? '';
        peer.say({
          t: 'part',
          ref: message.id,
          body: { sha256, size: bytes.length, offset, bytes: part },
        });
      },
    });
    const { link } = watch(world, () => broker.endpoint);
    const sha256 = sha256Hex(bytes);
    expect(await sendAttachment(link, bytes)).toEqual({ ok: true, value: { sha256 } });
    expect([...stored.keys()]).toEqual([0, LIMITS.chunkBytes, 2 * LIMITS.chunkBytes]);
    const back = await fetchAttachment(link, toHex(new Uint8Array(32)), {
      sha256,
      size: bytes.length,
    });
    expect(back.ok && toB64(back.value) === toB64(bytes)).toBe(true);
  });
});
