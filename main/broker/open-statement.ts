// From the text of a message's envelope to a statement and the key that signed it. Every rule of the broker starts
// here; what comes out is signed by a key that the keyring names for this use at the next place in the log.

import { utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { KeyUse } from '../../shared/statement/keyring.ts';
import {
  decodeStatement,
  payloadTypeOf,
  type Statement,
  type StatementType,
} from '../../shared/statement/statement.ts';
import type { LeafDraft } from '../ledger/entry.ts';
import { sha256Hex } from '../trust/digest.ts';
import { type Envelope, parseEnvelope, verifyEnvelope } from '../trust/envelope.ts';
import { findKey, type HeldKeyring, type KeyHit, validAt } from '../trust/keyring.ts';
import { leafOf } from '../trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';

export type Opened<T extends StatementType> = {
  readonly envelope: Envelope;
  readonly statement: Statement<T>;
  /** Of the payload: how other statements name this one. */
  readonly sha256: string;
  readonly keyId: string;
};

export type OpenCode = 'tooLarge' | 'badEnvelope' | 'badStatement';

/** A well-formed statement of this type with exactly one signature, not verified yet. */
export function openStatement<T extends StatementType>(
  type: T,
  text: string,
): Result<Opened<T>, OpenCode> {
  const envelope = parseEnvelope(utf8(text), ENVELOPE_LIMITS[type]);
  if (!envelope.ok) return fail(envelope.code === 'size' ? 'tooLarge' : 'badEnvelope');
  const { payload, payloadType, signatures } = envelope.value;
  const [signature, ...more] = signatures;
  if (payloadType !== payloadTypeOf(type) || signature === undefined || more.length > 0) {
    return fail('badEnvelope');
  }
  const statement = decodeStatement(type, payload);
  if (!statement.ok) return fail('badStatement', statement.detail);
  return ok({
    envelope: envelope.value,
    statement: statement.value,
    sha256: sha256Hex(payload),
    keyId: signature.keyid,
  });
}

/** The key's row, if it is of this kind and use, valid at `index`, and its signature fits. */
export function signerOf(
  opened: Pick<Opened<StatementType>, 'envelope' | 'keyId'>,
  held: HeldKeyring,
  wanted: { readonly kind: KeyHit['kind']; readonly use: KeyUse; readonly index: number },
): Result<KeyHit, 'unknownKey' | 'badSignature'> {
  const hit = findKey(held, opened.keyId);
  if (hit === undefined || hit.kind !== wanted.kind || hit.use !== wanted.use) {
    return fail('unknownKey');
  }
  if (!validAt(hit, wanted.index)) return fail('unknownKey', 'not at this place in the log');
  return verifyEnvelope(opened.envelope, hit.key) ? ok(hit) : fail('badSignature');
}

export const draftOf = (opened: Pick<Opened<StatementType>, 'envelope' | 'sha256'>): LeafDraft => ({
  leaf: leafOf(opened.envelope),
  payload: opened.envelope.payload,
  payloadSha256: opened.sha256,
});
