// Decision and root keys in the computer's key store. What is wrapped names its own use and key, so one file is never taken
// for another; the store's name lies beside it, and another store, or none that protects, opens nothing.

import { join } from 'node:path';
import { fromB64, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import type { VaultState, VaultTrouble } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Home } from '../state/home.ts';
import {
  readWrappedKey,
  WRAPPED_FORMAT,
  type WrappedKey,
  writeWrappedKey,
} from '../state/wrapped-key.ts';
import { exportPkcs8, type KeyPair, keyPairFromPkcs8 } from '../trust/ed25519.ts';
import type { KeyUse } from '../trust/passphrase.ts';
import type { Vault } from './ports.ts';

type AppHome = Pick<Home, 'app'>;

export const wrappedPath = (home: AppHome, use: KeyUse): string => join(home.app, `${use}.wrapped`);

/** For whoever asked for it: what was not done, and what to do. */
const NOT_WRAPPED = {
  weak: 'the key store of this computer keeps no secret: choose a passphrase',
  unavailable: 'the key store of this computer did not answer: unlock it, then try again',
} as const;

/** Puts a key into the store that is there now; replaces none silently, as `sealToFile`. */
export async function wrapToFile(
  home: AppHome,
  use: KeyUse,
  pair: KeyPair,
  vault: Vault,
): Promise<Result<void, 'weak' | 'unavailable' | 'io'>> {
  const store = await vault.available();
  if (!store.ok) return fail(store.code, NOT_WRAPPED[store.code]);
  const blob = await vault.wrap(contentOf(use, pair));
  if (!blob.ok) return fail(blob.code, NOT_WRAPPED[blob.code]);
  const { keyId } = pair;
  return writeWrappedKey(wrappedPath(home, use), {
    use,
    keyId,
    store: store.value,
    blob: blob.value,
  });
}

/** The key, if the store that it was put into is there and opens it. Every failure leaves the file as it is. */
export async function openWrapped(
  home: AppHome,
  use: KeyUse,
  vault: Vault | undefined,
): Promise<Result<KeyPair, VaultTrouble>> {
  const file = readWrappedKey(wrappedPath(home, use), use);
  if (!file.ok) return fail('damaged', file.detail);
  const there = await troubleWith(file.value, vault);
  if (there !== undefined || vault === undefined) return fail(there ?? 'none');
  const opened = await vault.unwrap(file.value.blob);
  if (!opened.ok) return fail(opened.code);
  const pair = pairIn(opened.value.secret, file.value);
  if (pair === undefined) return fail('refused', 'the store opened something else');
  // The store changed its own key. Where this fails the old one opens still, and the next time tries again.
  if (opened.value.stale) await wrapToFile(home, use, pair, vault);
  return ok(pair);
}

/** What keeps the keys of this home, and whether the computer's store could. Opens nothing. */
export async function lookAtVault(
  home: AppHome,
  vault: Vault | undefined,
): Promise<Omit<VaultState, 'passphrase'>> {
  const file = readWrappedKey(wrappedPath(home, 'decision'), 'decision');
  const keeps = file.ok || file.code !== 'missing';
  const there = vault === undefined ? fail('none') : await vault.available();
  const trouble = keeps ? await keptTrouble(file, vault) : there.ok ? undefined : there.code;
  return {
    keeps,
    ...(there.ok ? { name: there.value } : {}),
    ...(file.ok ? { wrappedBy: file.value.store } : {}),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

const keptTrouble = async (
  file: ReturnType<typeof readWrappedKey>,
  vault: Vault | undefined,
): Promise<VaultTrouble | undefined> => (file.ok ? troubleWith(file.value, vault) : 'damaged');

async function troubleWith(
  { store }: WrappedKey,
  vault: Vault | undefined,
): Promise<VaultTrouble | undefined> {
  if (vault === undefined) return 'none';
  const there = await vault.available();
  // One that protects nothing is another one than the one that did: said, not guessed (security note 6.5).
  if (!there.ok) return there.code === 'weak' ? 'changed' : there.code;
  return there.value === store ? undefined : 'changed';
}

const headOf = (use: KeyUse, keyId: string): string => `${WRAPPED_FORMAT}\n${use}\n${keyId}\n`;

const contentOf = (use: KeyUse, pair: KeyPair): Uint8Array =>
  utf8(`${headOf(use, pair.keyId)}${toB64(exportPkcs8(pair))}`);

function pairIn(secret: Uint8Array, { use, keyId }: WrappedKey): KeyPair | undefined {
  const text = textOf(secret) ?? '';
  const head = headOf(use, keyId);
  const der = text.startsWith(head) ? fromB64(text.slice(head.length)) : undefined;
  const pair = der && keyPairFromPkcs8(der);
  return pair?.ok && pair.value.keyId === keyId ? pair.value : undefined;
}
