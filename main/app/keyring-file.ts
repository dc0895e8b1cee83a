// The keyring this machine holds: opened from its pinned roots, moved on only by the chain, kept on disk before it is used.

import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { readPrivate, writeAtomic } from '../state/atomic-file.ts';
import type { Home } from '../state/home.ts';
import { readJsonFile } from '../state/json-file.ts';
import { Pin } from '../state/pin.ts';
import { keepRoots, openFromPin } from '../state/root-trail.ts';
import { type HeldKeyring, type KeyringCode, openNextKeyring } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';

export type KeyringFile = {
  readonly held: () => HeldKeyring;
  /** True where the envelope was the next version and is now in force. */
  readonly offer: (envelope: Uint8Array) => Result<boolean, KeyringCode | 'io'>;
};

/** 'absent' before the first run is complete: there is no pin, or no keyring that it trusts. */
export function openKeyringFile(home: Pick<Home, 'app'>): Result<KeyringFile, 'absent'> {
  const pin = readJsonFile(join(home.app, 'pin.json'), Pin);
  if (!pin.ok) return fail('absent', pin.detail);
  const path = join(home.app, 'keyring.json');
  const bytes = readPrivate(path, ENVELOPE_LIMITS.keyring);
  if (!bytes.ok) return fail('absent', bytes.detail);
  const first = openFromPin(home.app, pin.value, bytes.value);
  if (!first.ok) return fail('absent', `${path} is not signed by the pinned roots (${first.code})`);
  let held = first.value;
  return ok({
    held: () => held,
    offer: (envelope) => {
      const next = openNextKeyring(held, envelope);
      if (!next.ok) return next;
      const roots = keepRoots(home.app, held.keyring, next.value);
      if (!roots.ok) return roots;
      const written = writeAtomic(path, envelope);
      if (!written.ok) return fail('io', written.detail);
      held = next.value;
      return ok(true);
    },
  });
}
