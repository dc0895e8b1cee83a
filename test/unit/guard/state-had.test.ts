// A guard whose folders were taken away does not begin anew: what they held says what is used up and what was seen.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newestKept, openCheckpoints } from '../../../main/guard/state/checkpoints.ts';
import { consume } from '../../../main/guard/state/consumed.ts';
import { openGrantUses } from '../../../main/guard/state/grant-uses.ts';
import { openIdentity } from '../../../main/guard/state/identity.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { type GuardWorld, makeGuardWorld } from '../../kit/guard-world.ts';

const worlds: GuardWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});
function newWorld(): GuardWorld {
  const world = makeGuardWorld();
  worlds.push(world);
  return world;
}
const NONCE = 'ab'.repeat(32);
const open = ({ home }: GuardWorld) => openIdentity(home, systemRandom);
const logOf = ({ home }: GuardWorld): string =>
  readdirSync(home.guard).find((name) => name.startsWith('log-')) ?? '';

const KINDS: readonly [string, (world: GuardWorld) => string][] = [
  [
    'consumed',
    (world) => {
      expect(consume(world.home, NONCE, 'x')).toBeUndefined();
      return 'consumed';
    },
  ],
  [
    'grants',
    (world) => {
      openGrantUses(world.home).end('cd'.repeat(32), 'ended', 0);
      return 'grants';
    },
  ],
  [
    'the log',
    (world) => {
      newestKept(world.home, world.keyring.log.vkey);
      return logOf(world);
    },
  ],
];

describe.each(KINDS)('a guard that has lost its folder of %s', (_, use) => {
  test('is not opened, and the sentence names what is gone and the way out', () => {
    const world = newWorld();
    expect(open(world).ok).toBe(true);
    const name = use(world);
    expect(open(world).ok).toBe(true);
    rmSync(join(world.home.guard, name), { recursive: true });
    const refused = open(world);
    expect(refused).toMatchObject({ ok: false, code: 'broken' });
    const detail = refused.ok ? '' : (refused.detail ?? '');
    expect(detail).toContain(join(world.home.guard, `${name} is gone`));
    expect(detail).toContain(join(world.home.guard, `had-${name}`));
    // Nothing has put another one in its place meanwhile.
    expect(open(world).ok).toBe(false);
  });

  test('is opened again once it is put back, or once a person has removed the mark', () => {
    const world = newWorld();
    const name = use(world);
    rmSync(join(world.home.guard, name), { recursive: true });
    mkdirSync(join(world.home.guard, name));
    expect(open(world).ok).toBe(true);
    rmSync(join(world.home.guard, name), { recursive: true });
    rmSync(join(world.home.guard, `had-${name}`));
    expect(open(world).ok).toBe(true);
    use(world);
  });
});

test('a run that is under way when they go consumes nothing, counts no use and admits no head', async () => {
  const world = newWorld();
  for (const [, use] of KINDS) use(world);
  const { home, keyring } = world;
  for (const name of ['consumed', 'grants', logOf(world)])
    rmSync(join(home.guard, name), { recursive: true });
  expect(consume(home, NONCE, 'x')).toMatchObject({ code: 'consumeFailed' });
  const admit = openCheckpoints(home, keyring.log, { now: () => 0, fork: () => {} });
  const head = { origin: 'x', size: 1, root: new Uint8Array(32), note: 'x' };
  expect(await admit(head, async () => undefined)).toBe('otherHistory');
  openGrantUses(home).end('cd'.repeat(32), 'ended', 0);
  expect(readdirSync(home.guard).filter((name) => /^(consumed|grants|log-)/.test(name))).toEqual(
    [],
  );
});
