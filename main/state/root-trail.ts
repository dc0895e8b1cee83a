// Roots may be replaced, by the keyring's own chain and by nothing else. The keyrings that did so are kept beside the
// newest one, `roots.<version>`, each signed by a threshold of the roots before it: a later start walks from the pin.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import {
  type HeldKeyring,
  type KeyringCode,
  openFirstKeyring,
  type RootPin,
} from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { publishExclusive, readPrivate } from './atomic-file.ts';
import { errorCode } from './errno.ts';

/** The roots that hold from a version on. */
type Step = { readonly version: number; readonly roots: RootPin };

/**
 * A keyring of this folder, opened from the pin by way of every replacement of the roots up to its version.
 * 'io': the trail cannot be read.
 */
export function openFromPin(
  folder: string,
  pin: RootPin,
  envelope: Uint8Array,
): Result<HeldKeyring, KeyringCode | 'io'> {
  const steps = walk(folder, pin);
  if (!steps.ok) return steps;
  let below = Number.POSITIVE_INFINITY;
  for (const { version, roots } of steps.value.toReversed()) {
    const opened = openFirstKeyring(envelope, roots);
    // Replaced roots sign nothing any more, and roots sign nothing from before their time.
    const inTime = opened.ok && opened.value.keyring.version >= version;
    if (inTime && opened.value.keyring.version < below) return opened;
    below = version;
  }
  return fail('keyringThreshold', 'not signed by the roots of its version');
}

/** To be called before `next` comes into force: from then on only its own roots can open what follows. */
export function keepRoots(folder: string, before: Keyring, next: HeldKeyring): Result<void, 'io'> {
  if (sameRoots(before, next.keyring)) return ok(undefined);
  const path = join(folder, `roots.${next.keyring.version}`);
  const kept = publishExclusive(path, next.envelope);
  // The chain allows one keyring of a version: what another process has kept is this one.
  return kept.ok || kept.code === 'exists' ? ok(undefined) : fail('io', kept.detail);
}

function walk(folder: string, pin: RootPin): Result<readonly Step[], KeyringCode | 'io'> {
  const versions = listVersions(folder);
  if (!versions.ok) return versions;
  const steps: Step[] = [{ version: 0, roots: pin }];
  let roots = pin;
  for (const version of versions.value) {
    const bytes = readPrivate(join(folder, `roots.${version}`), ENVELOPE_LIMITS.keyring);
    if (!bytes.ok) return fail('io', bytes.detail);
    const opened = openFirstKeyring(bytes.value, roots);
    if (!opened.ok) return opened;
    if (opened.value.keyring.version !== version)
      return fail('keyringVersion', `roots.${version} is of another version`);
    roots = opened.value.keyring;
    steps.push({ version, roots });
  }
  return ok(steps);
}

function listVersions(folder: string): Result<readonly number[], 'io'> {
  try {
    const versions = readdirSync(folder).flatMap((name) => {
      const found = /^roots\.([1-9][0-9]{0,14})$/.exec(name)?.[1];
      return found === undefined ? [] : [Number(found)];
    });
    return ok(versions.sort((a, b) => a - b));
  } catch (error) {
    return fail('io', `${folder}: ${errorCode(error)}`);
  }
}

const sameRoots = (a: RootPin, b: RootPin): boolean =>
  a.threshold === b.threshold &&
  a.roots.length === b.roots.length &&
  a.roots.every((root) => b.roots.some((other) => other.keyId === root.keyId));
