// `countersign policy use` against a real broker: from the next command on the policy is in force, in one version of the
// keyring that the root has signed. And the bytes on the wire: only what is pinned, only from who may, only as it is.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { makeSolo } from '../../main/app/solo.ts';
import { readBrokerHome } from '../../main/broker/open-home.ts';
import { startBroker } from '../../main/broker/start-broker.ts';
import { policyCommand } from '../../main/cli/policy.ts';
import { openIdentity } from '../../main/guard/state/identity.ts';
import { thisMachine } from '../../main/hosts/processes/machine.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { writeAtomic } from '../../main/state/atomic-file.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { fromB64, toB64, utf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { GuardWorld } from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import { ALLOWS, FORBIDS } from '../kit/test-policies.ts';
import { visit } from '../kit/wire-visit.ts';
import { makeOrg } from '../kit/wire-world.ts';
import { emptyHome, MAYA, SECRET } from '../unit/app/solo-home.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test('use puts a checked policy in force, and refuses one with a problem', async () => {
  const home = emptyHome();
  cleanups.push(() => home[Symbol.dispose]());
  const made = await makeSolo(home, MAYA, { clock: systemClock, random: systemRandom });
  const files = readBrokerHome(home.root);
  invariant(made.ok && files.ok, 'a first run is complete');
  const system = { clock: systemClock, timers: systemTimers, random: systemRandom };
  const listen = { host: '127.0.0.1', port: 0 };
  const broker = await startBroker({ ...files.value, ...system, listen, alarm: () => {} });
  invariant(broker.ok, 'the broker starts');
  cleanups.push(() => broker.value.stop());
  const folder = mkdtempSync(join(tmpdir(), 'countersign-use-'));
  writeAtomic(join(folder, 'passphrase'), utf8(SECRET));
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const machine = {
    ...thisMachine(import.meta.dirname),
    env: {
      COUNTERSIGN_HOME: home.root,
      COUNTERSIGN_PASSPHRASE_FILE: join(folder, 'passphrase'),
    },
    terminal: { input: new PassThrough(), output, errors },
  };
  const use = (text: Uint8Array | string): Promise<number> => {
    writeFileSync(join(folder, 'my.cedar'), text);
    return policyCommand(['use', join(folder, 'my.cedar')], machine);
  };
  const held = () => {
    const identity = openIdentity(home, systemRandom);
    invariant(identity.ok, 'the guard has an identity');
    return identity.value;
  };
  expect(await use('permit (principal is Agent, action, resource);')).toBe(1);
  expect(held().trust().keyring.keyring.version).toBe(1);
  expect(await use(ALLOWS.bytes)).toBe(0);
  expect(String(output.read())).toMatch(/my\.cedar is in force: keyring version 2/);
  const identity = held();
  expect(identity.trust().keyring.keyring).toMatchObject({
    version: 2,
    policies: [{ name: 'hold-everything' }, { sha256: ALLOWS.sha256, name: 'my.cedar' }],
  });
  const run = await heldRun({ home, identity } as unknown as GuardWorld, { told: [] });
  expect(run).toMatchObject({ ran: 1, end: { how: 'ran', who: 'policy: all' } });
});

test('the broker keeps and gives what is pinned, and takes it from administrators alone', async () => {
  const org = makeOrg((keyring) => ({
    ...keyring,
    policies: [{ sha256: ALLOWS.sha256, name: 'all' }],
    reviewers: keyring.reviewers.map((one) =>
      one.id === 'alice' ? { ...one, groups: ['admin'] } : one,
    ),
  }));
  const here = await visit(org);
  cleanups.push(() => here.leave());
  const [guard, alice] = [await here.asGuard(), await here.asReviewer()];
  const bob = await here.asReviewer(org.bob);
  const put = (bytes: Uint8Array) => ({ bytes: toB64(bytes) });
  expect(await guard.ask('putPolicy', put(ALLOWS.bytes))).toBe('wrongRole');
  expect(await bob.ask('putPolicy', put(ALLOWS.bytes))).toBe('wrongRole');
  expect(await alice.ask('putPolicy', put(FORBIDS.bytes))).toBe('policyMissing');
  expect(await alice.ask('putPolicy', put(new Uint8Array(64 * 1024 + 1)))).toBe('tooLarge');
  expect(await alice.ask('putPolicy', put(ALLOWS.bytes))).toBe('kept');
  expect(await guard.ask('policy', { sha256: FORBIDS.sha256 })).toBe('policyMissing');
  const id = guard.tell('policy', { sha256: ALLOWS.sha256 });
  const { body } = await guard.wait('policyBytes', (one) => one.ref === id);
  expect(fromB64(body.bytes)).toEqual(ALLOWS.bytes);
});
