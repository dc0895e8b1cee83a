// Keys and signatures: pure Ed25519 (RFC 8032) under rules E1 (sound key), E2 (strict signature form) and
// E3 (the equation, as the runtime's library or libsodium computes it). A `PublicKey` exists only if E1 held, so
// `verify` never meets another key. keyId = lower-case hex SHA-256 of the 44-byte SubjectPublicKeyInfo DER.

// The package has no types, and whoever compiles this file has to meet ours: there is no import that does that.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./sodium-native.d.ts" />

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { concat, fromHex, sameBytes, toHex } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { plain, sha256Hex } from './digest.ts';
import { makeVerifier } from './fast-verifier.ts';
import { isSoundPoint } from './point.ts';
import { isStrictSignature } from './signature-form.ts';

declare const checked: unique symbol;

export type KeyPair = {
  readonly keyId: string;
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
};

/** A key that passed E1. The mark keeps a hand-made object from standing in for one. */
export type PublicKey = {
  readonly keyId: string;
  readonly spki: Uint8Array;
  readonly key: KeyObject;
  readonly [checked]: true;
};

/** RFC 8410: SubjectPublicKeyInfo and PKCS #8 version 1 around the 32 bytes of an Ed25519 key. */
const SPKI_PREFIX = constant('302a300506032b6570032100');
const PKCS8_PREFIX = constant('302e020100300506032b657004220420');
const SPKI_LENGTH = 44;
const PKCS8_LENGTH = 48;

export function generateKeyPair(): KeyPair {
  return pairOf(generateKeyPairSync('ed25519').privateKey);
}

/** The pair of a 48-byte PKCS #8 DER, as `exportPkcs8` writes it. No other form is read. */
export function keyPairFromPkcs8(der: Uint8Array): Result<KeyPair, 'key'> {
  if (der.length !== PKCS8_LENGTH || !startsWith(der, PKCS8_PREFIX)) {
    return fail('key', 'not the PKCS #8 form of an Ed25519 private key');
  }
  return ok(pairOf(createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })));
}

/** The private key as 48 bytes of PKCS #8 DER: a secret, for the vault and the passphrase file only. */
export function exportPkcs8(pair: KeyPair): Uint8Array {
  return plain(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
}

/**
 * E1 takes a millisecond, and one log's key stands under every head: keys that passed it, by their bytes. An answer of a pure
 * function, kept; what failed is asked again.
 */
const SOUND = new Map<string, PublicKey>();
const MOST_SOUND = 1024;

/** E1: the exact prefix, then a canonical point, not of small order, free of torsion. */
export function publicKeyFromSpki(spki: Uint8Array): Result<PublicKey, 'key'> {
  const name = toHex(spki);
  const known = SOUND.get(name);
  if (known !== undefined) return ok(known);
  const found = checkSpki(spki);
  if (!found.ok) return found;
  if (SOUND.size >= MOST_SOUND) SOUND.clear();
  SOUND.set(name, found.value);
  return found;
}

function checkSpki(spki: Uint8Array): Result<PublicKey, 'key'> {
  if (spki.length !== SPKI_LENGTH || !startsWith(spki, SPKI_PREFIX)) {
    return fail('key', 'not the SubjectPublicKeyInfo of an Ed25519 key');
  }
  if (!isSoundPoint(spki.subarray(SPKI_PREFIX.length))) {
    return fail('key', 'not a sound Ed25519 point: malformed, of small order, or with torsion');
  }
  return ok(publicKeyOfSoundSpki(spki));
}

/** E1 for a key that is carried as its bare 32 bytes, as in a note's vkey. */
export function publicKeyFromRaw(raw: Uint8Array): Result<PublicKey, 'key'> {
  return publicKeyFromSpki(concat(SPKI_PREFIX, raw));
}

/** The bare 32 bytes of a key. */
export const rawPublicKey = (key: { readonly spki: Uint8Array }): Uint8Array =>
  key.spki.slice(SPKI_PREFIX.length);

/** A log's key is asked for under each of its heads. */
const HALVES = new WeakMap<KeyPair, PublicKey>();

/** The public half. A key computed from a private key is s*B and needs no E1 (RFC 8032 5.1.5). */
export function publicKeyOf(pair: KeyPair): PublicKey {
  const known = HALVES.get(pair);
  if (known !== undefined) return known;
  const half = publicKeyOfSoundSpki(pair.spki);
  HALVES.set(pair, half);
  return half;
}

/** 64 bytes over exactly these bytes. */
export function sign(pair: KeyPair, bytes: Uint8Array): Uint8Array {
  return plain(signBytes(null, bytes, pair.privateKey));
}

/** E3: what a library says of a signature that has passed E2, under a key that has passed E1. */
export type Verifier = (key: PublicKey, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** As many verifications as loading libsodium costs: whoever has needed that many mostly needs more. */
const BEFORE_LOADING = 512;

const E3 = makeVerifier<PublicKey>({
  runtime: (key, bytes, signature) => verifyBytes(null, bytes, key.key, signature),
  raw: (key) => key.spki.subarray(SPKI_PREFIX.length),
  load: async () => (await import('sodium-native')).default,
  // Electron's own library (BoringSSL) is as quick: nothing to gain there.
  after: process.versions['electron'] === undefined ? BEFORE_LOADING : Number.POSITIVE_INFINITY,
});

/** E2, then E3. False for any doubt; never throws on input. A test may ask how another verifier would do. */
export function verify(
  key: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
  verifier: Verifier = E3.verify,
): boolean {
  return isStrictSignature(signature) && verifier(key, bytes, signature);
}

function pairOf(privateKey: KeyObject): KeyPair {
  const spki = plain(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  return { keyId: sha256Hex(spki), spki, privateKey };
}

function publicKeyOfSoundSpki(bytes: Uint8Array): PublicKey {
  const spki = bytes.slice();
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  // The mark exists for the compiler alone; both callers have established E1.
  return { keyId: sha256Hex(spki), spki, key } as PublicKey;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return sameBytes(bytes.subarray(0, prefix.length), prefix);
}

function constant(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes !== undefined, 'a hex constant');
  return bytes;
}
