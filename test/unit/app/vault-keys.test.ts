// Keys in the computer's key store: they open where they were put and nowhere else, no failure costs the file, and nothing
// is opened in another way than the one that was chosen.

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openKeys, sealedPath, UNLOCKED_MS } from '../../../main/app/keys.ts';
import { makeSolo } from '../../../main/app/solo.ts';
import { wrappedPath } from '../../../main/app/vault-keys.ts';
import { electronVault } from '../../../main/hosts/electron/vault.ts';
import { protectionOf } from '../../../main/hosts/electron/protection.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { exportPkcs8, generateKeyPair } from '../../../main/trust/ed25519.ts';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import { fakeStorage } from '../hosts/fake-storage.ts';
import { handTime } from './hand-time.ts';
import { COST, emptyHome, MAYA, SECRET, soloHome } from './solo-home.ts';

async function kept(passphrase = '') {
  const time = handTime();
  const home = emptyHome();
  const storage = fakeStorage();
  const vault = electronVault(storage, 'linux', time.timers);
  invariant(vault, 'the asynchronous API is there');
  const ports = { clock: time.clock, random: systemRandom };
  const made = await makeSolo(home, { ...MAYA, passphrase, vault }, ports, COST);
  invariant(made.ok, 'a first run makes its keys');
  return {
    time,
    home,
    storage,
    vault,
    keys: openKeys(home, time.clock, COST, vault),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}
type Kept = Awaited<ReturnType<typeof kept>>;
const fileOf = (at: Kept, use: 'decision' | 'root' = 'decision') => wrappedPath(at.home, use);
const edit = (at: Kept, change: (json: Record<string, unknown>) => object): void => {
  const json = JSON.parse(readFileSync(fileOf(at), 'utf8'));
  writeFileSync(fileOf(at), JSON.stringify(change(json)), { mode: 0o600 });
};

describe('keys in the key store', () => {
  test('open without a question, without an end, until they are locked, and open again', async () => {
    using at = await kept();
    expect(at.keys.decision()).toBeUndefined();
    expect(await at.keys.open()).toEqual({ ok: true, value: undefined });
    at.time.advance(10 * UNLOCKED_MS);
    expect(at.keys.decision()).toBeDefined();
    expect(at.keys.unlockedUntil()).toBeUndefined();
    at.keys.lock();
    expect(at.keys.decision()).toBeUndefined();
    expect((await at.keys.open()).ok).toBe(true);
    expect(at.keys.decision()).toBeDefined();
  });

  test('lie in 0600 files that name the store and hold no key in clear', async () => {
    using at = await kept();
    for (const use of ['decision', 'root'] as const) {
      expect(statSync(fileOf(at, use)).mode & 0o777).toBe(0o600);
      const file = JSON.parse(readFileSync(fileOf(at, use), 'utf8'));
      expect(file).toMatchObject({ format: 'countersign-wrapped-key-v1', use });
      expect(file.store).toBe('gnome_libsecret');
    }
    expect(await protectionOf(at.home, at.vault)).toBe(
      "in the computer's key store (gnome_libsecret)",
    );
  });

  test('are two: the root key opens apart, and is not the decision key', async () => {
    using at = await kept();
    const root = await at.keys.rootInVault();
    await at.keys.open();
    expect(root.ok && root.value.keyId).toHaveLength(64);
    expect(root.ok && root.value.keyId).not.toBe(at.keys.decision()?.keyId);
  });

  test('are closed by a lock that comes while they open', async () => {
    using at = await kept();
    const opening = at.keys.open();
    at.keys.lock();
    expect(await opening).toEqual({ ok: false, code: 'locked' });
    expect(at.keys.decision()).toBeUndefined();
  });

  test('take no passphrase where none was set: a word is never a way in', async () => {
    using at = await kept();
    for (const word of ['', 'x', SECRET])
      expect(await at.keys.unlock(word)).toMatchObject({ ok: false, code: 'absent' });
    expect(at.keys.decision()).toBeUndefined();
    expect(await at.keys.proves(SECRET)).toBe(false);
  });

  test('with a passphrase beside them: it proves, opens where the store does not, and shortens nothing', async () => {
    using at = await kept(SECRET);
    expect(await at.keys.proves(SECRET)).toBe(true);
    await at.keys.open();
    expect(await at.keys.unlock(SECRET)).toEqual({ ok: true, value: undefined });
    at.time.advance(UNLOCKED_MS);
    expect(at.keys.decision()).toBeDefined();
    at.keys.lock();
    at.storage.backend = 'kwallet6';
    expect(await at.keys.open()).toMatchObject({ ok: false, code: 'changed' });
    const until = at.time.clock.now() + UNLOCKED_MS;
    expect(await at.keys.unlock(SECRET)).toEqual({ ok: true, value: until });
    at.time.advance(UNLOCKED_MS);
    expect(at.keys.decision()).toBeUndefined();
  });

  test('are wrapped again where the store asks for it, and still open', async () => {
    using at = await kept();
    const before = readFileSync(fileOf(at), 'utf8');
    at.storage.reEncrypt = true;
    await at.keys.open();
    const id = at.keys.decision()?.keyId;
    expect(readFileSync(fileOf(at), 'utf8')).not.toBe(before);
    at.storage.reEncrypt = false;
    at.keys.lock();
    await at.keys.open();
    expect(at.keys.decision()?.keyId).toBe(id);
  });
});

describe('keys in the key store stay closed, and their file as it is, where', () => {
  type Case = [what: string, code: string, change: (at: Kept) => void];
  const CASES: Case[] = [
    ['another store is there', 'changed', (at) => void (at.storage.backend = 'kwallet5')],
    ['only a fixed password is there', 'changed', (at) => void (at.storage.backend = 'basic_text')],
    ['the store fell back to a fixed password', 'changed', (at) => void (at.storage.mark = 'v10')],
    ['the store is locked', 'unavailable', (at) => void (at.storage.mood = 'unavailable')],
    ['the store is not there', 'unavailable', (at) => void (at.storage.available = false)],
    [
      'the account or computer is another',
      'refused',
      (at) => (at.storage.secret = randomBytes(32)),
    ],
    [
      'a byte of the blob was changed',
      'refused',
      (at) =>
        edit(at, ({ blob, ...rest }) => {
          const bytes = Buffer.from(String(blob), 'base64');
          bytes[30] = (bytes[30] ?? 0) ^ 1;
          return { blob: bytes.toString('base64'), ...rest };
        }),
    ],
    [
      'the blob is the root key’s',
      'refused',
      (at) => {
        const { blob } = JSON.parse(readFileSync(fileOf(at, 'root'), 'utf8'));
        edit(at, (json) => ({ ...json, blob }));
      },
    ],
    [
      'it names another key',
      'refused',
      (at) => edit(at, (json) => ({ ...json, keyId: 'a'.repeat(64) })),
    ],
    [
      'the whole file is the root key’s',
      'damaged',
      (at) => writeFileSync(fileOf(at), readFileSync(fileOf(at, 'root'))),
    ],
    [
      'it is of a later version',
      'damaged',
      (at) => edit(at, (json) => ({ ...json, format: 'countersign-wrapped-key-v2' })),
    ],
    ['it has a member more', 'damaged', (at) => edit(at, (json) => ({ ...json, z: 'x' }))],
    [
      'it names no store of ours',
      'damaged',
      (at) => edit(at, (json) => ({ ...json, store: 'basic_text' })),
    ],
    ['it is not JSON', 'damaged', (at) => writeFileSync(fileOf(at), 'hello')],
  ];

  test.each(CASES)('%s: %s', async (_, code, change) => {
    using at = await kept();
    change(at);
    const before = readFileSync(fileOf(at));
    expect(await at.keys.open()).toMatchObject({ ok: false, code });
    expect(at.keys.decision()).toBeUndefined();
    expect(at.keys.vault()).toMatchObject({ keeps: true, passphrase: false, trouble: code });
    expect(readFileSync(fileOf(at))).toEqual(before);
  });

  test.each([
    ['is for another use', (keyId: string, der: string) => `root\n${keyId}\n${der}`],
    [
      'is another key than it says',
      (keyId: string) => `decision\n${keyId}\n${toB64(exportPkcs8(generateKeyPair()))}`,
    ],
    ['holds no key', (keyId: string) => `decision\n${keyId}\nAAAA`],
  ])('what the store opens %s: refused', async (_, contentOf) => {
    using at = await kept();
    await at.keys.open();
    const pair = at.keys.decision();
    invariant(pair, 'it opens');
    at.keys.lock();
    const content = contentOf(pair.keyId, toB64(exportPkcs8(pair)));
    const wrapped = await at.vault.wrap(utf8(`countersign-wrapped-key-v1\n${content}`));
    invariant(wrapped.ok, 'it wraps');
    edit(at, (json) => ({ ...json, blob: toB64(wrapped.value) }));
    expect(await at.keys.open()).toMatchObject({ ok: false, code: 'refused' });
    expect(at.keys.decision()).toBeUndefined();
  });

  test('this host has no key store: none', async () => {
    using at = await kept();
    const keys = openKeys(at.home, at.time.clock, COST);
    expect(await keys.open()).toMatchObject({ ok: false, code: 'none' });
    expect(await keys.look()).toEqual({
      keeps: true,
      passphrase: false,
      wrappedBy: 'gnome_libsecret',
      trouble: 'none',
    });
  });

  test('what was in the way has passed: they open', async () => {
    using at = await kept();
    at.storage.mood = 'unavailable';
    expect((await at.keys.open()).ok).toBe(false);
    at.storage.mood = 'well';
    expect((await at.keys.open()).ok).toBe(true);
    expect(at.keys.vault()?.trouble).toBeUndefined();
  });

  test('only root was lost: the decision key opens, the root key says so', async () => {
    using at = await kept();
    rmSync(fileOf(at, 'root'));
    expect((await at.keys.open()).ok).toBe(true);
    expect(await at.keys.rootInVault()).toMatchObject({ ok: false, code: 'damaged' });
  });
});

describe('keys under a passphrase', () => {
  test('are not opened by a key store that is there', async () => {
    const time = handTime();
    using home = await soloHome(time.clock);
    const vault = electronVault(fakeStorage(), 'linux', time.timers);
    const keys = openKeys(home, time.clock, COST, vault);
    expect(await keys.look()).toEqual({
      keeps: false,
      passphrase: true,
      name: 'gnome_libsecret',
    });
    expect(await keys.open()).toMatchObject({ ok: false, code: 'damaged' });
    expect(keys.decision()).toBeUndefined();
    expect(await protectionOf(home, vault)).toContain('passphrase');
    expect(await protectionOf(home, undefined)).toBe('passphrase');
  });

  test.each([
    ['weak', { backend: 'basic_text' }],
    ['unavailable', { available: false }],
  ] as const)('are told why the key store is not offered: %s', async (trouble, start) => {
    const time = handTime();
    using home = emptyHome();
    const vault = electronVault(fakeStorage(start), 'linux', time.timers);
    const keys = openKeys(home, time.clock, COST, vault);
    expect(await keys.look()).toEqual({ keeps: false, passphrase: false, trouble });
  });
});

describe('a first run', () => {
  const ports = { clock: handTime().clock, random: systemRandom };

  test.each([
    ['weak', { backend: 'basic_text' }],
    ['weak', { mark: 'v10' }],
    ['unavailable', { mood: 'unavailable' }],
  ] as const)(
    'never falls back from a store that is %s: it fails in a sentence and pins nothing',
    async (_, start) => {
      using home = emptyHome();
      const vault = electronVault(fakeStorage(start), 'linux', handTime().timers);
      const made = await makeSolo(home, { ...MAYA, passphrase: SECRET, vault }, ports, COST);
      expect(made).toMatchObject({ ok: false, code: 'failed' });
      expect(made.ok ? '' : made.detail).toContain('key store of this computer');
      const keys = openKeys(home, ports.clock, COST);
      expect(await keys.look()).toMatchObject({ keeps: false, passphrase: false });
    },
  );

  test('leaves nothing of a way that was cut off and is not taken', async () => {
    using home = emptyHome();
    const vault = electronVault(fakeStorage(), 'linux', handTime().timers);
    for (const path of ['guard', 'app'] as const) rmSync(`${home[path]}/pin.json`, { force: true });
    const first = await makeSolo(home, { ...MAYA, passphrase: '', vault }, ports, COST);
    expect(first.ok).toBe(true);
    rmSync(`${home.guard}/pin.json`);
    expect((await makeSolo(home, MAYA, ports, COST)).ok).toBe(true);
    expect(() => statSync(wrappedPath(home, 'decision'))).toThrow('ENOENT');
    rmSync(`${home.guard}/pin.json`);
    expect((await makeSolo(home, { ...MAYA, passphrase: '', vault }, ports, COST)).ok).toBe(true);
    expect(() => statSync(sealedPath(home, 'root'))).toThrow('ENOENT');
  });
});
