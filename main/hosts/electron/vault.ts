// The computer's key store over Electron's `safeStorage`: its asynchronous API alone, there from Electron 45. It keeps only
// what is kept from other accounts: on Linux a fixed password, or a store that can't be told, is refused by name and by
// what its ciphertext says of itself. Whatever does not come in time is 'unavailable', never lost.

import type { SafeStorage } from 'electron';
import { fromB64, toB64 } from '../../../shared/bytes.ts';
import { VAULT_NAMES, type VaultName } from '../../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Timers, Vault } from '../../app/ports.ts';

export type AsyncStorage = Pick<
  SafeStorage,
  | 'decryptStringAsync'
  | 'encryptStringAsync'
  | 'getSelectedStorageBackend'
  | 'isAsyncEncryptionAvailable'
>;

/** The store may ask the person for its own password first. */
export const PATIENCE_MS = 120_000;

/** Chromium's mark of its fixed password on Linux (os_crypt/async/browser/posix_key_provider.cc). */
const FIXED_PASSWORD = 'v10';

/** Undefined where the runtime has no asynchronous API: the older Electron of the tests. */
export function electronVault(
  storage: Partial<AsyncStorage>,
  platform: NodeJS.Platform,
  timers: Timers,
): Vault | undefined {
  if (!isAsync(storage)) return undefined;
  const within = <T>(ask: () => Promise<T>): Promise<Result<T, 'unavailable' | 'failed'>> =>
    // A call that throws at once is one that failed.
    inTime((async () => ask())(), timers);

  const encrypt = async (text: string): Promise<Result<Uint8Array, 'weak' | 'unavailable'>> => {
    const made = await within(() => storage.encryptStringAsync(text));
    if (!made.ok) return fail('unavailable', made.detail);
    // Whatever the desktop's name promises: Chromium falls back by itself where that store does not start.
    if (platform === 'linux' && startsWith(made.value, FIXED_PASSWORD)) return fail('weak');
    return ok(new Uint8Array(made.value));
  };
  const available: Vault['available'] = async () => {
    const name = nameOf(storage, platform);
    if (name === undefined) return fail('weak');
    const there = await within(() => storage.isAsyncEncryptionAvailable());
    if (!there.ok || !there.value) return fail('unavailable', there.ok ? undefined : there.detail);
    if (platform !== 'linux') return ok(name);
    const tried = await encrypt('countersign');
    return tried.ok ? ok(name) : tried;
  };
  return {
    available,
    wrap: (secret) => encrypt(toB64(secret)),
    unwrap: async (wrapped) => {
      const opened = await within(() => storage.decryptStringAsync(Buffer.from(wrapped)));
      if (!opened.ok) {
        // It rejects alike for what it can't open now and what it never will. In doubt: to be tried again.
        const away = opened.code === 'unavailable' || /unavailable/i.test(opened.detail ?? '');
        return fail(away || !(await available()).ok ? 'unavailable' : 'refused', opened.detail);
      }
      const secret = fromB64(opened.value.result);
      return secret === undefined
        ? fail('refused')
        : ok({ secret, stale: opened.value.shouldReEncrypt });
    },
  };
}

/** For an app that is driven from outside: the store is not even asked (security note 6.4). */
export const CLOSED_VAULT: Vault = {
  available: async () => fail('unavailable'),
  wrap: async () => fail('unavailable'),
  unwrap: async () => fail('unavailable'),
};

const isAsync = (storage: Partial<AsyncStorage>): storage is AsyncStorage =>
  typeof storage.isAsyncEncryptionAvailable === 'function' &&
  typeof storage.encryptStringAsync === 'function' &&
  typeof storage.decryptStringAsync === 'function';

/** Only asked once the app is ready: before that Linux knows none. */
function nameOf(storage: AsyncStorage, platform: NodeJS.Platform): VaultName | undefined {
  if (platform === 'darwin') return 'keychain';
  if (platform === 'win32') return 'dpapi';
  if (platform !== 'linux') return undefined;
  const backend: string = storage.getSelectedStorageBackend();
  return VAULT_NAMES.slice(2).find((name) => name === backend);
}

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  Array.from(text).every((letter, i) => bytes[i] === letter.charCodeAt(0));

/** Detail is the store's own text: for the journal, never for a screen. */
async function inTime<T>(
  asked: Promise<T>,
  timers: Timers,
): Promise<Result<T, 'unavailable' | 'failed'>> {
  const answer = asked.then(ok, (error: unknown) =>
    fail('failed', error instanceof Error ? error.message : undefined),
  );
  const late = Promise.withResolvers<Result<T, 'unavailable'>>();
  const cancel = timers.after(PATIENCE_MS, () => late.resolve(fail('unavailable', 'no answer')));
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    cancel();
  }
}
