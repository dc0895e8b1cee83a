// A press on a notification's button through the whole app: the only one that signs is a `low` approval of a view that was
// shown whole, or a denial that had a button. The signer is watched by what it leaves: the store and the wire.

import { afterEach, describe, expect, test } from 'vitest';
import type { Tier } from '../../../shared/domain/tier.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { EXEC } from '../statement/view-samples.ts';
import { type FakeNotifier, fakeNotifier } from './attention-stage.ts';
import { openWorld, WINDOW, type World } from './world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
});

async function open(unlock = true): Promise<{ world: World; notifier: FakeNotifier }> {
  const notifier = fakeNotifier();
  const world = await openWorld({ notifier, unlock });
  worlds.push(world);
  return { world, notifier };
}

const { script: _script, interpreterArgs: _args, ...RUN } = EXEC;
const PLAIN: Partial<Request> = {
  action: {
    ...RUN,
    // Wholly understood: what is not is never low.
    argv: ['ls', '-la', 'customers'],
    executable: { ...RUN.executable, path: '/usr/bin/ls' },
    env: [],
    inputs: [],
    stdin: { from: 'nothing' },
  },
  attachments: [],
};
const idOf = (digest: string): string => `r-${digest.slice(0, 32)}`;

async function asked(world: World, notifier: FakeNotifier, tier: Tier): Promise<string> {
  const digest = await world.ask(tier, PLAIN);
  await expect.poll(() => notifier.standing.has(idOf(digest))).toBe(true);
  return digest;
}

/** Nothing was signed: nothing lies in the store, nothing went to the broker. */
function nothingSigned(world: World): void {
  expect(world.store.decisions).toEqual([]);
  expect(world.sent.filter((one) => one.t === 'decision')).toEqual([]);
}

/** Every promise that a press began has had its turn. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a press', () => {
  test('approves a low request whose whole view stood there, and says that it was a notification', async () => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, 'low');
    const shown = notifier.standing.get(idOf(digest));
    expect(shown?.actions).toEqual(['approve', 'deny']);
    expect(shown?.body).toContain('Argument 2: "customers"');
    world.time.advance(600);
    notifier.press(idOf(digest), 'approve');
    await world.until(() => world.row(digest)?.stage === 'decided');
    const viewSha256 = await world.look(digest);
    expect(world.decisions()).toMatchObject([
      {
        verdict: 'approve',
        presence: 'notification',
        request: digest,
        view: { sha256: viewSha256 },
      },
    ]);
    expect(notifier.standing.size).toBe(0);
  });

  test.each(['low', 'medium', 'high'] as const)('denies a %s request', async (tier) => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, tier);
    notifier.press(idOf(digest), 'deny');
    await world.until(() => world.row(digest)?.stage === 'decided');
    expect(world.decisions()).toMatchObject([{ verdict: 'deny', presence: 'notification' }]);
  });

  test.each(['medium', 'high', 'critical'] as const)(
    'of any name approves no %s request',
    async (tier) => {
      const { world, notifier } = await open();
      const digest = await asked(world, notifier, tier);
      world.time.advance(600);
      for (const action of ['approve', 'Approve', '0', '1', 'default', 'open', '__proto__'])
        notifier.press(idOf(digest), action);
      await settled();
      nothingSigned(world);
    },
  );

  test('on a critical request does not even deny', async () => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, 'critical');
    notifier.press(idOf(digest), 'deny');
    await settled();
    nothingSigned(world);
  });

  test('with an id that nobody gave reaches nothing', async () => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, 'low');
    world.time.advance(600);
    for (const id of ['', digest, `r-${digest}`, 'r-', '../', '__proto__', 'test', 'burst'])
      for (const action of ['approve', 'deny']) notifier.press(id, action);
    await settled();
    nothingSigned(world);
  });

  test('within half a second of its coming is not meant: it comes again', async () => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, 'low');
    world.time.advance(499);
    notifier.press(idOf(digest), 'approve');
    await expect.poll(() => notifier.standing.has(idOf(digest))).toBe(true);
    nothingSigned(world);
    world.time.advance(600);
    notifier.press(idOf(digest), 'approve');
    await world.until(() => world.row(digest)?.stage === 'decided');
  });

  test('right after another one is the second half of a double click', async () => {
    const { world, notifier } = await open();
    const [a, b] = [await asked(world, notifier, 'low'), await asked(world, notifier, 'low')];
    world.time.advance(5000);
    notifier.press(idOf(a), 'deny');
    world.time.advance(599);
    notifier.press(idOf(b), 'approve');
    await world.until(() => world.row(a)?.stage === 'decided');
    await settled();
    expect(world.store.decisions).toHaveLength(1);
    expect(world.row(b)?.stage).toBe('open');
  });

  test('approves nothing once the adapter shows less than it did', async () => {
    const { world, notifier } = await open();
    const digest = await asked(world, notifier, 'low');
    world.time.advance(600);
    notifier.capabilitiesNow = { ...notifier.capabilitiesNow, maxLines: 3 };
    notifier.press(idOf(digest), 'approve');
    await settled();
    nothingSigned(world);
    expect(world.journal.join()).toContain('viewDiffers');
  });

  test('signs nothing with a locked key, and brings the app forward', async () => {
    const { world, notifier } = await open();
    const raised: unknown[] = [];
    world.app.listen((event, payload) => {
      if (event === 'app.raised') raised.push(payload);
    });
    const digest = await asked(world, notifier, 'low');
    world.time.advance(600);
    await world.answers.key.lock({}, WINDOW);
    notifier.press(idOf(digest), 'approve');
    await settled();
    nothingSigned(world);
    expect(raised).toEqual([{ request: digest }]);
  });
});

test('a notification goes the moment the request ends anywhere', async () => {
  const { world, notifier } = await open();
  const [a, b] = [await asked(world, notifier, 'medium'), await asked(world, notifier, 'high')];
  world.end(a, 'withdrawn');
  await world.until(() => world.row(a)?.stage === 'ended');
  await expect.poll(() => [...notifier.standing.keys()]).toEqual([idOf(b)]);
});

describe('reach', () => {
  test('says what can tell this person, and why not', async () => {
    const { world, notifier } = await open(false);
    await world.until(({ reach }) => reach?.by === 'notification');
    expect(world.snapshot().reach).toEqual({ by: 'notification', troubles: ['locked'] });
    notifier.capabilitiesNow = { ...notifier.capabilitiesNow, trouble: 'noDaemon' };
    const now = await world.answers.attention.diagnosis({}, WINDOW);
    expect(now.reach).toEqual({ by: 'page', notices: 'noDaemon', troubles: ['locked'] });
  });

  test('without any adapter is the page, and the test notification says so', async () => {
    const world = await openWorld();
    worlds.push(world);
    await world.until(({ reach }) => reach !== undefined);
    expect(world.snapshot().reach).toEqual({ by: 'page', notices: 'noSurface', troubles: [] });
    expect(await world.answers.attention.test({}, WINDOW)).toMatchObject({
      ok: false,
      code: 'noSurface',
    });
  });

  test('a snooze in solo mode says that it hands over to nobody, and is kept', async () => {
    const { world, notifier } = await open();
    const until = new Date(world.time.clock.now() + 15 * 60_000).toISOString();
    const made = await world.answers.attention.snooze({ until }, WINDOW);
    expect(made).toEqual({ ok: true, value: { handsOver: false } });
    await world.until(({ reach }) => reach?.quiet !== undefined);
    expect(world.snapshot().reach?.quiet).toEqual({ why: 'snoozed', until, handsOver: false });
    const digest = await world.ask('medium', PLAIN);
    await expect.poll(() => notifier.standing.has('quiet')).toBe(true);
    expect(await world.answers.attention.handOver({ request: digest }, WINDOW)).toMatchObject({
      ok: false,
      code: 'nobodyElse',
    });
    expect((await world.answers.settings.get({}, WINDOW)).snoozeUntil).toBe(until);
    const far = new Date(world.time.clock.now() + 25 * 3600_000).toISOString();
    expect(await world.answers.attention.snooze({ until: far }, WINDOW)).toMatchObject({
      code: 'tooLong',
    });
  });
});
