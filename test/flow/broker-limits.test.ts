// What bounds a client that has logged in: frames, rate, silence, a reader that does not read.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { messageId, type WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import { type HandTime, makeOrg, type Org, requestBy } from '../kit/wire-world.ts';
import { EXEC } from '../unit/statement/view-samples.ts';

let org: Org;
let here: Visit;
let time: HandTime;
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
  time = here.house.time;
});
afterEach(() => here.leave());

describe('a frame', () => {
  const id = messageId();
  test.each([
    ['that is not JSON', '{'],
    ['of an unknown type', JSON.stringify({ t: 'hello', id, body: {} })],
    ['with a member too many', JSON.stringify({ t: 'got', id, body: { cursor: 0 }, more: 1 })],
    ['without an id', JSON.stringify({ t: 'got', body: { cursor: 0 } })],
    ['nested too deep', `${'['.repeat(9)}${']'.repeat(9)}`],
    ['that is a second login', JSON.stringify({ t: 'login', id, body: { envelope: '{}' } })],
    ['that claims leaves it was not sent', JSON.stringify({ t: 'got', id, body: { cursor: 99 } })],
  ])('%s closes the connection with the code', async (_, frame) => {
    const client = await here.asReviewer();
    await client.leaf(0);
    client.raw(frame);
    expect((await client.ended).code).toBe(4000);
  });

  test('in binary closes the connection with the code', async () => {
    const client = await here.asReviewer();
    client.socket.send(Buffer.from('{}'));
    expect((await client.ended).code).toBe(4000);
  });

  test('over the limit closes the connection before it is read', async () => {
    const client = await here.asReviewer();
    client.raw('x'.repeat(LIMITS.maxFrameBytes + 1));
    expect((await client.ended).code).toBe(1009);
  });

  test('in more fragments than the limit closes the connection', async () => {
    const client = await here.asReviewer();
    for (let i = 0; i <= LIMITS.maxFragments; i++) client.socket.send('x', { fin: false });
    expect([1006, 1008, 1009]).toContain((await client.ended).code);
  });
});

test('a principal has a burst and a rate, over both its connections, and is told when to come back', async () => {
  const [one, two] = [await here.asGuard(), await here.asGuard()];
  const ask = (client: WireClient): Promise<number | string> =>
    client.ask('keyring', { envelope: '{}' });
  for (let i = 0; i < LIMITS.messageBurst; i++)
    expect(await ask(i % 2 ? one : two)).toBe('wrongRole');
  expect(await ask(one)).toBe('busy');
  const { body } = await one.wait('refused', (message) => message.body.code === 'busy');
  expect(body.retryAfterMs).toBe(50);
  time.advance(50);
  expect(await ask(two)).toBe('wrongRole');
  expect(await ask(one)).toBe('busy');
  // Another principal is not held up by it.
  expect(await ask(await here.asGuard(org.other))).toBe('wrongRole');
});

test('questions that change nothing have an allowance of their own, which ends too', async () => {
  const client = await here.asGuard();
  const prove = (): Promise<number | string> => client.ask('prove', { first: 0, second: 0 });
  for (let i = 0; i < LIMITS.questionBurst; i++) expect(await prove()).toBe('badStatement');
  expect(await prove()).toBe('busy');
  expect(await client.ask('keyring', { envelope: '{}' })).toBe('wrongRole');
});

test('what a person decides does not wait behind what their app says by itself, and has its own end', async () => {
  const client = await here.asReviewer();
  const note = (): Promise<number | string> => client.ask('notice', { envelope: '{}' });
  const decide = (): Promise<number | string> => client.ask('decision', { envelope: '{}' });
  for (let i = 0; i < LIMITS.messageBurst; i++) await note();
  expect(await note()).toBe('busy');
  for (let i = 0; i < LIMITS.messageBurst; i++) expect(await decide()).not.toBe('busy');
  expect(await decide()).toBe('busy');
});

test('a connection that answers no ping is dropped after its time', async () => {
  const client = await here.asGuard();
  await client.ask('request', { envelope: requestBy(org.guard, time).envelope });
  // A paused socket reads nothing, so it answers no ping: a half-open connection as the broker sees it.
  client.socket.pause();
  time.advance(50_000);
  client.socket.resume();
  expect((await client.ended).code).toBe(1006);
});

describe('a reviewer that does not acknowledge', () => {
  const BIG = 'x'.repeat(4000);
  async function fill(count: number): Promise<WireClient> {
    const guard = await here.asGuard();
    for (let i = 0; i < count; i++) {
      time.advance(50);
      const request = requestBy(org.guard, time, {
        // Each of its own agent, so that only the stream's limits are met.
        agent: { id: `a${i}`, session: 's', onBehalfOf: 'carol', authn: 'declared' },
        narrative: BIG,
        trigger: BIG.slice(0, 1000),
        action: { ...EXEC, argv: ['echo', ...Array.from({ length: 7 }, () => BIG)] },
      });
      expect(await guard.ask('request', { envelope: request.envelope })).toBeTypeOf('number');
    }
    return guard;
  }

  test('gets one window, then nothing, and is closed; the others get everything', {
    timeout: 60_000,
  }, async () => {
    const count = 40;
    const stuck = await here.asReviewer(org.bob);
    const fine = await here.asReviewer();
    fine.socket.on('message', () => {
      const next = Math.max(...fine.leaves().keys(), -1) + 1;
      if (next > 0) fine.tell('got', { cursor: next });
    });
    await fill(count);
    await fine.leaf(count);
    expect(fine.leaves().size).toBe(count + 1);
    const held = stuck.leaves().size;
    expect(held).toBeLessThan(count);
    time.advance(LIMITS.stalledMs - 1000);
    await fine.ask('prove', { first: 0, second: 0 });
    await stuck.ask('prove', { first: 0, second: 0 });
    time.advance(1000);
    expect((await stuck.ended).code).toBe(4005);
  });

  test('goes on where it was as soon as it acknowledges', { timeout: 60_000 }, async () => {
    const count = 40;
    const slow = await here.asReviewer();
    await fill(count);
    await slow.ask('prove', { first: 0, second: 0 });
    const first = Math.max(...slow.leaves().keys());
    expect(first).toBeLessThan(count);
    slow.tell('got', { cursor: first + 1 });
    await slow.leaf(count);
    expect([...slow.leaves().keys()]).toEqual(Array.from({ length: count + 1 }, (_, i) => i));
  });
});
