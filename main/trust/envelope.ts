// DSSE envelopes: CJ-1 of exactly {payload, payloadType, signatures:[{keyid, sig}]}, strict base64, 1 to 16
// signatures by different keys. One byte string exists per envelope. `keyid` is a hint: what counts is the
// key that verified, and the signed payload's own key id.

import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { type Cj, decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { fromB64, toB64 } from './base64.ts';
import { type KeyPair, type PublicKey, sign, verify } from './ed25519.ts';
import { MOST_SIGNATURES } from './limits.ts';
import { hasExactly, isObject } from './members.ts';
import { pae } from './pae.ts';

export type EnvelopeSignature = { readonly keyid: string; readonly sig: Uint8Array };

export type Envelope = {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
};

/** `size`: over the limit. `cj1`: not canonical JSON. `shape`: not exactly an envelope. */
export type EnvelopeCode = 'size' | 'cj1' | 'shape';

/** The envelope's bytes, with one signature. */
export function seal(payloadType: string, payload: Uint8Array, pair: KeyPair): Uint8Array {
  return sealMany(payloadType, payload, [pair]);
}

/** The envelope's bytes, signed by each pair in turn: for the keyring alone. */
export function sealMany(
  payloadType: string,
  payload: Uint8Array,
  pairs: readonly KeyPair[],
): Uint8Array {
  const signed = pae(payloadType, payload);
  const signatures = pairs.map((pair) => ({ keyid: pair.keyId, sig: sign(pair, signed) }));
  return encodeEnvelope({ payloadType, payload, signatures });
}

/** The one byte string of an envelope. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const signatures = signaturesToCj(envelope.signatures);
  invariant(
    readSignatures(signatures) !== undefined,
    'an envelope has 1 to 16 distinct signatures',
  );
  invariant(isPayloadType(envelope.payloadType), 'a payload type is printable ASCII');
  return encodeCj({
    payload: toB64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures,
  });
}

/** Reads an envelope of at most `maxBytes`. Nothing is verified yet. */
export function parseEnvelope(bytes: Uint8Array, maxBytes: number): Result<Envelope, EnvelopeCode> {
  if (bytes.length > maxBytes) return fail('size', `envelope is over ${maxBytes} bytes`);
  const read = decodeCj(bytes, maxBytes);
  if (!read.ok) return fail('cj1', read.detail);
  const envelope = envelopeOf(read.value);
  return envelope === undefined ? fail('shape', 'not exactly an envelope') : ok(envelope);
}

/** True if the signature at `index` is this key's over the envelope's type and payload. */
export function verifyEnvelope(envelope: Envelope, key: PublicKey, index = 0): boolean {
  const signature = envelope.signatures[index];
  if (signature === undefined || signature.keyid !== key.keyId) return false;
  return verify(key, pae(envelope.payloadType, envelope.payload), signature.sig);
}

/** For an envelope and its leaf alike: the `signatures` member as CJ-1. */
export function signaturesToCj(signatures: readonly EnvelopeSignature[]): Cj {
  return signatures.map(({ keyid, sig }) => ({ keyid, sig: toB64(sig) }));
}

/** For an envelope and its leaf alike: 1 to 16 signatures of 64 bytes by different keys, or undefined. */
export function readSignatures(value: unknown): readonly EnvelopeSignature[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_SIGNATURES) return undefined;
  const read: EnvelopeSignature[] = [];
  for (const item of value) {
    const signature = signatureOf(item);
    if (signature === undefined) return undefined;
    if (read.some((earlier) => earlier.keyid === signature.keyid)) return undefined;
    read.push(signature);
  }
  return read;
}

/** Printable ASCII without space, at most 128 characters. Which types are known is the reader's question. */
export const isPayloadType = (value: unknown): value is string =>
  typeof value === 'string' && /^[!-~]{1,128}$/.test(value);

function envelopeOf(value: Cj): Envelope | undefined {
  if (!isObject(value) || !hasExactly(value, ['payload', 'payloadType', 'signatures'])) {
    return undefined;
  }
  const payload = typeof value['payload'] === 'string' ? fromB64(value['payload']) : undefined;
  const payloadType = value['payloadType'];
  const signatures = readSignatures(value['signatures']);
  if (payload === undefined || !isPayloadType(payloadType) || signatures === undefined) {
    return undefined;
  }
  return { payloadType, payload, signatures };
}

function signatureOf(value: unknown): EnvelopeSignature | undefined {
  if (!isObject(value) || !hasExactly(value, ['keyid', 'sig'])) return undefined;
  const { keyid, sig } = value;
  if (typeof keyid !== 'string' || !/^[0-9a-f]{64}$/.test(keyid)) return undefined;
  const bytes = typeof sig === 'string' ? fromB64(sig) : undefined;
  return bytes === undefined || bytes.length !== 64 ? undefined : { keyid, sig: bytes };
}
