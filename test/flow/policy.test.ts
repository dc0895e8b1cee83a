// A policy of one's own, over real sockets: a real broker, a real guard, a real command. What it allows runs at once and is
// logged, what it holds is asked about, what it forbids runs never; without its bytes, nothing.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readBrokerHome } from '../../main/broker/open-home.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import { type Identity, openIdentity } from '../../main/guard/state/identity.ts';
import { MAX_UNSENT } from '../../main/guard/state/autos.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import type { Policy } from '../../main/policy/policy.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { invariant } from '../../shared/result.ts';
import type { Auto } from '../../shared/statement/auto.ts';
import { decodeStatement, statementTypeOf } from '../../shared/statement/statement.ts';
import { type Ledger, openLedger } from '../../main/ledger/ledger.ts';
import { parseLeaf } from '../../main/trust/leaf.ts';
import { parseVkey } from '../../main/trust/vkey.ts';
import type { GuardWorld } from '../kit/guard-world.ts';
import { type HeldRun, heldRun } from '../kit/held-run.ts';
import { ALLOWS, FORBIDS, holding } from '../kit/test-policies.ts';
import { pinTestPolicies, soloHome } from '../unit/app/solo-home.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

type Stage = {
  readonly home: Awaited<ReturnType<typeof soloHome>>;
  readonly identity: Identity;
  readonly run: (options?: Parameters<typeof heldRun>[2]) => Promise<HeldRun>;
  readonly start: () => Promise<void>;
  /** Every `auto` in the log, once the broker has stopped. */
  readonly autos: () => Promise<readonly Auto[]>;
};

async function stage(policy: Policy, inForce = policy): Promise<Stage> {
  const home = await soloHome(systemClock);
  cleanups.push(() => home[Symbol.dispose]());
  await pinTestPolicies(home, systemClock, undefined, inForce);
  const identity = openIdentity(home, systemRandom);
  invariant(identity.ok, 'the guard has an identity');
  let broker: RunningBroker | undefined;
  const stop = async (): Promise<void> => {
    await broker?.stop();
    broker = undefined;
  };
  cleanups.push(stop);
  const world = { home, identity: identity.value } as unknown as GuardWorld;
  return {
    home,
    identity: identity.value,
    start: async () => {
      const files = readBrokerHome(home.root);
      invariant(files.ok, 'the broker has its files');
      const started = await startBroker({
        ...files.value,
        listen: { host: '127.0.0.1', port: 0 },
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        alarm: () => {},
      });
      invariant(started.ok, 'the broker starts');
      broker = started.value;
    },
    run: (options) => heldRun(world, { told: [] }, options),
    autos: async () => {
      await stop();
      const vkey = parseVkey(identity.value.trust().keyring.keyring.log.vkey);
      invariant(vkey.ok, 'the keyring has a log key');
      const ledger = openLedger(join(home.broker, 'log.sqlite'), vkey.value);
      invariant(ledger.ok, 'the log opens');
      const all = autosIn(ledger.value);
      ledger.value.close();
      return all;
    },
  };
}

function autosIn(ledger: Ledger): readonly Auto[] {
  return Array.from({ length: ledger.size }, (_, index) => ledger.query.leaf(index)).flatMap(
    (stored) => {
      const leaf = stored && parseLeaf(stored.leaf);
      if (!leaf?.ok || statementTypeOf(leaf.value.payloadType) !== 'auto') return [];
      const read = stored?.payload && decodeStatement('auto', stored.payload);
      return read?.ok ? [read.value] : [];
    },
  );
}

const owed = (home: Stage['home']): readonly string[] => {
  const folder = join(home.guard, 'autos');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('what policy allows runs at once, asks nobody, and is in the log', async () => {
  const here = await stage(ALLOWS);
  await here.start();
  const { end, ran, events } = await here.run();
  expect(end).toMatchObject({ how: 'ran', outcome: { code: 0 } });
  expect(ran).toBe(1);
  expect(events.map(({ what }) => what)).not.toContain('asked');
  expect(events).toContainEqual({ what: 'allowed', rules: ['all'] });
  expect(owed(here.home)).toEqual([]);
  const [auto] = await here.autos();
  expect(auto?.entries).toMatchObject([
    {
      outcome: 'allow',
      policy: { sha256: ALLOWS.sha256, rules: ['all'] },
      facts: { kind: 'exec' },
    },
  ]);
});

test('what policy forbids does not run, says its rule and reason, and is in the log', async () => {
  const here = await stage(FORBIDS);
  await here.start();
  const { end, ran } = await here.run();
  expect(end).toMatchObject({ how: 'forbidden', rules: ['never'], reason: 'Nothing runs here.' });
  expect(ran).toBe(0);
  expect((await here.autos()).flatMap(({ entries }) => entries)).toMatchObject([
    { outcome: 'forbid', policy: { rules: ['never'] } },
  ]);
});

test('what policy holds is asked about at its tier, and not for longer than it says', async () => {
  const here = await stage(holding('high'));
  await here.start();
  const run = await here.run({ ttlMs: 1_500 });
  expect(run.ran).toBe(0);
  expect(run.end).toMatchObject({ how: 'expired' });
  expect(run.end).toMatchObject({
    request: { request: { policy: { sha256: holding('high').sha256, tier: 'high' } } },
  });
});

test('what policy allows runs without a broker, and is brought to it later', async () => {
  const here = await stage(ALLOWS);
  expect(await here.run()).toMatchObject({ ran: 1, end: { how: 'ran' } });
  expect(await here.run()).toMatchObject({ ran: 1, end: { how: 'ran' } });
  expect(owed(here.home)).toHaveLength(2);
  await here.start();
  expect(await here.run()).toMatchObject({ ran: 1 });
  expect(owed(here.home)).toEqual([]);
  expect((await here.autos()).flatMap(({ entries }) => entries)).toHaveLength(3);
});

test('with 1,000 unsent nothing more runs unasked', async () => {
  const here = await stage(ALLOWS);
  const folder = join(here.home.guard, 'autos');
  mkdirSync(folder, { mode: 0o700 });
  for (let i = 0; i < MAX_UNSENT; i++) {
    const time = String(systemClock.now()).padStart(16, '0');
    const name = `${time}-${String(i).padStart(6, '0')}-${'0'.repeat(32)}`;
    writeFileSync(join(folder, name), '{}', { mode: 0o600 });
  }
  expect(await here.run()).toMatchObject({ ran: 0, end: { how: 'refused', code: 'autosOwed' } });
});

test('without the bytes of the policy in force nobody is asked, and nothing runs', async () => {
  const here = await stage(ALLOWS);
  rmSync(join(here.home.root, 'policies', ALLOWS.sha256));
  await here.start();
  const { end, ran, events } = await here.run({ reachMs: 1_000 });
  expect(end).toMatchObject({ how: 'unaskable', code: 'policy' });
  expect(end).toMatchObject({ detail: expect.stringMatching(/is not on this machine/) });
  expect(ran).toBe(0);
  expect(events).toEqual([]);
});

test('a file that is not what its name says is no policy', async () => {
  const here = await stage(FORBIDS);
  const path = join(here.home.root, 'policies', FORBIDS.sha256);
  writeFileSync(path, ALLOWS.bytes, { mode: 0o600 });
  expect(openPolicyFiles(here.home).read(FORBIDS.sha256)).toBeUndefined();
  expect(await here.run({ reachMs: 500 })).toMatchObject({ ran: 0, end: { code: 'policy' } });
});
