// Electron's asynchronous `safeStorage` as its types have it, over a real cipher: one secret an account and a computer, a
// mark in front of what it encrypts, and a rejection with Electron's kind of words where something is in the way.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { AsyncStorage } from '../../../main/hosts/electron/vault.ts';

type Backend = ReturnType<AsyncStorage['getSelectedStorageBackend']>;

export type FakeStorage = AsyncStorage & {
  backend: Backend;
  available: boolean;
  /** What it answers with; 'silent' never does. */
  mood: 'well' | 'unavailable' | 'silent';
  /** Chromium's mark of who made the key: v11 the desktop's secret service, v10 a fixed password. */
  mark: string;
  /** Another account, or another computer. */
  secret: Uint8Array;
  reEncrypt: boolean;
  readonly calls: string[];
};

export function fakeStorage(start: Partial<FakeStorage> = {}): FakeStorage {
  const answer = async <T>(name: string, make: () => T): Promise<T> => {
    storage.calls.push(name);
    if (storage.mood === 'silent') return new Promise(() => {});
    if (storage.mood === 'unavailable')
      throw new Error(`safeStorage.${name} is temporarily unavailable. Please try again.`);
    return make();
  };
  const storage: FakeStorage = {
    backend: 'gnome_libsecret',
    available: true,
    mood: 'well',
    mark: 'v11',
    secret: randomBytes(32),
    reEncrypt: false,
    calls: [],
    getSelectedStorageBackend: () => storage.backend,
    isAsyncEncryptionAvailable: async () =>
      storage.mood === 'silent' ? new Promise(() => {}) : storage.available,
    encryptStringAsync: (plainText) =>
      answer('encryptStringAsync', () => {
        const nonce = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', storage.secret, nonce);
        const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
        return Buffer.concat([Buffer.from(storage.mark), nonce, body, cipher.getAuthTag()]);
      }),
    decryptStringAsync: (encrypted) =>
      answer('decryptStringAsync', () => {
        try {
          const cipher = createDecipheriv('aes-256-gcm', storage.secret, encrypted.subarray(3, 15));
          cipher.setAuthTag(encrypted.subarray(-16));
          const body = Buffer.concat([cipher.update(encrypted.subarray(15, -16)), cipher.final()]);
          return { shouldReEncrypt: storage.reEncrypt, result: body.toString('utf8') };
        } catch {
          throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
        }
      }),
    ...start,
  };
  return storage;
}
