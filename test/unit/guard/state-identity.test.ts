// Whom the guard trusts comes from its pin and goes only forward.

import { afterEach, describe, expect, test } from 'vitest';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../../../main/state/atomic-file.ts';
import { openIdentity } from '../../../main/guard/state/identity.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { sealMany } from '../../../main/trust/envelope.ts';
import { toB64 } from '../../../shared/bytes.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { encodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import {
  emptyHome,
  type GuardWorld,
  makeGuardWorld,
  makeKeys,
  nextKeyring,
  signKeyring,
} from '../../kit/guard-world.ts';

const worlds: GuardWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});
const newWorld = (): GuardWorld => {
  const world = makeGuardWorld();
  worlds.push(world);
  return world;
};
const version = ({ home }: GuardWorld): number | string => {
  const opened = openIdentity(home, systemRandom);
  return opened.ok ? opened.value.trust().keyring.keyring.version : opened.code;
};
const place = (world: GuardWorld, keyring: Uint8Array): void => {
  writeAtomic(join(world.home.guard, 'keyring.json'), keyring);
};

describe('is not opened', () => {
  test('without a pin', () => {
    const home = emptyHome();
    expect(openIdentity(home, systemRandom)).toMatchObject({ ok: false, code: 'noPin' });
    rmSync(home.root, { recursive: true });
  });

  test('with a keyring that the pinned roots have not signed', () => {
    const world = newWorld();
    const root = generateKeyPair();
    const roots = [{ keyId: root.keyId, spki: toB64(root.spki) }];
    place(world, signKeyring({ ...world.keyring, roots }, root));
    expect(version(world)).toBe('broken');
    // Its own roots alone are not enough, nor are the pinned ones alone.
    place(world, signKeyring({ ...world.keyring, roots }, world.keys.root));
    expect(version(world)).toBe('broken');
  });

  test.each(['keyring.json', 'guard.pem', 'session.pem'])('without its %s', (name) => {
    const world = newWorld();
    rmSync(join(world.home.guard, name));
    expect(version(world)).toBe('broken');
  });

  test('with a key that the keyring holds for another use', () => {
    const world = newWorld();
    const guards = world.keyring.guards.map((one) => ({
      ...one,
      keys: one.keys.map((key) => ({ ...key, use: 'session' as const })),
    }));
    place(world, signKeyring({ ...world.keyring, guards }, world.keys.root));
    expect(version(world)).toBe('broken');
  });

  test('with a key that the keyring does not hold', () => {
    const world = newWorld();
    place(world, signKeyring({ ...world.keyring, guards: [] }, world.keys.root));
    expect(version(world)).toBe('broken');
  });
});

describe('the keyring', () => {
  const offers = (world: GuardWorld, envelope: Uint8Array): boolean =>
    world.identity.offerKeyring(envelope);

  test('is the next one that the roots signed, here and in every later run', () => {
    const world = newWorld();
    expect(offers(world, nextKeyring(world, {}))).toBe(true);
    expect(world.identity.trust().keyring.keyring.version).toBe(2);
    expect([...world.identity.trust().keyrings.keys()]).toEqual([1, 2]);
    expect(version(world)).toBe(2);
  });

  test('never goes back: an older one in the folder is not used again', () => {
    const world = newWorld();
    offers(world, nextKeyring(world, {}));
    place(world, world.envelope);
    expect(version(world)).toBe(2);
    expect(offers(world, world.envelope)).toBe(false);
    expect(world.identity.trust().keyring.keyring.version).toBe(2);
  });

  test.each([
    ['the same again', (world: GuardWorld) => world.envelope],
    ['one that skips a version', (world: GuardWorld) => nextKeyring(world, { version: 3 })],
    [
      'one that follows another',
      (world: GuardWorld) => nextKeyring(world, { prevSha256: 'a'.repeat(64) }),
    ],
    [
      'one by other roots',
      (world: GuardWorld) => nextKeyring({ keyring: world.keyring, keys: makeKeys() }, {}),
    ],
    ['one of another organisation', (world: GuardWorld) => nextKeyring(world, { org: 'other' })],
    [
      'one with the same key for two people',
      (world: GuardWorld) => {
        const [alice, bob] = world.keyring.reviewers;
        if (!alice || !bob) throw new Error('two people');
        return nextKeyring(world, { reviewers: [alice, { ...bob, keys: alice.keys }] });
      },
    ],
    ['what is no keyring', () => new Uint8Array(3)],
  ])('is not %s', (_, make) => {
    const world = newWorld();
    expect(offers(world, make(world))).toBe(false);
    expect(version(world)).toBe(1);
  });

  test('that needs two roots is not one root twice, nor one of two', () => {
    const world = newWorld();
    const second = generateKeyPair();
    const row = { keyId: second.keyId, spki: toB64(second.spki) };
    const roots = [...world.keyring.roots, row];
    const make = (keyring: Partial<Keyring>, pairs: (typeof second)[]): Uint8Array => {
      const signed = nextKeyring(world, keyring);
      const { payload } = JSON.parse(new TextDecoder().decode(signed));
      return sealMany(payloadTypeOf('keyring'), Buffer.from(payload, 'base64'), pairs);
    };
    const two = { roots, threshold: 2 };
    expect(offers(world, make(two, [world.keys.root]))).toBe(false);
    expect(offers(world, make(two, [second]))).toBe(false);
    expect(offers(world, make(two, [world.keys.root, second]))).toBe(true);
    expect(
      encodeStatement('keyring', world.identity.trust().keyring.keyring).length,
    ).toBeGreaterThan(0);
  });

  test('that cannot be kept is not used', () => {
    const world = newWorld();
    rmSync(world.home.guard, { recursive: true });
    expect(offers(world, nextKeyring(world, {}))).toBe(false);
    expect(world.identity.trust().keyring.keyring.version).toBe(1);
  });
});

test('the secret key is made once and is the same for every run', () => {
  const world = newWorld();
  const again = openIdentity(world.home, systemRandom);
  expect(again.ok && again.value.secretKey).toEqual(world.identity.secretKey);
  expect(readdirSync(world.home.guard)).toContain('secret.key');
  writeAtomic(join(world.home.guard, 'secret.key'), new Uint8Array(3));
  expect(openIdentity(world.home, systemRandom)).toMatchObject({ ok: false, code: 'broken' });
});
