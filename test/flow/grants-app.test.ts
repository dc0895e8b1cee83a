// Allow again, through the app as a person uses it: the form, the exact terms, a look, one click; two machines that confirm the
// log; what is granted now on every screen; and one click that ends it.

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collectEvidence } from '../../main/app/evidence.ts';
import { openSqliteStore } from '../../main/app/store/sqlite.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { verifyBundle } from '../../main/evidence/verify.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import type { Caller } from '../../shared/ipc/contract.ts';
import type { GrantRow, GrantWish } from '../../shared/ipc/grants.ts';
import { termsBytes } from '../../shared/statement/terms-text.ts';
import { type Repeated, repeated } from '../kit/granting.ts';
import { type GuardWorld, makeGuardWorld, type Person } from '../kit/guard-world.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { holding } from '../kit/test-policies.ts';
import { openWorldBroker } from '../kit/world-broker.ts';

const CALLER: Caller = { surface: 'window', caller: 'test' };
const WISH: GrantWish = { uses: 2, forMs: 3_600_000 };
const LOOK_MS = 520;
const look = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

let world: GuardWorld;
let again: Repeated;
let endpoint: Endpoint;
const stops: (() => unknown)[] = [];
const TWO = holding('medium', '2 of anyone');

beforeEach(async () => {
  await begin();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function begin(policy?: typeof TWO): Promise<void> {
  world = makeGuardWorld({
    keyring: (keyring) => ({
      ...keyring,
      witnesses: { count: 1, withinMs: 60_000 },
      ...(policy ? { policies: [{ sha256: policy.sha256, name: 'test' }] } : {}),
    }),
  });
  const made = world;
  stops.push(() => made.remove());
  again = repeated(world);
  const broker = await openWorldBroker(world);
  stops.push(broker.stop);
  endpoint = broker.endpoint;
}

async function appOf(who: Person): Promise<TeamApp> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  await app.until(({ link }) => link.state === 'online');
  return app;
}

/** Asked, approved by all of them, run; the digest of the request. */
async function firstTime(...apps: TeamApp[]): Promise<string> {
  const running = again.run();
  for (const app of apps) expect(await app.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran' });
  const [app] = apps;
  const { requests } = (await app?.until((now) =>
    now.requests.some(({ how }) => how === 'approved'),
  )) ?? { requests: [] };
  return requests[0]?.digest ?? '';
}

async function allow(app: TeamApp, digest: string, wish: GrantWish = WISH) {
  const proposed = await app.answers().grant.propose({ digest, wish }, CALLER);
  if (!proposed.ok) return proposed;
  await look();
  const viewSha256 = sha256Hex(termsBytes(proposed.value.terms));
  return app.answers().grant.give({ terms: proposed.value.digest, viewSha256 }, CALLER);
}

const rowOf = async (app: TeamApp, holds: (row: GrantRow) => boolean): Promise<GrantRow> => {
  const { grants } = await app.until((now) => now.grants?.some(holds) === true);
  const row = grants?.find(holds);
  if (row === undefined) throw new Error('it was there a moment ago');
  return row;
};

describe('allow again', { timeout: 60_000 }, () => {
  test('lets it run twice unasked; everybody sees whose grant it is, what is left, and that it is used up', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    const digest = await firstTime(alice);
    const form = await alice.answers().grant.form({ digest }, CALLER);
    expect(form).toMatchObject({ ok: true, value: { waiting: [] } });
    if (form.ok) expect(form.value.off).toBeUndefined();
    expect(await allow(alice, digest)).toMatchObject({ ok: true });
    const live = await rowOf(bob, ({ state }) => state === 'live');
    expect(live).toMatchObject({ request: digest, uses: 2, used: 0, missing: 0, mayEnd: true });
    expect(live.by.map(({ id }) => id)).toEqual(['alice']);
    expect(live.title).toMatch(/touch/);
    expect((await again.run()).end).toMatchObject({ how: 'ran', who: 'granted by alice' });
    await rowOf(bob, ({ used }) => used === 1);
    expect((await again.run()).end).toMatchObject({ how: 'ran', who: 'granted by alice' });
    await rowOf(alice, ({ state, used }) => state === 'usedUp' && used === 2);
    expect((await again.run({ ttlMs: 1_500 })).end).toMatchObject({ how: 'expired' });
    const story = await alice.answers().history.story({ digest }, CALLER);
    const said = story.ok ? story.value.steps.map(({ type, signature }) => [type, signature]) : [];
    expect(said.filter(([type]) => type === 'auto')).toHaveLength(2);
    expect(said).toContainEqual(['grant', 'verified']);
    await alice.until(({ log }) => log.checkpoint?.size === log.size);
    const copy = openSqliteStore(join(alice.home.app, 'replica.db'));
    if (!copy.ok) throw new Error(copy.code);
    const made = await collectEvidence({ store: copy.value }, {});
    await copy.value.close();
    if (!made.ok) throw new Error(made.detail ?? made.code);
    const report = verifyBundle(made.value.files, rootSetOf(world.keyring));
    expect(report.problems).toEqual([]);
    expect(report.checked.grants).toBe(2);
  });

  test('is ended with one click by another person who may decide it, and stays so after a restart', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    const digest = await firstTime(alice);
    expect(await allow(alice, digest)).toMatchObject({ ok: true });
    const { terms } = await rowOf(bob, ({ state }) => state === 'live');
    expect(await bob.answers().grant.end({ terms }, CALLER)).toMatchObject({ ok: true });
    expect(await rowOf(alice, ({ state }) => state === 'ended')).toMatchObject({ endedBy: 'bob' });
    expect((await again.run({ ttlMs: 1_500 })).end).toMatchObject({ how: 'expired' });
    await alice.restart();
    expect(await rowOf(alice, ({ state }) => state === 'ended')).toMatchObject({ uses: 2 });
    expect(await bob.answers().grant.end({ terms }, CALLER)).toMatchObject({
      ok: false,
      code: 'refused',
    });
  });

  test('signs nothing that was not on screen, that was not looked at, or that its signer did not approve', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    const digest = await firstTime(alice);
    const { grant } = alice.answers();
    const proposed = await grant.propose({ digest, wish: WISH }, CALLER);
    if (!proposed.ok) throw new Error(proposed.code);
    const { digest: terms } = proposed.value;
    const viewSha256 = sha256Hex(termsBytes(proposed.value.terms));
    expect(await grant.give({ terms, viewSha256 }, CALLER)).toMatchObject({ code: 'tooSoon' });
    await look();
    const other = { terms, viewSha256: '0'.repeat(64) };
    expect(await grant.give(other, CALLER)).toMatchObject({ code: 'viewDiffers' });
    const unknown = { terms: '0'.repeat(64), viewSha256 };
    expect(await grant.give(unknown, CALLER)).toMatchObject({ code: 'termsGone' });
    expect(await allow(bob, digest)).toMatchObject({ code: 'notApproved' });
    for (const [when, code] of [
      ['true };permit (principal, action, resource) when { true', 'badCondition'],
      ['context.sql', 'noMatch'],
      ['true', 'badCondition'],
    ] as const)
      expect(await grant.propose({ digest, wish: { ...WISH, when } }, CALLER)).toMatchObject({
        code,
      });
    expect((await alice.snapshot()).grants).toEqual([]);
  });

  test('by a condition that the card suggests lets the like of it run', async () => {
    const alice = await appOf(world.keys.alice);
    const digest = await firstTime(alice);
    const form = await alice.answers().grant.form({ digest }, CALLER);
    const when = form.ok ? form.value.conditions.at(-1)?.when : undefined;
    expect(when).toContain('["touch"].containsAll(context.commands)');
    const wish = { ...WISH, ...(when === undefined ? {} : { when }) };
    expect(await allow(alice, digest, wish)).toMatchObject({ ok: true });
    await rowOf(alice, ({ state }) => state === 'live');
    expect((await again.run({ file: 'other' })).end).toMatchObject({ who: 'granted by alice' });
  });
});

describe('where it takes two', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await begin(TWO);
  });

  test('the second person joins the very terms of the first, and only then it counts', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    const digest = await firstTime(alice, bob);
    expect(await allow(alice, digest)).toMatchObject({ ok: true });
    const waiting = await rowOf(bob, ({ state }) => state === 'waiting');
    expect(waiting.missing).toBe(1);
    expect((await again.run({ ttlMs: 1_500 })).end).toMatchObject({ how: 'expired' });
    const form = await bob.answers().grant.form({ digest }, CALLER);
    expect(form).toMatchObject({ ok: true, value: { waiting: [waiting.terms] } });
    const joined = await bob.answers().grant.propose({ digest, join: waiting.terms }, CALLER);
    if (!joined.ok) throw new Error(joined.code);
    expect(joined.value.digest).toBe(waiting.terms);
    await look();
    const viewSha256 = sha256Hex(termsBytes(joined.value.terms));
    const given = await bob.answers().grant.give({ terms: waiting.terms, viewSha256 }, CALLER);
    expect(given).toMatchObject({ ok: true });
    await rowOf(alice, ({ state }) => state === 'live');
    expect((await again.run()).end).toMatchObject({ how: 'ran' });
  });
});
