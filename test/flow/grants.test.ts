// Grants over real sockets: asked and approved once, granted three times, three runs at once with their numbers in the log,
// the fourth asks again; ended, it asks again; two people where policy needs two.

import { afterEach, describe, expect, test } from 'vitest';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { RunningBroker } from '../../main/broker/start-broker.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { type Hand, openHand, usesIn } from '../kit/grant-hand.ts';
import { digestOf, type Repeated, repeated, termsOf } from '../kit/granting.ts';
import { type GuardWorld, makeGuardWorld, type Person } from '../kit/guard-world.ts';
import type { Shown } from '../kit/hostile-broker.ts';
import { holding } from '../kit/test-policies.ts';
import { openWorldBroker } from '../kit/world-broker.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function makeWorld(change: (keyring: Keyring) => Keyring = (same) => same): GuardWorld {
  const world = makeGuardWorld({ keyring: (keyring) => change(keyring) });
  stops.push(() => world.remove());
  return world;
}

const under =
  (policy: Policy) =>
  (keyring: Keyring): Keyring => ({
    ...keyring,
    policies: [{ sha256: policy.sha256, name: 'test' }],
  });

async function brokerOf(world: GuardWorld): Promise<RunningBroker> {
  const { broker, stop } = await openWorldBroker(world);
  stops.push(stop);
  return broker;
}

async function handOf(who: Person, world: GuardWorld, broker: RunningBroker): Promise<Hand> {
  const hand = await openHand(who, world, broker.url);
  stops.push(hand.close);
  return hand;
}

/** Asked, approved by all of `hands` and run. */
async function firstTime(again: Repeated, hands: readonly Hand[], nth = 1): Promise<Shown> {
  const running = again.run();
  let shown: Shown | undefined;
  for (const hand of hands) {
    shown = await hand.asked(nth);
    expect(await hand.approve(shown)).toEqual(expect.any(Number));
  }
  expect((await running).end).toMatchObject({ how: 'ran' });
  if (shown === undefined) throw new Error('nobody was asked');
  return shown;
}

const SOON = { ttlMs: 1_500 } as const;

describe('a grant of three uses', { timeout: 60_000 }, () => {
  test('lets three runs at once go unasked, with their numbers in the log, and the fourth asks again', async () => {
    const world = makeWorld();
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const again = repeated(world);
    const asked = await firstTime(again, [alice]);
    const terms = termsOf(asked.request, Date.now());
    const index = await alice.grant(asked, terms);
    expect(index).toEqual(expect.any(Number));
    const three = await Promise.all([again.run(), again.run(), again.run()]);
    for (const { end, events } of three) {
      expect(end).toMatchObject({ how: 'ran', who: 'granted by alice' });
      expect(events.map(({ what }) => what)).not.toContain('asked');
    }
    const told = three.flatMap(({ events }) => events.filter(({ what }) => what === 'granted'));
    expect(told).toHaveLength(3);
    await alice.client.wait('leaves', () => usesIn(alice.client).length === 3);
    const uses = usesIn(alice.client).map(({ grant }) => grant);
    expect(new Set(uses.map((one) => one?.use))).toEqual(new Set([1, 2, 3]));
    for (const one of uses)
      expect(one).toMatchObject({ request: asked.digest, terms: digestOf(terms) });
    const fourth = await again.run(SOON);
    expect(fourth.events.map(({ what }) => what)).toContain('asked');
    expect(fourth.end).toMatchObject({ how: 'expired' });
    expect(usesIn(alice.client)).toHaveLength(3);
  });

  test('is for this agent, this person’s, this action alone', async () => {
    const world = makeWorld();
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const again = repeated(world);
    const asked = await firstTime(again, [alice]);
    await alice.grant(asked, termsOf(asked.request, Date.now()));
    for (const other of [{ agent: 'gemini' }, { onBehalfOf: 'dave' }, { file: 'other' }])
      expect((await again.run({ ...SOON, ...other })).end).toMatchObject({ how: 'expired' });
    expect((await again.run()).end).toMatchObject({ how: 'ran', who: 'granted by alice' });
  });

  test('by a condition lets what it holds for run, and nothing else', async () => {
    const world = makeWorld();
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const again = repeated(world);
    const asked = await firstTime(again, [alice]);
    const when = '["touch"].containsAll(context.commands) && !context.systemPath';
    const terms = termsOf(asked.request, Date.now(), { actions: { when } });
    expect(await alice.grant(asked, terms)).toEqual(expect.any(Number));
    expect((await again.run({ file: 'two' })).end).toMatchObject({ who: 'granted by alice' });
    expect(
      (await again.run({ ...SOON, file: '/usr/share/no-such-folder/made' })).end,
    ).toMatchObject({
      how: 'expired',
    });
  });

  test('asks again once somebody who may decide it has ended it, which the log has', async () => {
    const world = makeWorld();
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const bob = await handOf(world.keys.bob, world, broker);
    const again = repeated(world);
    const asked = await firstTime(again, [alice]);
    const terms = termsOf(asked.request, Date.now());
    await alice.grant(asked, terms);
    expect((await again.run()).end).toMatchObject({ who: 'granted by alice' });
    expect(await bob.end(asked, terms)).toEqual(expect.any(Number));
    expect((await again.run(SOON)).end).toMatchObject({ how: 'expired' });
    expect(await bob.end(asked, terms)).toBe('notGranted');
    expect(await alice.grant(asked, terms)).toBe('notGranted');
  });
});

describe('where policy needs two people', { timeout: 60_000 }, () => {
  test('both must grant the same terms, and one of them twice is not two', async () => {
    const world = makeWorld(under(holding('medium', '2 of anyone')));
    const broker = await brokerOf(world);
    const [alice, bob] = [
      await handOf(world.keys.alice, world, broker),
      await handOf(world.keys.bob, world, broker),
    ];
    const again = repeated(world);
    const asked = await firstTime(again, [alice, bob]);
    const terms = termsOf(asked.request, Date.now());
    await alice.grant(asked, terms);
    expect(await alice.grant(asked, terms)).toEqual(expect.any(Number));
    expect((await again.run(SOON)).end).toMatchObject({ how: 'expired' });
    expect(await bob.grant(asked, terms)).toEqual(expect.any(Number));
    const { end } = await again.run();
    expect(end).toMatchObject({ how: 'ran' });
    await alice.client.wait('leaves', () => usesIn(alice.client).length === 1);
    expect(usesIn(alice.client)[0]?.grant?.use).toBe(1);
  });

  test('bounds that differ in anything are two grants, and neither has enough', async () => {
    const world = makeWorld(under(holding('medium', '2 of anyone')));
    const broker = await brokerOf(world);
    const [alice, bob] = [
      await handOf(world.keys.alice, world, broker),
      await handOf(world.keys.bob, world, broker),
    ];
    const again = repeated(world);
    const asked = await firstTime(again, [alice, bob]);
    const now = Date.now();
    await alice.grant(asked, termsOf(asked.request, now));
    await bob.grant(asked, termsOf(asked.request, now, { uses: 4 }));
    expect((await again.run(SOON)).end).toMatchObject({ how: 'expired' });
  });
});

describe('the broker takes no grant', { timeout: 60_000 }, () => {
  test('of a request that its signer has not approved, of other bounds than it has, or above medium', async () => {
    const world = makeWorld();
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const bob = await handOf(world.keys.bob, world, broker);
    const asked = await firstTime(repeated(world), [alice]);
    const now = Date.now();
    expect(await bob.grant(asked, termsOf(asked.request, now))).toBe('badGrant');
    for (const wrong of [
      { agent: 'gemini' },
      { guard: 'guard-2' },
      { onBehalfOf: 'dave' },
      { policy: '0'.repeat(64) },
      { org: 'other' },
      { actions: { same: '0'.repeat(64) } },
      { actions: { when: 'context.program == "rm"' } },
      { actions: { when: 'true };permit(principal,action,resource) when { true' } },
      { tier: 'low' },
    ] as const)
      expect(await alice.grant(asked, termsOf(asked.request, now, wrong))).toBe('badGrant');
    const hour = 3_600_000;
    const past = termsOf(asked.request, now - 2 * hour);
    expect(await alice.grant(asked, past)).toBe('badGrant');
    expect(await alice.grant(asked, termsOf(asked.request, now + hour))).toBe('badGrant');
    expect(
      await alice.grant({ ...asked, digest: '0'.repeat(64) }, termsOf(asked.request, now)),
    ).toBe('unknownRequest');
  });

  test('by whom the request was made for, though they were asked nothing', async () => {
    const world = makeWorld((keyring) => ({
      ...keyring,
      owners: [{ agent: 'claude', owner: 'alice' }],
    }));
    const broker = await brokerOf(world);
    const alice = await handOf(world.keys.alice, world, broker);
    const bob = await handOf(world.keys.bob, world, broker);
    const again = repeated(world);
    const asked = await firstTime(again, [bob]);
    const terms = termsOf(asked.request, Date.now());
    expect(await alice.approve(asked)).not.toEqual(expect.any(Number));
    expect(await alice.grant(asked, terms)).toBe('badGrant');
    expect((await again.run(SOON)).end).toMatchObject({ how: 'expired' });
  });
});
