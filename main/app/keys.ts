// The person's keys on this machine. The decision and root keys lie in the computer's key store, or sealed under a
// passphrase, which opens the decision key for twelve hours at most; neither ever stands in for the other unasked. Session
// and witness keys are 0600 files, usable unattended, and never sign a decision.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, utf8 } from '../../shared/bytes.ts';
import type { VaultState, VaultTrouble } from '../../shared/ipc/snapshot.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readPrivate, writeAtomic } from '../state/atomic-file.ts';
import { loadKey } from '../state/key-file.ts';
import type { Home } from '../state/home.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { openKey, sealKey, type TestOnly } from '../trust/passphrase.ts';
import type { Clock, Vault } from './ports.ts';
import { lookAtVault, openWrapped } from './vault-keys.ts';

export const UNLOCKED_MS = 12 * 3600 * 1000;
const MAX_SEALED_BYTES = 4096;

export type SealedUse = 'decision' | 'root';

export type Keys = {
  /** The decision key while it is unlocked. */
  readonly decision: () => KeyPair | undefined;
  readonly unlockedUntil: () => number | undefined;
  readonly session: () => Result<KeyPair, 'absent'>;
  /**
   * Until when it is open by this passphrase; undefined: the key store had opened it, without an end.
   * 'wrongPassphrase' leaves an earlier unlock as it was.
   */
  readonly unlock: (
    passphrase: string,
  ) => Promise<Result<number | undefined, 'wrongPassphrase' | 'absent'>>;
  /** True if the passphrase opens the decision key; changes nothing. */
  readonly proves: (passphrase: string) => Promise<boolean>;
  readonly root: (passphrase: string) => Promise<Result<KeyPair, 'wrongPassphrase' | 'absent'>>;
  /** Opens the decision key by the computer's key store, without a question and without an end; `lock` meanwhile wins. */
  readonly open: () => Promise<Result<void, VaultTrouble | 'locked'>>;
  readonly rootInVault: () => Promise<Result<KeyPair, VaultTrouble>>;
  /** Looks again at what keeps the keys. */
  readonly look: () => Promise<VaultState>;
  /** What was found last; undefined before the first look. */
  readonly vault: () => VaultState | undefined;
  readonly lock: () => void;
};

export const sealedPath = (home: Pick<Home, 'app'>, use: SealedUse): string =>
  join(home.app, `${use}.sealed`);
export const sessionPath = (home: Pick<Home, 'app'>): string => join(home.app, 'session.pem');
export const witnessPath = (home: Pick<Home, 'app'>): string => join(home.app, 'witness.pem');

type Open = {
  readonly pair: KeyPair;
  /** Absent where the key store opened it. */
  readonly until?: { readonly wall: number; readonly mono: number };
};

export function openKeys(
  home: Pick<Home, 'app'>,
  clock: Clock,
  cost: TestOnly = {},
  vault?: Vault,
): Keys {
  let open: Open | undefined;
  let found: VaultState | undefined;
  let locks = 0;

  const current = () => {
    // Both clocks: one can be set back, the other stops while the machine sleeps.
    const until = open?.until;
    if (until && (clock.now() >= until.wall || clock.monotonic() >= until.mono)) open = undefined;
    return open;
  };
  const look = async (): Promise<VaultState> => {
    const passphrase = existsSync(sealedPath(home, 'decision'));
    found = { ...(await lookAtVault(home, vault)), passphrase };
    return found;
  };
  const read = async (
    use: SealedUse,
    passphrase: string,
  ): Promise<Result<KeyPair, 'wrongPassphrase' | 'absent'>> => {
    const text = readPrivate(sealedPath(home, use), MAX_SEALED_BYTES);
    if (!text.ok) return fail('absent', text.detail);
    if (passphrase === '') return fail('wrongPassphrase');
    const pair = await openKey(fromUtf8(text.value), use, passphrase, cost);
    return pair.ok
      ? pair
      : fail(pair.code === 'passphrase' ? 'wrongPassphrase' : 'absent', pair.detail);
  };

  return {
    decision: () => current()?.pair,
    unlockedUntil: () => current()?.until?.wall,
    session: () => {
      const pair = loadKey(sessionPath(home));
      return pair.ok ? pair : fail('absent', pair.detail);
    },
    unlock: async (passphrase) => {
      const pair = await read('decision', passphrase);
      if (!pair.ok) return pair;
      // What the key store opened stays open: a passphrase proves then, and shortens nothing.
      const already = current();
      if (already && already.until === undefined) return ok(undefined);
      const until = { wall: clock.now() + UNLOCKED_MS, mono: clock.monotonic() + UNLOCKED_MS };
      open = { pair: pair.value, until };
      return ok(until.wall);
    },
    proves: async (passphrase) => (await read('decision', passphrase)).ok,
    root: (passphrase) => read('root', passphrase),
    open: async () => {
      const mine = locks;
      const pair = await openWrapped(home, 'decision', vault);
      // Also says anew what the store is called, or why it did not open.
      const state = await look();
      if (!pair.ok) {
        if (state.keeps) found = { ...state, trouble: state.trouble ?? pair.code };
        return pair;
      }
      if (mine !== locks) return fail('locked');
      open = { pair: pair.value };
      return ok(undefined);
    },
    rootInVault: () => openWrapped(home, 'root', vault),
    look,
    vault: () => found,
    lock: () => {
      locks += 1;
      open = undefined;
    },
  };
}

/** Writes a key sealed under the passphrase; replaces none silently: callers write before the keyring names it. */
export async function sealToFile(
  home: Pick<Home, 'app'>,
  use: SealedUse,
  pair: KeyPair,
  passphrase: string,
  random: RandomBytes,
  cost: TestOnly = {},
): Promise<Result<void, 'io'>> {
  const text = await sealKey(pair, use, passphrase, random, cost);
  return writeAtomic(sealedPath(home, use), utf8(text));
}
