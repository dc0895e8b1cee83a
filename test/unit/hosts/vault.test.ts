// The key store's adapter against a `safeStorage` with the shapes of Electron 45's types: what it takes, what it refuses by
// name, and that in doubt a key is "not now" and never lost.

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CLOSED_VAULT, electronVault, PATIENCE_MS } from '../../../main/hosts/electron/vault.ts';
import { invariant } from '../../../shared/result.ts';
import { handTime } from '../app/hand-time.ts';
import { type FakeStorage, fakeStorage } from './fake-storage.ts';

function vaultOver(start: Partial<FakeStorage> = {}, platform: NodeJS.Platform = 'linux') {
  const storage = fakeStorage(start);
  const time = handTime();
  const vault = electronVault(storage, platform, time.timers);
  invariant(vault, 'the asynchronous API is there');
  return { storage, time, vault };
}

const SECRET = new Uint8Array(randomBytes(200));

describe('the key store', () => {
  test.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const)(
    'on Linux is %s by its own name',
    async (backend) => {
      const { vault } = vaultOver({ backend });
      expect(await vault.available()).toEqual({ ok: true, value: backend });
    },
  );

  test.each([
    ['darwin', 'keychain'],
    ['win32', 'dpapi'],
  ] as const)(
    'on %s is %s, whatever Linux calls its own and however it marks',
    async (os, name) => {
      const { vault } = vaultOver({ backend: 'basic_text', mark: 'v10' }, os);
      expect(await vault.available()).toEqual({ ok: true, value: name });
      const wrapped = await vault.wrap(SECRET);
      expect(wrapped.ok).toBe(true);
    },
  );

  test('gives back what it took, byte by byte', async () => {
    const { vault } = vaultOver();
    const wrapped = await vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    expect(Buffer.from(wrapped.value).includes(Buffer.from(SECRET))).toBe(false);
    const opened = await vault.unwrap(wrapped.value);
    expect(opened).toEqual({ ok: true, value: { secret: SECRET, stale: false } });
  });

  test('says where what it opened is to be wrapped again', async () => {
    const { vault, storage } = vaultOver();
    const wrapped = await vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    storage.reEncrypt = true;
    expect(await vault.unwrap(wrapped.value)).toMatchObject({ ok: true, value: { stale: true } });
  });
});

describe('no key store is', () => {
  test.each(['basic_text', 'unknown'] as const)('%s', async (backend) => {
    const { vault, storage } = vaultOver({ backend });
    expect(await vault.available()).toEqual({ ok: false, code: 'weak' });
    // Nothing was handed to it to find out.
    expect(storage.calls).toEqual([]);
  });

  test('a name that a newer Electron might bring', async () => {
    const { vault } = vaultOver({ backend: 'kwallet9' as 'kwallet6' });
    expect(await vault.available()).toEqual({ ok: false, code: 'weak' });
  });

  test('a good name over the fixed password that Chromium falls back to', async () => {
    const { vault } = vaultOver({ mark: 'v10' });
    expect(await vault.available()).toEqual({ ok: false, code: 'weak' });
    expect(await vault.wrap(SECRET)).toEqual({ ok: false, code: 'weak' });
  });

  test('an Electron without the asynchronous API', () => {
    const { timers } = handTime();
    const old = { getSelectedStorageBackend: () => 'gnome_libsecret' as const };
    expect(electronVault(old, 'linux', timers)).toBeUndefined();
    const { decryptStringAsync: _, ...half } = fakeStorage();
    expect(electronVault(half, 'linux', timers)).toBeUndefined();
  });

  test('a system that is none of the three', async () => {
    expect(await vaultOver({}, 'freebsd').vault.available()).toEqual({ ok: false, code: 'weak' });
  });

  test('the one of an app that is driven from outside', async () => {
    for (const call of [
      CLOSED_VAULT.available(),
      CLOSED_VAULT.wrap(SECRET),
      CLOSED_VAULT.unwrap(SECRET),
    ])
      expect(await call).toMatchObject({ ok: false, code: 'unavailable' });
  });
});

describe('not now, and never lost, is', () => {
  test('a store that says that it is not available', async () => {
    const { vault, storage } = vaultOver();
    const wrapped = await vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    storage.available = false;
    expect(await vault.available()).toMatchObject({ ok: false, code: 'unavailable' });
    storage.secret = randomBytes(32);
    // It can't be told whether it is this store's: in doubt it is tried again.
    expect(await vault.unwrap(wrapped.value)).toMatchObject({ ok: false, code: 'unavailable' });
  });

  test('a store that is locked for the moment', async () => {
    const { vault, storage } = vaultOver();
    const wrapped = await vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    storage.mood = 'unavailable';
    expect(await vault.wrap(SECRET)).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await vault.unwrap(wrapped.value)).toMatchObject({ ok: false, code: 'unavailable' });
    storage.mood = 'well';
    expect((await vault.unwrap(wrapped.value)).ok).toBe(true);
  });

  test('a store that does not answer in time', async () => {
    const { vault, storage, time } = vaultOver();
    storage.mood = 'silent';
    for (const call of [() => vault.wrap(SECRET), () => vault.available()]) {
      const asked = call();
      await Promise.resolve();
      time.advance(PATIENCE_MS);
      expect(await asked).toMatchObject({ ok: false, code: 'unavailable' });
    }
    expect(time.waiting()).toBe(0);
  });

  test('a store that throws at once', async () => {
    const { vault } = vaultOver({
      encryptStringAsync: () => {
        throw new Error('before ready');
      },
    });
    expect(await vault.wrap(SECRET)).toMatchObject({ ok: false, code: 'unavailable' });
  });
});

describe('refused is', () => {
  test('a changed byte', async () => {
    const { vault } = vaultOver();
    const wrapped = await vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    const changed = wrapped.value.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    expect(await vault.unwrap(changed)).toMatchObject({ ok: false, code: 'refused' });
  });

  test('what another account or another computer wrapped', async () => {
    const { vault } = vaultOver();
    const wrapped = await vaultOver().vault.wrap(SECRET);
    invariant(wrapped.ok, 'it wraps');
    expect(await vault.unwrap(wrapped.value)).toMatchObject({ ok: false, code: 'refused' });
  });

  test('a text that this app did not put in', async () => {
    const { vault, storage } = vaultOver();
    const other = await storage.encryptStringAsync('not base64!');
    expect(await vault.unwrap(other)).toEqual({ ok: false, code: 'refused' });
  });
});
