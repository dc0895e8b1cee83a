// A team on call, with the real app on three machines, the real broker and a real run: the guard says who is asked and who is
// next, each app knows whose turn it is, and handing over or going away moves it on.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { progress, withoutSeconds } from '../../main/cli/voice.ts';
import type { RunEvent } from '../../main/guard/run.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import {
  type GuardWorld,
  makeGuardWorld,
  person,
  type Person,
  reviewer,
} from '../kit/guard-world.ts';
import { type HeldRun, heldRun } from '../kit/held-run.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { openWorldBroker } from '../kit/world-broker.ts';

const CALLER = { surface: 'window', caller: 'test' } as const;
const HOUR = 3600_000;

let world: GuardWorld;
let dora: Person;
let endpoint: Endpoint;
const stops: (() => unknown)[] = [];

beforeEach(async () => {
  dora = person('dora');
  world = makeGuardWorld({
    keyring: (keyring) => ({ ...keyring, reviewers: [...keyring.reviewers, reviewer(dora)] }),
  });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  world.remove();
});

/** Alice is on call for everybody, then Bob; `unseenAfter` as the file has it. */
async function openBroker(unseenAfter: string): Promise<void> {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const shifts = [{ days, from: '00:00', until: '24:00', who: ['alice'] }];
  const anyone = { zone: 'UTC', unseenAfter, shifts, next: ['bob'] };
  const broker = await openWorldBroker(world, { v: 1, groups: { anyone } });
  stops.push(broker.stop);
  endpoint = broker.endpoint;
}

async function appOf(who: Person): Promise<TeamApp> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  await app.until(({ link, onCall }) => link.state === 'online' && onCall !== undefined);
  return app;
}

function run(lines: string[]): Promise<HeldRun> {
  const on = (event: RunEvent): void => {
    const line = event.what === 'asking' ? progress(event, '') : undefined;
    if (line !== undefined && withoutSeconds(line) !== lines.at(-1))
      lines.push(withoutSeconds(line));
  };
  return heldRun(world, { told: [] }, { on });
}
const turnsOf = async (app: TeamApp) => (await app.snapshot()).requests[0]?.asked;

test('asks the next one when nobody looks, tells the guard each time, and any of them may still decide', async () => {
  await openBroker('1s');
  const [alice, bob, carol] = [
    await appOf(world.keys.alice),
    await appOf(world.keys.bob),
    await appOf(dora),
  ];
  const lines: string[] = [];
  const running = run(lines);
  const first = await alice.until(({ requests }) => requests[0]?.asked !== undefined);
  expect(first.requests[0]?.asked).toMatchObject({
    mine: true,
    people: [{ name: 'alice', me: true, why: 'onCall' }],
  });
  expect((await turnsOf(bob))?.mine ?? false).toBe(false);
  await bob.until(({ requests }) => requests[0]?.asked?.mine === true);
  await carol.until(({ requests }) => requests[0]?.asked?.mine === true);
  expect((await turnsOf(carol))?.people.map(({ name, why }) => `${name} ${why}`)).toEqual([
    'alice onCall',
    'bob unseen',
    'dora unseen',
  ]);
  expect(await alice.approve()).toBe('decided');
  const ended = await running;
  expect(ended.end).toMatchObject({ how: 'ran', who: 'alice' });
  expect(lines.filter((line) => line.startsWith('asking')).slice(0, 3)).toEqual([
    'asking alice (on call); next: bob',
    'asking alice (on call), bob; next: dora',
    'asking alice (on call), bob, dora',
  ]);
}, 30_000);

test('goes on at once when it is handed over, and the hand over is in its story', async () => {
  await openBroker('5m');
  const [alice, bob] = [await appOf(world.keys.alice), await appOf(world.keys.bob)];
  const running = run([]);
  const held = await alice.until(
    ({ requests: [one] }) => one?.asked?.mine === true && one.approveOff === undefined,
  );
  const digest = held.requests[0]?.digest ?? '';
  expect(await alice.answers().attention.handOver({ request: digest }, CALLER)).toEqual({
    ok: true,
    value: {},
  });
  const asked = await bob.until(({ requests }) => requests[0]?.asked?.mine === true);
  expect(asked.requests[0]?.asked?.people.at(-1)).toEqual({
    name: 'bob',
    me: true,
    why: 'handedOver',
  });
  expect(await bob.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran', who: 'bob' });
  const story = await bob.answers().history.story({ digest }, CALLER);
  const steps = story.ok
    ? story.value.steps.map(({ type, says, signature }) => [type, says, signature])
    : [];
  expect(steps).toContainEqual(['escalation', 'step 1: asks alice: on call', 'verified']);
  expect(steps).toContainEqual(['notice', 'left it to the others', 'verified']);
  expect(steps).toContainEqual([
    'escalation',
    'step 2: asks bob: who was asked before has left it to the others',
    'verified',
  ]);
}, 30_000);

test('goes past who is away, shows until when, and asks them again once they are back', async () => {
  await openBroker('5m');
  const [alice, bob] = [await appOf(world.keys.alice), await appOf(world.keys.bob)];
  const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + HOUR).toISOString();
  const { attention } = alice.answers();
  expect(await attention.away({ until }, CALLER)).toEqual({ ok: true, value: {} });
  await alice.until(({ onCall }) => onCall?.away === until);
  await bob.until(({ onCall }) => onCall?.groups[0]?.now[0]?.trouble === 'away');
  const running = run([]);
  const asked = await bob.until(({ requests }) => requests[0]?.asked !== undefined);
  expect(asked.requests[0]?.asked?.people).toEqual([{ name: 'bob', me: true, why: 'away' }]);
  expect((await turnsOf(alice))?.mine ?? false).toBe(false);
  expect(await attention.away({}, CALLER)).toEqual({ ok: true, value: {} });
  await alice.until(({ onCall }) => onCall !== undefined && onCall.away === undefined);
  const late = new Date(Date.now() + 91 * 24 * HOUR).toISOString();
  expect(await attention.away({ until: late }, CALLER)).toMatchObject({
    ok: false,
    code: 'tooLong',
  });
  expect(await bob.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran', who: 'bob' });
}, 30_000);
