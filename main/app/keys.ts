// The person's keys on this machine. The decision and root keys lie sealed under a passphrase and the decision key is
// open for twelve hours at most; session and witness keys are 0600 files, usable unattended, and never sign a decision.

import { join } from 'node:path';
import { fromUtf8, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readPrivate, writeAtomic } from '../state/atomic-file.ts';
import { loadKey } from '../state/key-file.ts';
import type { Home } from '../state/home.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { openKey, sealKey, type TestOnly } from '../trust/passphrase.ts';
import type { Clock } from './ports.ts';

export const UNLOCKED_MS = 12 * 3600 * 1000;
const MAX_SEALED_BYTES = 4096;

export type SealedUse = 'decision' | 'root';

export type Keys = {
  /** The decision key while it is unlocked. */
  readonly decision: () => KeyPair | undefined;
  readonly unlockedUntil: () => number | undefined;
  readonly session: () => Result<KeyPair, 'absent'>;
  /** 'wrongPassphrase' leaves an earlier unlock as it was. */
  readonly unlock: (passphrase: string) => Promise<Result<number, 'wrongPassphrase' | 'absent'>>;
  /** True if the passphrase opens the decision key; changes nothing. */
  readonly proves: (passphrase: string) => Promise<boolean>;
  readonly root: (passphrase: string) => Promise<Result<KeyPair, 'wrongPassphrase' | 'absent'>>;
  readonly lock: () => void;
};

export const sealedPath = (home: Pick<Home, 'app'>, use: SealedUse): string =>
  join(home.app, `${use}.sealed`);
export const sessionPath = (home: Pick<Home, 'app'>): string => join(home.app, 'session.pem');
export const witnessPath = (home: Pick<Home, 'app'>): string => join(home.app, 'witness.pem');

export function openKeys(home: Pick<Home, 'app'>, clock: Clock, cost: TestOnly = {}): Keys {
  let open:
    | { readonly pair: KeyPair; readonly until: number; readonly untilMono: number }
    | undefined;

  const current = () => {
    // Both clocks: one can be set back, the other stops while the machine sleeps.
    if (open && (clock.now() >= open.until || clock.monotonic() >= open.untilMono))
      open = undefined;
    return open;
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
    unlockedUntil: () => current()?.until,
    session: () => {
      const pair = loadKey(sessionPath(home));
      return pair.ok ? pair : fail('absent', pair.detail);
    },
    unlock: async (passphrase) => {
      const pair = await read('decision', passphrase);
      if (!pair.ok) return pair;
      const until = clock.now() + UNLOCKED_MS;
      open = { pair: pair.value, until, untilMono: clock.monotonic() + UNLOCKED_MS };
      return ok(until);
    },
    proves: async (passphrase) => (await read('decision', passphrase)).ok,
    root: (passphrase) => read('root', passphrase),
    lock: () => {
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
