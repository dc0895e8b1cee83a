// R18 for the guard: its folder comes back as it was a day before, with fewer used approvals and an older checkpoint.
// What was approved since is not run again, a log that parts from what reviewers have seen is refused, and a guard whose
// pin is gone does nothing until it is pinned again.

import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIdentity } from '../../main/guard/state/identity.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type GuardWorld, makeGuardWorld } from '../kit/guard-world.ts';
import { heldRun } from '../kit/held-run.ts';
import {
  logged,
  noteB64,
  passOn,
  sayEntry,
  signDecision,
  startHostileBroker,
  type Strategy,
} from '../kit/hostile-broker.ts';
import type { Entry } from '../kit/test-log.ts';
import { countOf, limitOf, report } from './counts.ts';

/** One `run` of this guard against a broker with this strategy, as a process started now would do it. */
async function runOnce(
  world: GuardWorld,
  strategy: Strategy,
): Promise<{ readonly how: string; readonly ran: number }> {
  const identity = openIdentity(world.home, systemRandom);
  if (!identity.ok) return { how: identity.code, ran: 0 };
  const broker = await startHostileBroker(world, strategy);
  try {
    const { end, ran } = await heldRun({ ...world, identity: identity.value }, broker);
    return { how: end.how === 'refused' ? end.code : end.how, ran };
  } finally {
    await broker.stop();
  }
}

function restore({ home }: GuardWorld, backup: string): void {
  rmSync(home.guard, { recursive: true });
  cpSync(backup, home.guard, { recursive: true });
}

const RAN = { how: 'ran', ran: 1 };

/** What each of the four runs after a rollback came to. */
async function round(n: number) {
  const world = makeGuardWorld();
  try {
    const approvals: Entry[] = [];
    const approves: Strategy = {
      onRequest: (scene) => {
        const entry = logged(scene, signDecision(scene));
        approvals.push(entry);
        sayEntry(scene, entry);
      },
    };
    const backup = join(world.home.root, 'yesterday');
    expect(await runOnce(world, approves)).toEqual(RAN);
    cpSync(world.home.guard, backup, { recursive: true });
    const atBackup = world.log.size;
    world.log.pad(1 + (n % 7));
    expect(await runOnce(world, approves)).toEqual(RAN);

    restore(world, backup);
    // The broker brings yesterday's and today's approvals again, for whatever is asked now.
    const replayed = await runOnce(world, {
      onRequest: (scene) => {
        for (const old of approvals) sayEntry(scene, { ...old, request: scene.digest });
      },
    });
    restore(world, backup);
    const fork = world.log.fork(atBackup).pad(3, 'another history');
    const seen = noteB64(world.log);
    const forked = await runOnce(
      { ...world, log: fork },
      { onRequest: (scene) => passOn(scene, { change: (d) => ({ ...d, checkpoint: seen }) }) },
    );
    restore(world, backup);
    const honest = await runOnce(world, approves);
    rmSync(join(world.home.guard, 'pin.json'));
    const unpinned = await runOnce(world, approves);
    return { replayed, forked, honest, unpinned };
  } finally {
    world.remove();
  }
}

test(`R18: ${countOf('R18')} times a guard's folder is restored: nothing runs twice, no other log is believed`, {
  timeout: limitOf('R18', 10_000),
}, async () => {
  let twice = 0;
  for (let n = 0; n < countOf('R18'); n += 1) {
    const { replayed, forked, honest, unpinned } = await round(n);
    twice += replayed.ran + forked.ran + unpinned.ran;
    expect([n, replayed]).toEqual([n, { how: 'otherRequest', ran: 0 }]);
    expect([n, forked]).toEqual([n, { how: 'otherHistory', ran: 0 }]);
    expect([n, honest]).toEqual([n, RAN]);
    expect([n, unpinned]).toEqual([n, { how: 'noPin', ran: 0 }]);
  }
  report('R18', `guard: ${countOf('R18')} rollbacks, ${twice} executions that were not approved`);
  expect(twice).toBe(0);
});
