// The key under which this device's copy of the log keeps its texts: made once, wrapped by the computer's key store, in a file of
// its own. What can't be opened for good is made anew, and the copy is fetched again; what is only away now is waited for: the
// texts never go back into the clear by themselves.

import { join } from 'node:path';
import { fromB64, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import { VAULT_NAMES, type VaultName } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { readPrivate, writeAtomic } from '../state/atomic-file.ts';
import type { Home } from '../state/home.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { SEALED_KEY_LIMIT } from '../trust/limits.ts';
import { hasExactly, isObject } from '../trust/members.ts';
import type { Vault } from './ports.ts';
import { DATA_KEY_BYTES } from './store/body-key-size.ts';

type AppHome = Pick<Home, 'app'>;
type Wrapped = { readonly store: VaultName; readonly blob: Uint8Array };

const FORMAT = 'countersign-data-key-v1';
const NAMES = ['blob', 'format', 'store'];

export const dataKeyPath = (home: AppHome): string => join(home.app, 'data.wrapped');

export type DataKeyCode = 'none' | 'weak' | 'unavailable' | 'io';

/**
 * Undefined where there never was one and there is no key store to keep it: everything stays as it was. A failure is one
 * sentence of why the copy can't be read now.
 */
export async function openDataKey(
  home: AppHome,
  vault: Vault | undefined,
  random: RandomBytes,
): Promise<Result<Uint8Array | undefined, DataKeyCode>> {
  const file = readPrivate(dataKeyPath(home), SEALED_KEY_LIMIT);
  if (!file.ok && file.code === 'missing')
    return vault === undefined ? ok(undefined) : begin(home, vault, random);
  if (vault === undefined) return away('none', home);
  const there = await vault.available();
  if (!there.ok) return away(there.code, home);
  const wrapped = file.ok ? wrappedIn(file.value) : undefined;
  if (wrapped?.store !== there.value) return make(home, vault, there.value, random);
  const opened = await vault.unwrap(wrapped.blob);
  if (!opened.ok && opened.code === 'unavailable') return away('unavailable', home);
  const key = opened.ok ? keyIn(opened.value.secret) : undefined;
  if (key === undefined) return make(home, vault, there.value, random);
  // Where this fails the old one opens still.
  if (opened.ok && opened.value.stale) await keep(home, vault, there.value, key);
  return ok(key);
}

/** The first time: without a store that answers, texts lie as before, and a later start begins. */
async function begin(
  home: AppHome,
  vault: Vault,
  random: RandomBytes,
): Promise<Result<Uint8Array | undefined, DataKeyCode>> {
  const there = await vault.available();
  if (!there.ok) return ok(undefined);
  const made = await make(home, vault, there.value, random);
  return made.ok || made.code === 'io' ? made : ok(undefined);
}

async function make(
  home: AppHome,
  vault: Vault,
  store: VaultName,
  random: RandomBytes,
): Promise<Result<Uint8Array, DataKeyCode>> {
  const key = random(DATA_KEY_BYTES);
  const kept = await keep(home, vault, store, key);
  return kept.ok ? ok(key) : kept;
}

async function keep(
  home: AppHome,
  vault: Vault,
  store: VaultName,
  key: Uint8Array,
): Promise<Result<void, DataKeyCode>> {
  const blob = await vault.wrap(utf8(`${FORMAT}\n${toB64(key)}`));
  if (!blob.ok) return away(blob.code, home);
  const bytes = encodeCj({ blob: toB64(blob.value), format: FORMAT, store });
  return writeAtomic(dataKeyPath(home), bytes);
}

const WHY = {
  none: 'this way of running reaches no key store',
  weak: 'the key store of this computer keeps no secret any more',
  unavailable: 'it did not answer: unlock it, then start again',
} as const;

const away = (code: keyof typeof WHY, home: AppHome) =>
  fail(
    code,
    `the texts of this machine's copy of the log are sealed by the computer's key store, and ${WHY[code]} ` +
      `(without ${dataKeyPath(home)} and the copy beside it, all is fetched again)`,
  );

function wrappedIn(bytes: Uint8Array): Wrapped | undefined {
  const read = decodeCj(bytes, SEALED_KEY_LIMIT);
  const value: unknown = read.ok ? read.value : undefined;
  if (!isObject(value) || !hasExactly(value, NAMES) || value['format'] !== FORMAT) return undefined;
  const store = VAULT_NAMES.find((name) => name === value['store']);
  const blob = typeof value['blob'] === 'string' ? fromB64(value['blob']) : undefined;
  return store === undefined || blob === undefined ? undefined : { store, blob };
}

function keyIn(secret: Uint8Array): Uint8Array | undefined {
  const text = textOf(secret) ?? '';
  const key = text.startsWith(`${FORMAT}\n`) ? fromB64(text.slice(FORMAT.length + 1)) : undefined;
  return key?.length === DATA_KEY_BYTES ? key : undefined;
}
