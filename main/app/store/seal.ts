// Bodies at rest: AES-256-GCM under this device's data key, bound to the leaf that they lie beside (it names their digest).
// Without a key nothing is sealed, and what was is not read; a body that does not open is damage, never something else.

import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { concat, sameBytes, utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import type { RandomBytes } from '../../trust/digest.ts';
import { DATA_KEY_BYTES } from './body-key-size.ts';

/** No body begins so: each is a JSON object. The last byte is the form's version. */
const HEAD = new Uint8Array([0, 0x43, 0x73, 0x42, 1]);
/** NIST SP 800-38D: random 96-bit nonces, for fewer than 2^32 bodies a key. */
const NONCE = 12;
const TAG = 16;

export type Bodies = {
  /** As it is to be stored; `beside` is the leaf. */
  readonly put: (body: Uint8Array, beside: Uint8Array) => Uint8Array;
  /** 'sealed' where this reader has no key. Throws for one that is not what was put there. */
  readonly take: (stored: Uint8Array, beside: Uint8Array) => Uint8Array | 'sealed';
  /** Of the key: tells it from another. Undefined without one. */
  readonly mark: Uint8Array | undefined;
};

export const isSealed = (stored: Uint8Array): boolean =>
  sameBytes(stored.subarray(0, HEAD.length), HEAD);

export const CLEAR: Bodies = {
  put: (body) => body,
  take: (stored) => (isSealed(stored) ? 'sealed' : stored),
  mark: undefined,
};

export function sealedBodies(key: Uint8Array, random: RandomBytes): Bodies {
  invariant(key.length === DATA_KEY_BYTES, 'a data key has 256 bits');
  return {
    put: (body, beside) => {
      if (body.length === 0) return body;
      const nonce = random(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(beside);
      const inside = cipher.update(body);
      cipher.final();
      return concat(HEAD, nonce, inside, cipher.getAuthTag());
    },
    take: (stored, beside) => {
      if (!isSealed(stored)) return stored;
      const nonce = stored.subarray(HEAD.length, HEAD.length + NONCE);
      const end = stored.length - TAG;
      const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      cipher.setAAD(beside).setAuthTag(stored.subarray(end));
      const body = cipher.update(stored.subarray(HEAD.length + NONCE, end));
      cipher.final();
      return new Uint8Array(body);
    },
    mark: new Uint8Array(createHmac('sha256', key).update(utf8('countersign-store')).digest()),
  };
}
