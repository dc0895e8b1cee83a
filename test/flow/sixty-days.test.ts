// Sixty days of a team of three whose laptops sleep, with root keys that come out of their drawer once: a guard asks every few
// hours, by day and by night. What policy lets run always runs; what is held is approved whenever somebody is awake and
// expires when nobody is; and in no hour does the guard refuse although the broker is up.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromUtf8 } from '../../shared/bytes.ts';
import { startBroker } from '../../main/broker/start-broker.ts';
import type { RunEnd, RunEvent } from '../../main/guard/run.ts';
import { openIdentity } from '../../main/guard/state/identity.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import {
  type GuardWorld,
  LOG_ORIGIN,
  makeGuardWorld,
  nextKeyring,
  person,
  type Person,
  reviewer,
} from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import { JumpingTime } from '../kit/jumping-time.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';
import { cedar } from '../kit/test-policies.ts';
import { WireClient } from '../kit/wire-client.ts';

const HOUR = 3600_000;
const DAYS = 60;
const FULL = process.env['FAULTS'] === 'full';
/** All of them in the full run; else each hour of a day comes up in turn. */
const EVERY_HOURS = FULL ? 1 : 11;
/** The keyring was made fifty days before, for ninety: it ends within these sixty. */
const MADE_BEFORE = 50 * 24 * HOUR;
const LIFETIME = 90 * 24 * HOUR;
const RENEWED_ON = 33;
const TTL_MS = 30 * 60_000;

const POLICY = cedar(`@id("readers")
permit (principal == Agent::"reader", action, resource);
@id("hold")
forbid (principal is Agent, action, resource) when { principal != Agent::"reader" }
unless { context.approved };
`);

/** Who is awake at an hour of a day; nobody from 0 to 6. */
const AWAKE: { readonly [id: string]: (day: number, hour: number) => boolean } = {
  alice: (day, hour) => day % 7 < 5 && hour >= 8 && hour < 18,
  bob: (_, hour) => hour >= 15,
  dora: (day, hour) => day % 7 >= 5 && hour >= 6 && hour < 20,
};

const time = new JumpingTime();
const machine = {
  clock: time,
  timers: time,
  // A turn for what the jump set off.
  pass: async (ms: number): Promise<void> => {
    time.jump(ms);
    await new Promise((resolve) => setImmediate(resolve));
  },
};
let world: GuardWorld;
let folder: string;
let endpoint: Endpoint;
const stops: (() => unknown)[] = [];
const laptops = new Map<string, { readonly app: TeamApp; awake: boolean }>();

beforeEach(async () => {
  const dora = person('dora');
  const made = time.now() - MADE_BEFORE;
  world = makeGuardWorld({
    now: time.now(),
    keyring: ({ witnesses: _, ...keyring }) => ({
      ...keyring,
      issuedAt: new Date(made).toISOString(),
      expires: new Date(made + LIFETIME).toISOString(),
      reviewers: [...keyring.reviewers, reviewer(dora)],
      policies: [{ sha256: POLICY.sha256, name: 'sixty days' }],
    }),
  });
  folder = mkdtempSync(join(tmpdir(), 'countersign-sixty-'));
  const broker = join(folder, 'broker');
  mkdirSync(broker, { mode: 0o700 });
  for (const root of [folder, world.home.root]) openPolicyFiles({ root }).keep(POLICY.bytes);
  const { org, roots, threshold, log } = world.keyring;
  const { keys } = world;
  const started = await startBroker({
    home: { root: folder, broker },
    keys: { session: keys.broker, log: keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: time,
    timers: time,
    random: systemRandom,
    alarm: (line) => {
      throw new Error(line);
    },
  });
  if (!started.ok) throw new Error(started.code);
  stops.push(() => started.value.stop());
  endpoint = { url: started.value.url, origin: LOG_ORIGIN, brokerKeyId: keys.broker.keyId };
  writeEndpoint(world.home, endpoint);
  for (const who of [keys.alice, keys.bob, dora]) await buyLaptop(who);
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  world.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function buyLaptop(who: Person): Promise<void> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint, machine);
  stops.push(app.stop);
  laptops.set(who.id, { app, awake: true });
}

/** Lids close and open as the hour says; the rest of the organisation waits for those who are awake. */
async function settleLaptops(day: number, hour: number): Promise<readonly TeamApp[]> {
  for (const [id, laptop] of laptops) {
    const awake = AWAKE[id]?.(day, hour) === true;
    if (laptop.awake && !awake) await laptop.app.sleep();
    if (!laptop.awake && awake) await laptop.app.restart();
    laptop.awake = awake;
  }
  const awake = [...laptops.values()].filter((one) => one.awake).map(({ app }) => app);
  for (const app of awake) {
    await app.unlock();
    await online(app);
  }
  return awake;
}

/** After a jump each connection is dead for the other end; dialling again waits for its turn. */
async function online(app: TeamApp): Promise<void> {
  while ((await app.snapshot()).link.state !== 'online') {
    time.jump(500);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Each run is a program of its own: it reads its keyring from the disk. */
async function runAs(agent: string, held: () => void = () => {}): Promise<RunEnd> {
  const identity = openIdentity(world.home, systemRandom);
  if (!identity.ok) throw new Error(identity.code);
  const ports = { clock: time, timers: time, identity: identity.value };
  const on = ({ what }: RunEvent): void => {
    if (what === 'held') held();
  };
  return (await heldRun(world, { told: [] }, { agent, ttlMs: TTL_MS, reachMs: TTL_MS, ports, on }))
    .end;
}

/** Asks, and either somebody who is awake looks at it, or its time goes by. */
async function holdAs(agent: string, decider: TeamApp | undefined): Promise<RunEnd> {
  let isHeld: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const asking = runAs(agent, isHeld);
  // An end that comes first is told by the end.
  if (decider !== undefined) await passing(Promise.race([decider.approve(), asking]));
  else {
    await passing(held);
    time.jump(TTL_MS);
  }
  return passing(asking);
}

/** What waits for a timer of a quarter of a second waits for a tenth of that. */
async function passing<T>(what: Promise<T>): Promise<T> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  what.then(end, end);
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    time.jump(40);
  }
  return what;
}

/** The roots sign the next keyring away from here; somebody who is awake publishes the file. */
async function renew(by: Person): Promise<void> {
  const expires = new Date(time.now() + LIFETIME).toISOString();
  const issuedAt = new Date(time.now()).toISOString();
  const client = new WireClient(endpoint.url);
  await client.login('reviewer', by.session, { issuedAt });
  const next = fromUtf8(nextKeyring(world, { issuedAt, expires }));
  expect(await client.ask('keyring', { envelope: next })).toEqual(expect.any(Number));
  client.close();
}

type Days = { readonly from: number; readonly to: number; readonly renewedOn: number };

async function live({ from, to, renewedOn }: Days) {
  const refusals: string[] = [];
  const counts = { steps: 0, allowed: 0, approved: 0, unseen: 0, asleep: 0 };
  let renewed = false;
  for (let hours = from * 24; hours < to * 24; hours += EVERY_HOURS) {
    const [day, hour] = [Math.floor(hours / 24), hours % 24];
    const awake = await settleLaptops(day, hour);
    if (!renewed && day >= renewedOn && laptops.get('alice')?.awake === true) {
      await renew(world.keys.alice);
      renewed = true;
    }
    counts.steps += 1;
    const at = `day ${day}, ${hour} o'clock`;
    const allowed = await passing(runAs('reader'));
    if (allowed.how === 'ran') counts.allowed += 1;
    else refusals.push(`${at}: allowed: ${said(allowed)}`);
    const [decider] = awake;
    if (decider === undefined) counts.asleep += 1;
    const held = await holdAs('claude', decider);
    if (held.how === 'ran') counts.approved += 1;
    else if (held.how === 'expired' && decider === undefined) counts.unseen += 1;
    else refusals.push(`${at}: held: ${said(held)}`);
    time.jump(EVERY_HOURS * HOUR);
  }
  return { refusals, counts };
}

test(
  'no hour in sixty days in which the guard refuses although the broker is up',
  async () => {
    const { refusals, counts } = await live({ from: 0, to: DAYS, renewedOn: RENEWED_ON });
    expect(refusals).toEqual([]);
    expect(counts.allowed).toBe(counts.steps);
    expect(counts.unseen).toBe(counts.asleep);
    expect(counts.approved + counts.unseen).toBe(counts.steps);
    // The plan of who is awake leaves some nights to nobody, and most hours to somebody.
    expect(counts.asleep / counts.steps).toBeGreaterThan(0.2);
    expect(counts.approved / counts.steps).toBeGreaterThan(0.5);
  },
  FULL ? 1_800_000 : 180_000,
);

test('with the root keys left in their drawer it does refuse, from the day their word ends', async () => {
  const ends = (LIFETIME - MADE_BEFORE) / (24 * HOUR);
  time.jump((ends - 1) * 24 * HOUR);
  const { refusals } = await live({ from: ends - 1, to: ends + 1, renewedOn: DAYS });
  expect(refusals.length).toBeGreaterThan(1);
  expect(new Set(refusals.map((line) => line.split(',')[0]))).toEqual(new Set([`day ${ends}`]));
  expect(refusals.every((line) => line.endsWith('keyringExpired'))).toBe(true);
}, 120_000);

const said = (end: RunEnd): string => `${end.how} ${'code' in end ? end.code : ''}`;
