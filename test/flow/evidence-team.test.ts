// Evidence of a team, from real machines to an auditor: what two of them have cosigned stands in each one's bundle, and who
// checks it has nothing but the bundle and the digest of the roots.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemTimers } from '../../main/broker/ports.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import { noteIn, sizeIn } from '../../main/evidence/book.ts';
import { bookOf } from '../../main/evidence/open-files.ts';
import { readZip } from '../../main/evidence/zip.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { writeEndpoint } from '../../main/state/endpoint.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { type Audit, audit, auditOnce, bundleOf, cosignedBy } from '../kit/audit.ts';
import {
  type GuardWorld,
  LOG_ORIGIN,
  makeGuardWorld,
  person,
  type Person,
  reviewer,
} from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import { openTeamApp, type TeamApp } from '../kit/team-app.ts';

let world: GuardWorld;
let dora: Person;
let folder: string;
let endpoint: Endpoint;
let broker: RunningBroker;
const stops: (() => unknown)[] = [];

beforeEach(async () => {
  dora = person('dora');
  world = makeGuardWorld({
    keyring: (keyring) => ({
      ...keyring,
      witnesses: { count: 2, withinMs: 60_000 },
      reviewers: [...keyring.reviewers, reviewer(dora)],
    }),
  });
  folder = mkdtempSync(join(tmpdir(), 'countersign-evidence-team-'));
  mkdirSync(join(folder, 'broker'), { recursive: true, mode: 0o700 });
  await begin();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await broker.stop();
  world.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** On the same folder again after a stop, at another address. */
async function begin(): Promise<void> {
  const { keys, keyring } = world;
  const { org, roots, threshold, log } = keyring;
  const started = await startBroker({
    home: { root: folder, broker: join(folder, 'broker') },
    keys: { session: keys.broker, log: keys.log },
    pin: { org, roots, threshold, log },
    keyring: world.envelope,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    alarm: () => {},
  });
  if (!started.ok) throw new Error(started.code);
  broker = started.value;
  endpoint = { url: broker.url, origin: LOG_ORIGIN, brokerKeyId: keys.broker.keyId };
}

async function appOf(who: Person): Promise<TeamApp> {
  const app = await openTeamApp(who, world.keyring, world.envelope, endpoint);
  stops.push(app.stop);
  return app;
}

async function runApproved(by: TeamApp): Promise<void> {
  writeEndpoint(world.home, endpoint);
  const running = heldRun(world, { told: [] });
  expect(await by.approve()).toBe('decided');
  expect((await running).end).toMatchObject({ how: 'ran' });
}

const roots = (): string => rootSetOf(world.keyring);

/** Until that machine's bundle has everything, and these names under its head. */
async function named({ home }: TeamApp, names: readonly string[]): Promise<Audit> {
  // All that the guard had to say is in: no later head will take the place of this one.
  const whole = ({ report: { checked } }: Audit): boolean =>
    checked.actions === 3 && checked.approvals === 1;
  const shows = (found: Audit): boolean =>
    whole(found) && cosignedBy(found).join() === names.join();
  const found = await auditOnce(home, roots(), shows);
  expect(cosignedBy(found)).toEqual(names);
  return found;
}

describe('evidence of a team', { timeout: 30_000 }, () => {
  test('says who cosigned its head, from each machine, and that what ran had been seen by enough people', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    await runApproved(alice);
    for (const app of [alice, bob]) {
      const { status, text, report } = await named(app, ['alice', 'bob']);
      expect([status, report.problems]).toEqual([0, []]);
      expect(report.checked).toMatchObject({ approvals: 1, witnessed: 1 });
      expect(text).toMatch(/; cosigned by 2 people: (alice|bob) \(/);
      expect(text).toMatch(/\nverified: .* by the roots that you gave\n$/);
    }
  });

  test('has the names from before for one who comes later, also over a restart of the broker', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    await runApproved(alice);
    await named(alice, ['alice', 'bob']);
    await alice.sleep();
    await bob.sleep();
    await broker.stop();
    await begin();
    const late = await appOf(dora);
    await late.until(({ log }) => log.checkpoint !== undefined);
    await named(late, ['alice', 'bob', 'dora']);
  });

  test('under a head that the log carries has the same bytes from two machines, and one record under any', async () => {
    const alice = await appOf(world.keys.alice);
    const bob = await appOf(world.keys.bob);
    await runApproved(alice);
    await named(alice, ['alice', 'bob']);
    await named(bob, ['alice', 'bob']);
    const all = audit(await bundleOf(alice.home), roots()).report;
    const record = ({ home }: TeamApp) =>
      bundleOf(home, { at: all.about?.size }).then(
        (zip) => audit(zip, roots()).report.about?.record,
      );
    expect(await record(bob)).toBe(await record(alice));
    // The head that the guard acted under: its receipt carries it, with the names.
    const at = acted(await bundleOf(alice.home));
    const [one, other] = [await bundleOf(alice.home, { at }), await bundleOf(bob.home, { at })];
    expect(Buffer.from(one).equals(other)).toBe(true);
    expect(cosignedBy(audit(one, roots()))).toEqual(['alice', 'bob']);
  });
});

function acted(zip: Uint8Array): number {
  const files = readZip(zip);
  const book = files.ok ? bookOf(files.value) : files;
  if (!book.ok) throw new Error(book.detail);
  const receipt = book.value.opened.find(({ type }) => type === 'receipt');
  return sizeIn((receipt && noteIn(receipt)) ?? '') ?? 0;
}
