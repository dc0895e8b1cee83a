// A team's own broker, in two steps: its keys, whose public parts go into the first keyring, and then that keyring, once,
// as its root of trust. From then on only the keyring's own chain moves it.

import { join } from 'node:path';
import { sameBytes, toB64 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { publishExclusive, readPrivate } from '../state/atomic-file.ts';
import { openHome } from '../state/home.ts';
import { jsonBytes } from '../state/json-file.ts';
import { loadKey, loadOrCreateKey } from '../state/key-file.ts';
import { Pin } from '../state/pin.ts';
import { type PublicFileOf, readPublicBytes } from '../state/public-file.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { findKey, openFirstKeyring } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { brokerFiles } from './open-home.ts';

const uid = (): number | undefined => process.getuid?.();

const publicHalf = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });

/** Makes what is not there: the same keys again where they are. */
export function initBroker(root: string, id: string): Result<PublicFileOf<'broker'>, 'notSetUp'> {
  const home = openHome(root, { uid: uid(), create: true });
  if (!home.ok) return fail('notSetUp', home.detail ?? home.code);
  const files = brokerFiles(home.value.broker);
  const session = loadOrCreateKey(files.session);
  if (!session.ok) return fail('notSetUp', session.detail ?? session.code);
  const log = loadOrCreateKey(files.log);
  if (!log.ok) return fail('notSetUp', log.detail ?? log.code);
  const keys = { session: publicHalf(session.value), log: publicHalf(log.value) };
  return ok({ v: 1, what: 'broker', id, ...keys });
}

/**
 * Takes a complete keyring as the root of trust, or finds that it has taken just this one. 'notSetUp' where there is another,
 * or where it is not for this broker.
 */
export function installKeyring(root: string, path: string): Result<void, 'notSetUp'> {
  const home = openHome(root, { uid: uid(), create: true });
  if (!home.ok) return fail('notSetUp', home.detail ?? home.code);
  const files = brokerFiles(home.value.broker);
  const bytes = readPublicBytes(path);
  if (!bytes.ok) return fail('notSetUp', bytes.detail ?? bytes.code);
  const envelope = parseEnvelope(bytes.value, ENVELOPE_LIMITS.keyring);
  const keyring = envelope.ok ? decodeStatement('keyring', envelope.value.payload) : envelope;
  if (!keyring.ok) return fail('notSetUp', `${path} is not a keyring that is signed`);
  const held = openFirstKeyring(bytes.value, keyring.value);
  if (!held.ok)
    return fail('notSetUp', `${path} is not signed by enough of its roots (${held.code})`);
  for (const use of ['session', 'log'] as const) {
    const pair = loadKey(files[use]);
    const hit = pair.ok ? findKey(held.value, pair.value.keyId) : undefined;
    if (hit?.kind !== 'broker' || hit.use !== use)
      return fail('notSetUp', `the keyring does not name this broker's ${use} key`);
  }
  const { org, log, roots, threshold } = held.value.keyring;
  const pin = jsonBytes(Pin.parse({ v: 1, org, log, roots, threshold }));
  // The pin last: a start without it says that the broker is not set up.
  for (const [file, contents] of [
    [files.keyring, bytes.value],
    [files.pin, pin],
  ] as const) {
    const written = publishExclusive(file, contents);
    if (written.ok || (written.code === 'exists' && holds(file, contents))) continue;
    return fail(
      'notSetUp',
      written.code === 'exists'
        ? `${join(home.value.broker)} has another keyring already: later ones come by publishing them`
        : written.detail,
    );
  }
  return ok(undefined);
}

/** The line that started it first is the line that starts it again. */
function holds(file: string, contents: Uint8Array): boolean {
  const there = readPrivate(file, contents.length);
  return there.ok && sameBytes(there.value, contents);
}
