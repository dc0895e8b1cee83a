// A private key that the computer's key store has wrapped, as one CJ-1 object in a 0600 file: which key, for what, and the
// name of the store that wrapped it. The blob is the store's own; what is in it is for main/app/vault-keys.ts to say.

import { fromB64, toB64 } from '../../shared/bytes.ts';
import { VAULT_NAMES, type VaultName } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { SEALED_KEY_LIMIT } from '../trust/limits.ts';
import { hasExactly, isObject } from '../trust/members.ts';
import type { KeyUse } from '../trust/passphrase.ts';
import { type ReadCode, readPrivate, writeAtomic } from './atomic-file.ts';

/** The version is in the name: a file of another one is refused, never half read. */
export const WRAPPED_FORMAT = 'countersign-wrapped-key-v1';
const NAMES = ['blob', 'format', 'keyId', 'store', 'use'];
const KEY_ID = /^[0-9a-f]{64}$/;

export type WrappedKey = {
  readonly use: KeyUse;
  readonly keyId: string;
  readonly store: VaultName;
  readonly blob: Uint8Array;
};

export function readWrappedKey(
  path: string,
  use: KeyUse,
): Result<WrappedKey, ReadCode | 'malformed'> {
  const bytes = readPrivate(path, SEALED_KEY_LIMIT);
  if (!bytes.ok) return bytes;
  const read = decodeCj(bytes.value, SEALED_KEY_LIMIT);
  const key = read.ok ? wrappedKeyOf(read.value) : undefined;
  return key?.use === use
    ? ok(key)
    : fail('malformed', `${path} does not hold a wrapped ${use} key`);
}

export function writeWrappedKey(path: string, key: WrappedKey): Result<void, 'io'> {
  const { use, keyId, store } = key;
  const blob = toB64(key.blob);
  return writeAtomic(path, encodeCj({ blob, format: WRAPPED_FORMAT, keyId, store, use }));
}

function wrappedKeyOf(value: unknown): WrappedKey | undefined {
  if (!isObject(value) || !hasExactly(value, NAMES) || value['format'] !== WRAPPED_FORMAT)
    return undefined;
  const { use, keyId } = value;
  if (use !== 'decision' && use !== 'root') return undefined;
  if (typeof keyId !== 'string' || !KEY_ID.test(keyId)) return undefined;
  const store = VAULT_NAMES.find((name) => name === value['store']);
  const blob = typeof value['blob'] === 'string' ? fromB64(value['blob']) : undefined;
  if (store === undefined || blob === undefined || blob.length === 0) return undefined;
  return { use, keyId, store, blob };
}
