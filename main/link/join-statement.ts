// A join, signed and opened. Its id is the SHA-256 of its payload, and its words are made of that: they cover the name,
// the machine and every key, so who compares them compares everything that would be enrolled.

import { fromB64, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { decodeJoin, encodeJoin, type Join, JOIN_TYPE } from '../../shared/statement/join.ts';
import { sha256Hex } from '../trust/digest.ts';
import { type KeyPair, type PublicKey, publicKeyFromSpki } from '../trust/ed25519.ts';
import { parseEnvelope, seal, verifyEnvelope } from '../trust/envelope.ts';

export type OpenedJoin = {
  readonly join: Join;
  /** SHA-256 of the payload. */
  readonly id: string;
  /** The envelope's text. */
  readonly envelope: string;
};

export const joinKeyOf = (pair: KeyPair) => ({ keyId: pair.keyId, spki: toB64(pair.spki) });

export function signJoin(join: Join, session: KeyPair): OpenedJoin {
  const payload = encodeJoin(join);
  const envelope = textOf(seal(JOIN_TYPE, payload, session)) ?? '';
  return { join, id: sha256Hex(payload), envelope };
}

/** `form`: not a join. `key`: a key in it is not acceptable, or stands twice. `signature`: not by its session key. */
export function openJoin(text: string): Result<OpenedJoin, 'form' | 'key' | 'signature'> {
  const envelope = parseEnvelope(utf8(text), LIMITS.joinMaxBytes);
  if (!envelope.ok || envelope.value.payloadType !== JOIN_TYPE) return fail('form');
  const { payload, signatures } = envelope.value;
  const join = decodeJoin(payload);
  if (!join.ok) return fail('form', join.detail);
  const keys = Object.values(join.value.keys).map(acceptable);
  const ids = new Set(keys.map((key) => key?.keyId));
  if (keys.includes(undefined) || ids.size < keys.length) return fail('key');
  const session = acceptable(join.value.keys.session);
  const signed = session && signatures.length === 1 && verifyEnvelope(envelope.value, session);
  return signed === true
    ? ok({ join: join.value, id: sha256Hex(payload), envelope: text })
    : fail('signature');
}

function acceptable(entry: {
  readonly keyId: string;
  readonly spki: string;
}): PublicKey | undefined {
  const spki = fromB64(entry.spki);
  const key = spki && publicKeyFromSpki(spki);
  return key?.ok === true && key.value.keyId === entry.keyId ? key.value : undefined;
}
