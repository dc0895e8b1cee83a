// A team of three on three state folders, with a guard and a broker of its own: one approves, two machines have to confirm
// the log, one is sent away, and one is shown a log that the others don't have. What ran is audited from one machine's bundle.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromUtf8 } from '../../shared/bytes.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { askedOf, plainRequest } from '../kit/gate-stage.ts';
import {
  type GuardWorld,
  LOG_ORIGIN,
  makeGuardWorld,
  nextKeyring,
  person,
  type Person,
  reviewer,
} from '../kit/guard-world.ts';
import { type HeldOptions, type HeldRun, heldRun } from '../kit/held-run.ts';
import { auditOnce, cosignedBy } from '../kit/audit.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { WireClient } from '../kit/wire-client.ts';

type Place = { readonly broker: RunningBroker; readonly endpoint: Endpoint };

let world: GuardWorld;
let dora: Person;
let folder: string;
const stops: (() => unknown)[] = [];
const alarms: string[] = [];

beforeEach(() => {
  dora = person('dora');
  world = makeGuardWorld({
    keyring: (keyring) => ({
      ...keyring,
      witnesses: { count: 2, withinMs: 60_000 },
      reviewers: [...keyring.reviewers, reviewer(dora)],
    }),
  });
  folder = mkdtempSync(join(tmpdir(), 'countersign-team-'));
  alarms.length = 0;
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  world.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function brokerAt(name: string): Promise<Place> {
  const root = join(folder, name);
  mkdirSync(join(root, 'broker'), { recursive: true, mode: 0o700 });
  const { keys, keyring } = world;
  const { org, roots, threshold, log } = keyring;
  const started = await startBroker({
    home: { root, broker: join(root, 'broker') },
    keys: { session: keys.broker, log: keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: (line) => alarms.push(line),
  });
  if (!started.ok) throw new Error(started.code);
  stops.push(() => started.value.stop());
  const endpoint = {
    url: started.value.url,
    origin: LOG_ORIGIN,
    brokerKeyId: keys.broker.keyId,
  };
  return { broker: started.value, endpoint };
}

async function appOf(who: Person, { endpoint }: Place): Promise<TeamApp> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  return app;
}

const run = (at: Place, options: HeldOptions = {}): Promise<HeldRun> => {
  writeEndpoint(world.home, at.endpoint);
  return heldRun(world, { told: [] }, options);
};

const asGuard = async (at: Place): Promise<WireClient> => {
  const client = new WireClient(at.endpoint.url);
  stops.push(() => client.close());
  await client.login('guard', world.keys.guardSession);
  return client;
};
const ask = (client: WireClient) =>
  client.ask('request', {
    envelope: fromUtf8(askedOf(plainRequest(world, Date.now()), world).envelope),
  });

describe('a team of three', { timeout: 60_000 }, () => {
  test('runs what one of them approves once the machines of two confirm the log', async () => {
    const at = await brokerAt('one');
    const alice = await appOf(world.keys.alice, at);
    const events: string[] = [];
    let bob: Promise<TeamApp> | undefined;
    const running = run(at, {
      on: (event) => {
        events.push(event.what);
        // Nobody else is there until the guard says that it waits.
        if (event.what === 'unwitnessed') bob ??= appOf(world.keys.bob, at);
      },
    });
    expect(await alice.approve()).toBe('decided');
    const ended = await running;
    await bob;
    expect(ended.end).toMatchObject({ how: 'ran', who: 'alice' });
    expect(ended.ran).toBe(1);
    expect(events).toContain('unwitnessed');
    // Somebody with nobody's help: a bundle from one machine, and the digest of the roots as typed.
    const { status, text, report } = await auditOnce(
      alice.home,
      rootSetOf(world.keyring),
      (found) => found.report.checked.actions === 3 && cosignedBy(found).length === 2,
    );
    expect([status, report.problems]).toEqual([0, []]);
    expect(report.checked).toMatchObject({ approvals: 1, witnessed: 1 });
    expect(text).toContain('; cosigned by 2 people: ');
    expect(text).toMatch(/\nverified: .* by the roots that you gave\n$/);
  });

  test('closes the session of one who is sent away, within five seconds, and asks them nothing more', async () => {
    const at = await brokerAt('one');
    const gone = await appOf(dora, at);
    await gone.until(({ link }) => link.state === 'online');
    const admin = new WireClient(at.endpoint.url);
    stops.push(() => admin.close());
    await admin.login('reviewer', world.keys.alice.session);
    const reviewers = world.keyring.reviewers.map((one) =>
      one.id === 'dora'
        ? { ...one, keys: one.keys.map((key) => ({ ...key, untilIndex: 1, why: 'left' })) }
        : one,
    );
    const before = performance.now();
    const envelope = fromUtf8(nextKeyring(world, { reviewers }));
    expect(await admin.ask('keyring', { envelope })).toBe(1);
    await gone.until(({ link }) => link.state === 'offline' && link.why === 'revoked');
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(await ask(await asGuard(at))).toBe(2);
    expect((await gone.snapshot()).requests).toEqual([]);
  });

  test('hears of a log that only one of them was shown, stops that log, and runs nothing more on it', async () => {
    const first = await brokerAt('one');
    const alice = await appOf(world.keys.alice, first);
    const bob = await appOf(world.keys.bob, first);
    await alice.until(({ link }) => link.state === 'online');
    // The operator copies the log and shows dora another one, signed by the same key.
    await first.broker.stop();
    cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true });
    const one = await brokerAt('one');
    const two = await brokerAt('two');
    for (const app of [alice, bob]) app.dial(one.endpoint);
    const shown = await appOf(dora, two);
    expect(await ask(await asGuard(two))).toBe(1);
    await shown.until(({ log }) => log.checkpoint?.size === 2);
    const honest = await asGuard(one);
    for (const index of [1, 2, 3]) expect(await ask(honest)).toBe(index);
    // One meeting is enough.
    shown.dial(one.endpoint);
    await two.broker.stop();
    for (const app of [shown, alice, bob])
      await app.until(({ log }) => log.alarm?.code === 'otherHistory');
    expect(alarms.join()).toMatch(/two histories/);
    expect(await ask(honest)).toBe('readOnly');
    const ended = await run(one, { reachMs: 2_000 });
    expect(ended.end.how).not.toBe('ran');
    expect(ended.ran).toBe(0);
  });
});
