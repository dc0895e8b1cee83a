// A private key in a file, under a passphrase: scrypt, then AES-256-GCM, with the key's use and id as
// authenticated data, written as one CJ-1 object. The cost is read from the file but only within bounds: a
// cheaper file would be easier to guess, a dearer one would stop the machine.

import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { concat, fromB64, fromUtf8, toB64, utf8 } from '../../shared/bytes.ts';
import { fail, invariant, type Result } from '../../shared/result.ts';
import { type Cj, decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { plain, type RandomBytes } from './digest.ts';
import { exportPkcs8, type KeyPair, keyPairFromPkcs8 } from './ed25519.ts';
import { SEALED_KEY_LIMIT } from './limits.ts';
import { hasExactly, isObject } from './members.ts';

/** What a key is for: a file of one use does not open as another. */
export type KeyUse = 'decision' | 'root';

/** log2 of scrypt's N; r is 8 and p is 1. 17 takes 128 MiB, 20 takes 1 GiB. */
const COST = 17;
const HIGHEST_COST = 20;
const BLOCK = 8;
const FORMAT = 'countersign-sealed-key-v1';
const SALT_LENGTH = 16;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const NAMES = ['format', 'keyId', 'logN', 'nonce', 'salt', 'sealed', 'use'];

/** A test may seal and open at a lower cost; the product never passes this. */
export type TestOnly = { readonly testOnlyCost?: number };

type SealedKey = {
  readonly use: KeyUse;
  readonly keyId: string;
  readonly logN: number;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** The ciphertext and its 16-byte tag. */
  readonly sealed: Uint8Array;
};

/** `shape`: not a sealed key of this use. `cost`: outside the bounds. `passphrase`: wrong, or the file was changed. */
export type SealedKeyCode = 'shape' | 'cost' | 'passphrase';

/** The text of the file that holds the key. `passphrase` is a person's text, of any script. */
export async function sealKey(
  pair: KeyPair,
  use: KeyUse,
  passphrase: string,
  random: RandomBytes,
  { testOnlyCost = COST }: TestOnly = {},
): Promise<string> {
  invariant(passphrase !== '', 'a passphrase is not empty');
  const salt = random(SALT_LENGTH);
  const nonce = random(NONCE_LENGTH);
  const key = await derive(passphrase, salt, testOnlyCost);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(associated(use, pair.keyId));
  const body = concat(cipher.update(exportPkcs8(pair)), cipher.final(), cipher.getAuthTag());
  const file: Cj = {
    format: FORMAT,
    keyId: pair.keyId,
    logN: testOnlyCost,
    nonce: toB64(nonce),
    salt: toB64(salt),
    sealed: toB64(body),
    use,
  };
  return fromUtf8(encodeCj(file));
}

export async function openKey(
  text: string,
  use: KeyUse,
  passphrase: string,
  { testOnlyCost = COST }: TestOnly = {},
): Promise<Result<KeyPair, SealedKeyCode>> {
  const file = parseSealedKey(text);
  if (file === undefined || file.use !== use) return fail('shape', `not a sealed ${use} key`);
  if (file.logN < testOnlyCost || file.logN > HIGHEST_COST) {
    return fail('cost', `2^${file.logN} is outside 2^${COST} to 2^${HIGHEST_COST}`);
  }
  const pkcs8 = decrypt(file, await derive(passphrase, file.salt, file.logN));
  if (pkcs8 === undefined) return fail('passphrase', 'wrong passphrase, or the file was changed');
  const pair = keyPairFromPkcs8(pkcs8);
  return pair.ok && pair.value.keyId === file.keyId ? pair : fail('shape', 'not the key it names');
}

function parseSealedKey(text: string): SealedKey | undefined {
  const read = decodeCj(utf8(text), SEALED_KEY_LIMIT);
  if (!read.ok || !isObject(read.value) || !hasExactly(read.value, NAMES)) return undefined;
  const { format, keyId, logN, nonce, salt, sealed, use } = read.value;
  if (format !== FORMAT || (use !== 'decision' && use !== 'root')) return undefined;
  if (typeof keyId !== 'string' || typeof logN !== 'number') return undefined;
  const parts = [
    bytesOf(salt, SALT_LENGTH),
    bytesOf(nonce, NONCE_LENGTH),
    bytesOf(sealed),
  ] as const;
  const [saltBytes, nonceBytes, sealedBytes] = parts;
  if (!saltBytes || !nonceBytes || !sealedBytes || sealedBytes.length <= TAG_LENGTH)
    return undefined;
  return { use, keyId, logN, salt: saltBytes, nonce: nonceBytes, sealed: sealedBytes };
}

function decrypt(file: SealedKey, key: Uint8Array): Uint8Array | undefined {
  const end = file.sealed.length - TAG_LENGTH;
  const cipher = createDecipheriv('aes-256-gcm', key, file.nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(associated(file.use, file.keyId));
  cipher.setAuthTag(file.sealed.subarray(end));
  const body = cipher.update(file.sealed.subarray(0, end));
  try {
    cipher.final();
  } catch {
    // Node reports a wrong tag by throwing; here it is the ordinary wrong passphrase.
    return undefined;
  }
  return plain(body);
}

function derive(passphrase: string, salt: Uint8Array, logN: number): Promise<Uint8Array> {
  const cost = 2 ** logN;
  const options = { N: cost, r: BLOCK, p: 1, maxmem: 2 * 128 * cost * BLOCK };
  // Keyboards of different systems compose the same letters differently (RFC 8265 4.2.2 asks for NFC).
  const secret = passphrase.normalize('NFC');
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(plain(key)),
    );
  });
}

const associated = (use: KeyUse, keyId: string): Uint8Array =>
  utf8(`${FORMAT}\n${use}\n${keyId}\n`);

function bytesOf(value: unknown, length?: number): Uint8Array | undefined {
  const bytes = typeof value === 'string' ? fromB64(value) : undefined;
  return length !== undefined && bytes?.length !== length ? undefined : bytes;
}
