// The leaf of every statement in the log: CJ-1 of {payloadSha256, payloadType, signatures}. The payload lies
// beside the tree and may be erased; the leaf still says who signed what type of statement, and its digest.

import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { sha256Hex } from './digest.ts';
import {
  type Envelope,
  type EnvelopeSignature,
  isPayloadType,
  readSignatures,
  signaturesToCj,
} from './envelope.ts';
import { LEAF_LIMIT } from './limits.ts';
import { hasExactly, isObject } from './members.ts';

export type Leaf = {
  readonly payloadType: string;
  /** 64 lower-case hex digits. */
  readonly payloadSha256: string;
  readonly signatures: readonly EnvelopeSignature[];
};

/** `size`: over 65,535 bytes. `cj1`: not canonical JSON. `shape`: not exactly a leaf. */
export type LeafCode = 'size' | 'cj1' | 'shape';

/** The leaf bytes of an envelope: what the tree hashes. */
export function leafOf(envelope: Envelope): Uint8Array {
  const bytes = encodeCj({
    payloadSha256: sha256Hex(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: signaturesToCj(envelope.signatures),
  });
  invariant(bytes.length <= LEAF_LIMIT, 'a leaf of 16 signatures fits');
  return bytes;
}

export function parseLeaf(bytes: Uint8Array): Result<Leaf, LeafCode> {
  if (bytes.length > LEAF_LIMIT) return fail('size', `leaf is over ${LEAF_LIMIT} bytes`);
  const read = decodeCj(bytes, LEAF_LIMIT);
  if (!read.ok) return fail('cj1', read.detail);
  const value = read.value;
  if (!isObject(value) || !hasExactly(value, ['payloadSha256', 'payloadType', 'signatures'])) {
    return fail('shape', 'not exactly a leaf');
  }
  const { payloadSha256, payloadType } = value;
  const signatures = readSignatures(value['signatures']);
  if (typeof payloadSha256 !== 'string' || !/^[0-9a-f]{64}$/.test(payloadSha256)) {
    return fail('shape', 'payloadSha256 is not 64 lower-case hex digits');
  }
  if (!isPayloadType(payloadType) || signatures === undefined) {
    return fail('shape', 'the type or the signatures are malformed');
  }
  return ok({ payloadType, payloadSha256, signatures });
}

/** The envelope again, from its leaf and the payload beside the tree; refuses any other payload. */
export function joinLeaf(leaf: Leaf, payload: Uint8Array): Result<Envelope, 'payload'> {
  if (sha256Hex(payload) !== leaf.payloadSha256) {
    return fail('payload', 'the payload is not the one that the leaf names');
  }
  return ok({ payloadType: leaf.payloadType, payload, signatures: leaf.signatures });
}
