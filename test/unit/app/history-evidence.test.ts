// The history screen's evidence over the whole app: from the log that this app has followed to a private zip that verifies by
// the machine's own roots.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootSetOf } from '../../../main/trust/keyring.ts';
import { verifyBundle } from '../../../main/evidence/verify.ts';
import { readZip } from '../../../main/evidence/zip.ts';
import { readPrivate } from '../../../main/state/atomic-file.ts';
import { ENVELOPE_LIMITS } from '../../../main/trust/limits.ts';
import { CONTRACT } from '../../../shared/ipc/contract.ts';
import type { Exported } from '../../../shared/ipc/history.ts';
import { openWorld, WINDOW, type World } from './world.ts';

/** A log that begins with its keyring, as a real one does, and one approved request that ran. */
async function lived(): Promise<World> {
  const world = await openWorld();
  const keyring = readPrivate(join(world.home.app, 'keyring.json'), ENVELOPE_LIMITS.keyring);
  if (!keyring.ok) throw new Error(keyring.detail);
  world.log.append(keyring.value);
  world.publish(0);
  const digest = await world.ask('low');
  const viewSha256 = await world.look(digest);
  await world.gesture(digest, 'clicked');
  world.time.advance(700);
  const decided = await world.decide({ digest, viewSha256 });
  if (!decided.ok) throw new Error(decided.code);
  const decisions = [decided.value.decision];
  await world.until(() => world.row(digest)?.stage === 'decided');
  world.receipt(digest, 'consumed', { decisions });
  world.end(digest, 'approved', { decisions });
  world.receipt(digest, 'finished', { decisions, exit: { code: 0 } });
  await world.until(() => world.row(digest)?.run === 'finished');
  await world.until(({ log }) => log.checkpoint?.size === world.log.leaves.length);
  return world;
}

async function exported(
  world: World,
  input: Parameters<World['answers']['history']['evidence']>[0],
) {
  const ended = Promise.withResolvers<Exported>();
  world.app.listen((event, payload) => {
    if (event !== 'history.exported') return;
    const told = CONTRACT.history.exported.payload.parse(payload);
    if (told.path ?? told.failed ?? told.cancelled) ended.resolve(told);
  });
  const started = CONTRACT.history.evidence.output.parse(
    await world.answers.history.evidence(input, WINDOW),
  );
  expect(started.ok).toBe(true);
  return ended.promise;
}

test('evidence is one private zip that verifies by this machine’s roots, and says that it is solo', async () => {
  await using world = await lived();
  const told = await exported(world, {});
  expect(told).toMatchObject({ evidence: true, rows: world.log.leaves.length });
  const path = told.path ?? '';
  expect(path.startsWith(join(world.home.app, 'exports', 'evidence-'))).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const files = readZip(new Uint8Array(readFileSync(path)));
  if (!files.ok) throw new Error(files.detail);
  const report = verifyBundle(files.value, rootSetOf(world.keyring));
  expect(report.problems).toEqual([]);
  expect(report.checked).toMatchObject({ approvals: 1, actions: 2, views: 1 });
  expect(report.notChecked).toContain('solo: no separation of duties, no second witness');
});

test('a range without entries is said, one export runs at a time, and a stopped one leaves nothing', async () => {
  await using world = await lived();
  expect(await exported(world, { from: '2030-01-01T00:00:00.000Z' })).toMatchObject({
    failed: 'no entry is in this range',
  });
  const first = exported(world, {});
  expect(await world.answers.history.export({ format: 'csv', filters: {} }, WINDOW)).toMatchObject({
    code: 'busy',
  });
  await world.answers.history.exportCancel({ id: 2 }, WINDOW);
  expect(await first).toMatchObject({ cancelled: true, evidence: true });
  expect(readdirSync(join(world.home.app, 'exports'))).toEqual([]);
});
