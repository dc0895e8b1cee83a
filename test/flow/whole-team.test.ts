// A day of a team, with the real app on three machines, the real broker and a real guard: operations and security each have a
// line in the rota, every action needs one of each, and whatever people do on the way, two different people have approved what runs.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Endpoint } from '../../main/link/handshake.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import type { Caller } from '../../shared/ipc/contract.ts';
import type { Snapshot } from '../../shared/ipc/snapshot.ts';
import { termsBytes } from '../../shared/statement/terms-text.ts';
import { type Repeated, repeated } from '../kit/granting.ts';
import {
  type GuardWorld,
  makeGuardWorld,
  person,
  type Person,
  reviewer,
} from '../kit/guard-world.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { holding } from '../kit/test-policies.ts';
import { openWorldBroker } from '../kit/world-broker.ts';

const CALLER: Caller = { surface: 'window', caller: 'test' };
const BOTH = holding('medium', '1 of ops and 1 of sec');
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const GROUPS: { readonly [id: string]: string[] } = {
  alice: ['ops'],
  bob: ['sec'],
  dora: ['ops', 'sec'],
};
/** A second to look for operations; security has time. */
const ROTA = {
  v: 1,
  groups: {
    ops: lineOf('alice', '1s'),
    sec: lineOf('bob', '5m'),
  },
};

function lineOf(who: string, unseenAfter: string) {
  const shifts = [{ days: DAYS, from: '00:00', until: '24:00', who: [who] }];
  return { zone: 'UTC', unseenAfter, shifts, next: ['dora'] };
}

let world: GuardWorld;
let again: Repeated;
let alice: TeamApp;
let bob: TeamApp;
let dora: TeamApp;
const stops: (() => unknown)[] = [];

beforeEach(async () => {
  const third = person('dora');
  world = makeGuardWorld({
    keyring: (keyring, keys) => ({
      ...keyring,
      witnesses: { count: 1, withinMs: 60_000 },
      groups: ['ops', 'sec'].map((id) => ({ id, name: id })),
      reviewers: [keys.alice, keys.bob, third].map((who) => ({
        ...reviewer(who),
        groups: GROUPS[who.id] ?? [],
      })),
      policies: [{ sha256: BOTH.sha256, name: 'test' }],
    }),
  });
  stops.push(world.remove);
  again = repeated(world);
  const { endpoint, stop } = await openWorldBroker(world, ROTA);
  stops.push(stop);
  const { keys } = world;
  [alice, bob, dora] = [
    await appOf(keys.alice, endpoint),
    await appOf(keys.bob, endpoint),
    await appOf(third, endpoint),
  ];
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function appOf(who: Person, endpoint: Endpoint): Promise<TeamApp> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  await app.until(({ link, onCall }) => link.state === 'online' && onCall !== undefined);
  return app;
}

const openIn = ({ requests }: Snapshot) => requests.find(({ stage }) => stage === 'open');
const mine = (snapshot: Snapshot): boolean => openIn(snapshot)?.asked?.mine === true;
const digestIn = async (app: TeamApp): Promise<string> =>
  openIn(await app.until((now) => openIn(now) !== undefined))?.digest ?? '';

test('who does not look is passed, who hands over is followed, and one person is never both', async () => {
  const running = again.run();
  await alice.until(mine);
  await bob.until(mine);
  // Nobody of operations looks; security leaves it to the next.
  await dora.until(mine);
  const request = await digestIn(bob);
  expect(await bob.answers().attention.handOver({ request }, CALLER)).toMatchObject({ ok: true });
  expect((await dora.snapshot()).requests[0]?.asked?.people.map(({ name }) => name)).toEqual([
    'alice',
    'bob',
    'dora',
  ]);
  // She is in both groups, and one person.
  expect(await dora.approve()).toBe('decided');
  await dora.until((now) => openIn(now)?.decisions.length === 1);
  expect(await alice.approve()).toBe('decided');
  const { end } = await running;
  const story = await alice.answers().history.story({ digest: request }, CALLER);
  const said = story.ok ? story.value.steps.map(({ type, says }) => `${type} ${says}`) : [];
  expect(said).toContain('notice left it to the others');
  expect(end.how === 'ran' ? end.who.split(' and ').toSorted() : end.how).toEqual([
    'alice',
    'dora',
  ]);
}, 30_000);

test('who asked cannot approve it, and the two others can', async () => {
  const running = again.run({ onBehalfOf: 'dora' });
  await dora.until((now) => openIn(now)?.approveOff === 'ownAction');
  const digest = await digestIn(dora);
  const viewSha256 = '0'.repeat(64);
  const tried = { digest, viewSha256, verdict: 'approve' } as const;
  expect(await dora.answers().request.decide(tried, CALLER)).toMatchObject({ code: 'ownAction' });
  expect((await dora.snapshot()).requests[0]?.asked?.mine ?? false).toBe(false);
  for (const app of [alice, bob]) expect(await app.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran' });
}, 30_000);

test('what one of them changed is signed anew by both, and what was asked first never runs', async () => {
  const running = again.run({ file: 'asked' });
  expect(
    await bob.propose(({ action }) => {
      if (action.kind !== 'exec') throw new Error('a command was asked for');
      const argv = action.argv.map((word) => (word === 'asked' ? 'changed' : word));
      return { kind: 'exec', argv };
    }),
  ).toBe('decided');
  const isChild = (now: Snapshot): boolean => openIn(now)?.title.includes('changed') === true;
  // His own signature on what he proposed counts once; operations still has to.
  await bob.until(isChild);
  expect(await bob.approve()).toBe('decided');
  await alice.until(isChild);
  expect(await alice.approve()).toBe('decided');
  const { end, events } = await running;
  expect(end).toMatchObject({ how: 'ran' });
  expect(events.some(({ what }) => what === 'changed')).toBe(true);
  const ends = (
    await alice.until(({ requests }) => requests.every(({ stage }) => stage === 'ended'))
  ).requests;
  expect(new Set(ends.map(({ how }) => how))).toEqual(new Set(['approvedWithChanges', 'denied']));
  expect(ends).toHaveLength(2);
}, 30_000);

test('a grant by both lets it run to its last use, and then both are asked again', async () => {
  const running = again.run();
  for (const app of [alice, bob]) expect(await app.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran' });
  const { requests } = await alice.until((now) =>
    now.requests.some(({ run }) => run === 'finished'),
  );
  const digest = requests[0]?.digest ?? '';
  const proposed = await alice
    .answers()
    .grant.propose({ digest, wish: { uses: 2, forMs: 3_600_000 } }, CALLER);
  if (!proposed.ok) throw new Error(proposed.code);
  const { digest: terms } = proposed.value;
  const viewSha256 = sha256Hex(termsBytes(proposed.value.terms));
  const look = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 520));
  await look();
  expect(await alice.answers().grant.give({ terms, viewSha256 }, CALLER)).toMatchObject({
    ok: true,
  });
  await bob.until(({ grants }) => grants?.[0]?.missing === 1);
  expect((await again.run({ ttlMs: 1_500 })).end).toMatchObject({ how: 'expired' });
  const joined = await bob.answers().grant.propose({ digest, join: terms }, CALLER);
  expect(joined.ok && joined.value.digest).toBe(terms);
  await look();
  expect(await bob.answers().grant.give({ terms, viewSha256 }, CALLER)).toMatchObject({ ok: true });
  await alice.until(({ grants }) => grants?.[0]?.state === 'live');
  for (const use of [1, 2]) {
    expect((await again.run()).end).toMatchObject({ how: 'ran', who: 'granted by alice and bob' });
    await bob.until(({ grants }) => grants?.[0]?.used === use);
  }
  expect((await again.run({ ttlMs: 1_500 })).end).toMatchObject({ how: 'expired' });
}, 30_000);
