// A leaf with its body, checked and read: whose it is, what it says, and whether the signature fits the keyring.
// A leaf that fails is kept, shown as failed and never acted upon.

import { fail, ok, type Result } from '../../shared/result.ts';
import {
  decodeStatement,
  type Statement,
  type StatementType,
  statementTypeOf,
} from '../../shared/statement/statement.ts';
import { sha256Hex } from '../trust/digest.ts';
import { encodeEnvelope, type Envelope, verifyEnvelope } from '../trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  type KeyHit,
  openFirstKeyring,
  validAt,
} from '../trust/keyring.ts';
import { joinLeaf, type Leaf, parseLeaf } from '../trust/leaf.ts';
import { maySign } from '../trust/signed-by.ts';

export type Spoken = {
  [T in StatementType]: { readonly type: T; readonly says: Statement<T> };
}[StatementType];

export type OpenedLeaf = {
  readonly index: number;
  readonly leaf: Leaf;
  readonly type: StatementType;
  readonly keyId: string;
  readonly signer: KeyHit | undefined;
  readonly signature: 'verified' | 'failed' | 'unknownKey';
  /** Absent without a body. */
  readonly spoken: Spoken | undefined;
};

export type OpenCode = 'leaf' | 'type' | 'payload' | 'statement';

/** Without a payload the signature cannot be checked: it is over the body. */
export function openLeaf(
  index: number,
  bytes: Uint8Array,
  payload: Uint8Array | undefined,
  keyring: HeldKeyring,
): Result<OpenedLeaf, OpenCode> {
  const leaf = parseLeaf(bytes);
  if (!leaf.ok) return fail('leaf', leaf.detail);
  const type = statementTypeOf(leaf.value.payloadType);
  if (type === undefined) return fail('type', leaf.value.payloadType);
  const keyId = leaf.value.signatures[0]?.keyid ?? '';
  const signer = findKey(keyring, keyId);
  const seen = { index, leaf: leaf.value, type, keyId, signer };
  if (payload === undefined) return ok({ ...seen, signature: 'unknownKey', spoken: undefined });
  const envelope = joinLeaf(leaf.value, payload);
  if (!envelope.ok) return fail('payload', envelope.detail);
  const says = decodeStatement(type, payload);
  if (!says.ok) return fail('statement', says.detail);
  return ok({
    ...seen,
    signature: judge(index, type, envelope.value, signer, keyring),
    // decodeStatement has read it as this very type.
    spoken: { type, says: says.value } as Spoken,
  });
}

function judge(
  index: number,
  type: StatementType,
  envelope: Envelope,
  signer: KeyHit | undefined,
  keyring: HeldKeyring,
): OpenedLeaf['signature'] {
  if (type === 'keyring') return judgeKeyring(envelope, keyring);
  if (signer === undefined) return 'unknownKey';
  const fits =
    envelope.signatures.length === 1 &&
    maySign(type, signer) &&
    validAt(signer, index) &&
    verifyEnvelope(envelope, signer.key);
  return fits ? 'verified' : 'failed';
}

/** The one in force, or one that a threshold of the same roots has signed; what only other roots signed is not shown as checked. */
function judgeKeyring(envelope: Envelope, held: HeldKeyring): OpenedLeaf['signature'] {
  if (sha256Hex(envelope.payload) === held.sha256) return 'verified';
  return openFirstKeyring(encodeEnvelope(envelope), held.keyring).ok ? 'verified' : 'failed';
}
