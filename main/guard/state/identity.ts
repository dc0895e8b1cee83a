// Which guard this is and whom it trusts. The root of trust is `guard/pin.json` alone: never the broker, an environment
// variable or the project's folder. The keyring is whatever the pinned roots have signed, and never an older one.

import { join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { openShelf, type Shelf } from '../../policy/cedar/shelf.ts';
import { publishExclusive, readPrivate } from '../../state/atomic-file.ts';
import { type Mark, raiseMark, readMarks } from '../../state/high-mark.ts';
import type { Home } from '../../state/home.ts';
import { loadKey } from '../../state/key-file.ts';
import { type Pin, readPin } from '../../state/pin.ts';
import { openPolicyFiles, type PolicyFiles } from '../../state/policy-files.ts';
import { keepRoots, openFromPin } from '../../state/root-trail.ts';
import type { RandomBytes } from '../../trust/digest.ts';
import type { KeyPair } from '../../trust/ed25519.ts';
import { findKey, type HeldKeyring, openNextKeyring } from '../../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../../trust/limits.ts';
import type { Trust } from '../verify/decision.ts';
import { whatIsLost } from './had.ts';

export type Identity = {
  readonly id: string;
  readonly host: string;
  readonly guardKey: KeyPair;
  readonly sessionKey: KeyPair;
  /** For HMACs of secrets: 32 bytes that never leave this guard. */
  readonly secretKey: Uint8Array;
  readonly trust: () => Trust;
  /** What the keyring pins, as far as its bytes are on this machine. */
  readonly policies: { readonly shelf: Shelf; readonly files: PolicyFiles };
  /** True where the envelope was the next keyring and is now in force, here and for every later run. */
  readonly offerKeyring: (envelope: Uint8Array) => boolean;
};

/** `noPin`: `npm start` has not been run. `broken`: the state is there and cannot be used; the detail says why. */
export type IdentityCode = 'noPin' | 'broken';

const SECRET_BYTES = 32;

export function openIdentity(home: Home, random: RandomBytes): Result<Identity, IdentityCode> {
  const pin = readPin(home);
  if (!pin.ok)
    return pin.code === 'missing' ? fail('noPin') : fail('broken', pin.detail ?? pin.code);
  const lost = whatIsLost(home);
  if (lost !== undefined) return fail('broken', lost);
  const first = openHighest(home, pin.value);
  if (!first.ok) return first;
  const guardKey = loadKey(join(home.guard, 'guard.pem'));
  const sessionKey = loadKey(join(home.guard, 'session.pem'));
  if (!guardKey.ok) return fail('broken', guardKey.detail ?? guardKey.code);
  if (!sessionKey.ok) return fail('broken', sessionKey.detail ?? sessionKey.code);
  const me = findKey(first.value, guardKey.value.keyId);
  if (me?.kind !== 'guard' || me.use !== 'guard')
    return fail('broken', "the keyring does not know this guard's key");
  const secretKey = secretKeyOf(home, random);
  if (!secretKey.ok) return secretKey;
  const guard = first.value.keyring.guards.find((one) => one.id === me.id);

  const files = openPolicyFiles(home);
  let keyring = first.value;
  const keyrings = new Map([[keyring.keyring.version, keyring.sha256]]);
  return ok({
    id: me.id,
    host: guard?.host ?? me.id,
    guardKey: guardKey.value,
    sessionKey: sessionKey.value,
    secretKey: secretKey.value,
    trust: () => ({ keyring, keyrings }),
    policies: { shelf: openShelf(files.read), files },
    offerKeyring: (envelope) => {
      const next = openNextKeyring(keyring, envelope);
      if (!next.ok || !keepRoots(home.guard, keyring.keyring, next.value).ok) return false;
      if (!keepKeyring(home, next.value)) return false;
      keyring = next.value;
      keyrings.set(keyring.keyring.version, keyring.sha256);
      return true;
    },
  });
}

/** The highest version that any run of this guard has seen; a lower one is never used again. */
function openHighest(home: Home, pin: Pin): Result<HeldKeyring, IdentityCode> {
  const base = readPrivate(join(home.guard, 'keyring.json'), ENVELOPE_LIMITS.keyring);
  const marks = readMarks(home.guard, 'keyring');
  if (!marks.ok) return fail('broken', marks.detail ?? marks.code);
  const highest = marks.value.at(-1)?.bytes ?? (base.ok ? base.value : undefined);
  if (highest === undefined) return fail('broken', 'there is no keyring beside the pin');
  const opened = openFromPin(home.guard, pin, highest);
  return opened.ok
    ? opened
    : fail('broken', `the keyring is not the pinned roots' (${opened.code})`);
}

function keepKeyring(home: Home, next: HeldKeyring): boolean {
  const mark: Mark = { number: next.keyring.version, bytes: next.envelope };
  // Another run may store the same version at the same moment: the chain allows only one, so 'lower' is as good.
  for (let attempt = 0; attempt < 10; attempt++) {
    const seen = readMarks(home.guard, 'keyring');
    if (!seen.ok) return false;
    const raised = raiseMark(home.guard, 'keyring', seen.value, mark);
    if (raised.ok || raised.code === 'lower') return true;
    if (raised.code !== 'raced') return false;
  }
  return false;
}

function secretKeyOf(home: Home, random: RandomBytes): Result<Uint8Array, 'broken'> {
  const path = join(home.guard, 'secret.key');
  const made = publishExclusive(path, random(SECRET_BYTES));
  if (!made.ok && made.code !== 'exists') return fail('broken', made.detail ?? made.code);
  const key = readPrivate(path, SECRET_BYTES);
  if (!key.ok) return fail('broken', key.detail ?? key.code);
  return key.value.length === SECRET_BYTES
    ? key
    : fail('broken', `${path} is not ${SECRET_BYTES} bytes`);
}
