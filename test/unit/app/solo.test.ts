// The first run in solo mode: every key on the spot, the guard's pin last; cut off anywhere, the next start makes it whole.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openKeyringFile } from '../../../main/app/keyring-file.ts';
import { openKeys } from '../../../main/app/keys.ts';
import { finishSolo, makeSolo } from '../../../main/app/solo.ts';
import { openIdentity } from '../../../main/guard/state/identity.ts';
import type { Home } from '../../../main/state/home.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { handTime } from './hand-time.ts';
import { COST, emptyHome, MAYA, SECRET, soloHome } from './solo-home.ts';

/** Everything that a first run writes, in the order in which it writes it. */
const WRITES = [
  'app/session.pem',
  'app/witness.pem',
  'broker/session.pem',
  'broker/log.pem',
  'guard/guard.pem',
  'guard/session.pem',
  'app/root.sealed',
  'app/decision.sealed',
  'app/keyring.json',
  'broker/keyring.json',
  'guard/keyring.json',
  'broker/pin.json',
  'app/pin.json',
  'guard/pin.json',
];
const time = handTime();
const ports = { clock: time.clock, random: systemRandom };
const make = (home: Home, passphrase = SECRET) =>
  makeSolo(home, { ...MAYA, passphrase }, ports, COST);

/** App and guard agree on one keyring, and the passphrase opens its decision and root keys. */
async function complete(home: Home, passphrase = SECRET): Promise<void> {
  const file = openKeyringFile(home);
  const guard = openIdentity(home, systemRandom);
  const keys = openKeys(home, time.clock, COST);
  if (!file.ok || !guard.ok) throw new Error('not complete');
  expect(guard.value.trust().keyring.sha256).toBe(file.value.held().sha256);
  expect(readFileSync(join(home.broker, 'keyring.json'))).toEqual(
    readFileSync(join(home.app, 'keyring.json')),
  );
  expect((await keys.unlock(passphrase)).ok).toBe(true);
  const root = await keys.root(passphrase);
  expect(root.ok && root.value.keyId).toBe(file.value.held().keyring.roots[0]?.keyId);
  expect(file.value.held().keys.has(keys.decision()?.keyId ?? '')).toBe(true);
}

describe('the first run', () => {
  test('makes every key, 0600, for one person and one machine', async () => {
    using home = await soloHome(time.clock);
    for (const path of WRITES) expect(statSync(join(home.root, path)).mode & 0o777).toBe(0o600);
    await complete(home);
    const file = openKeyringFile(home);
    expect(file.ok && file.value.held().keyring).toMatchObject({
      solo: true,
      version: 1,
      threshold: 1,
      reviewers: [{ id: 'maya' }],
      guards: [{ host: 'maya-laptop' }],
    });
  });

  test('is done once', async () => {
    using home = await soloHome(time.clock);
    const before = readFileSync(join(home.app, 'root.sealed'));
    expect(await make(home, 'another passphrase')).toMatchObject({ ok: false, code: 'done' });
    expect(readFileSync(join(home.app, 'root.sealed'))).toEqual(before);
  });

  test('replaces nothing where the pin is there and cannot be read', async () => {
    using home = await soloHome(time.clock);
    const before = readFileSync(join(home.app, 'root.sealed'));
    chmodSync(join(home.guard, 'pin.json'), 0o644);
    expect(await make(home, 'another passphrase')).toMatchObject({ ok: false, code: 'done' });
    expect(readFileSync(join(home.app, 'root.sealed'))).toEqual(before);
  });

  test.each(WRITES.map((path, i) => [path, i] as const))(
    'cut off before %s: no guard trusts it, and the next one makes it whole',
    async (path, i) => {
      using home = await soloHome(time.clock);
      for (const later of WRITES.slice(i)) rmSync(join(home.root, later));
      expect(openIdentity(home, systemRandom)).toMatchObject({ ok: false, code: 'noPin' });
      const file = openKeyringFile(home);
      // Only the guard's pin is missing: the app that starts writes it.
      expect(file.ok).toBe(path === 'guard/pin.json');
      if (file.ok) {
        expect(finishSolo(home, file.value.held().keyring).ok).toBe(true);
        await complete(home);
      } else {
        expect((await make(home, 'a new passphrase')).ok).toBe(true);
        await complete(home, 'a new passphrase');
      }
    },
  );

  test.each(WRITES.map((path, i) => [path, i] as const))(
    'that cannot write %s writes nothing after it, and is made whole later',
    async (path, i) => {
      using home = emptyHome();
      mkdirSync(join(home.root, path));
      const made = await make(home);
      expect(made.ok).toBe(false);
      for (const later of WRITES.slice(i + 1))
        expect(existsSync(join(home.root, later))).toBe(false);
      rmdirSync(join(home.root, path));
      const file = openKeyringFile(home);
      if (file.ok) finishSolo(home, file.value.held().keyring);
      else expect(await make(home)).toEqual({ ok: true, value: undefined });
      await complete(home);
    },
  );
});
