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
import type { Bench } from './bench.ts';
import type { Session } from './peer.ts';

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

/**
 * A statement that a reviewer's own decision key signs over its own session: from the very device that says so, at the next
 * place in the log.
 */
export function openReviewed<T extends 'decision' | 'erasure' | 'grant' | 'grantEnd'>(
  { standing, nextIndex: index }: Pick<Bench, 'standing' | 'nextIndex'>,
  session: Session,
  type: T,
  text: string,
): Result<{ readonly opened: Opened<T>; readonly signer: KeyHit }, OpenCode | ReviewedCode> {
  if (session.kind !== 'reviewer') return fail('wrongRole');
  const opened = openStatement(type, text);
  if (!opened.ok) return opened;
  const signer = signerOf(opened.value, standing.held, {
    kind: 'reviewer',
    use: 'decision',
    index,
  });
  if (!signer.ok) return signer;
  const { id, keyId, device } = opened.value.statement.reviewer;
  const own =
    id === signer.value.id && keyId === opened.value.keyId && device === signer.value.device;
  return own && session.id === id && session.device === device
    ? ok({ opened: opened.value, signer: signer.value })
    : fail('notYours');
}
type ReviewedCode = 'wrongRole' | 'unknownKey' | 'badSignature' | 'notYours';

export const draftOf = (opened: Pick<Opened<StatementType>, 'envelope' | 'sha256'>): LeafDraft => ({
  leaf: leafOf(opened.envelope),
  payload: opened.envelope.payload,
  payloadSha256: opened.sha256,
});
