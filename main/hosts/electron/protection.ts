// What protects the keys of this machine, in words. They are files sealed by the passphrase; the OS's key store is only
// looked for, through the asynchronous API that is there from Electron 45. `basic_text` is a fixed password: no protection.

import type { SafeStorage } from 'electron';

export type Protection = 'passphrase' | 'passphrase; the OS key store is there and not used yet';

type MaybeAsync = Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable'>> &
  Pick<SafeStorage, 'getSelectedStorageBackend'>;

export async function protectionOf(
  storage: MaybeAsync,
  platform: NodeJS.Platform,
): Promise<Protection> {
  const there = (await storage.isAsyncEncryptionAvailable?.()) === true;
  const weak =
    platform === 'linux' && ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend());
  return there && !weak ? 'passphrase; the OS key store is there and not used yet' : 'passphrase';
}
