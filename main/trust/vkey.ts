// Verifier keys of C2SP notes: name "+" hex(key id) "+" base64(type || public key). The key id is recomputed
// and the key must pass E1. Types: 0x01 a note, 0x04 a witness's cosignature; any other is refused.

import { concat, fromB64, fromHex, sameBytes, toB64, toHex, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { sha256 } from './digest.ts';
import { type PublicKey, publicKeyFromRaw, rawPublicKey } from './ed25519.ts';

/** C2SP signed-note, signature types. */
export const NOTE_TYPE = 0x01;
export const COSIGNATURE_TYPE = 0x04;
export type SignatureType = typeof NOTE_TYPE | typeof COSIGNATURE_TYPE;

export type Vkey = {
  readonly name: string;
  readonly type: SignatureType;
  /** 4 bytes: a hint, and with the name the identity of the signer. */
  readonly keyId: Uint8Array;
  readonly key: PublicKey;
};

/** Not empty, no white space, no "+", no control character: what a key name may be. */
export const isKeyName = (name: string): boolean =>
  /^[^\s\p{Cc}+]+$/u.test(name) && name.isWellFormed();

export function vkeyOf(name: string, type: SignatureType, key: PublicKey): Vkey {
  return { name, type, key, keyId: keyIdOf(name, type, key) };
}

export function formatVkey(vkey: Vkey): string {
  const typed = concat(Uint8Array.of(vkey.type), rawPublicKey(vkey.key));
  return `${vkey.name}+${toHex(vkey.keyId)}+${toB64(typed)}`;
}

/** `type`: a signature type that is not spoken here. `vkey`: anything else that is wrong with it. */
export function parseVkey(text: string): Result<Vkey, 'vkey' | 'type'> {
  // Only the base64 part may contain a "+".
  const [name = '', hex = '', ...rest] = text.split('+');
  const keyId = fromHex(hex);
  const typed = fromB64(rest.join('+'));
  if (!isKeyName(name) || keyId?.length !== 4 || typed === undefined || typed.length === 0) {
    return fail('vkey', 'not name+hex+base64');
  }
  const type = typed[0];
  if (type !== NOTE_TYPE && type !== COSIGNATURE_TYPE) return fail('type', `type ${String(type)}`);
  const key = publicKeyFromRaw(typed.subarray(1));
  if (!key.ok) return fail('vkey', key.detail);
  const vkey = vkeyOf(name, type, key.value);
  return sameBytes(vkey.keyId, keyId) ? ok(vkey) : fail('vkey', 'the key id is not this key’s');
}

function keyIdOf(name: string, type: SignatureType, key: PublicKey): Uint8Array {
  const named = concat(utf8(`${name}\n`), Uint8Array.of(type), rawPublicKey(key));
  return sha256(named).slice(0, 4);
}
