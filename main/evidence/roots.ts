// What an auditor may give as the roots: the digest of the root set, an invitation that ends in it, or the bytes of a keyring
// or of a pin. All become the one digest that a bundle's keyrings are compared with.

import { fromB64, textOf, toHex } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { decodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { openFirstKeyring, type RootPin } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { isObject } from '../trust/members.ts';
import { rootSetOf } from '../trust/keyring.ts';

/** `vkey`: the log's key, where what was given says it. */
export type Roots = { readonly rootSet: string; readonly vkey: string | undefined };

/** 64 hex digits, or the end of an invitation after `#org.`: 43 characters of base64url. */
export function rootsOfText(text: string): Roots | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return { rootSet: text.toLowerCase(), vkey: undefined };
  const [, digest] = /(?:^|#.+\.)([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  const bytes = digest && fromB64(`${digest.replaceAll('-', '+').replaceAll('_', '/')}=`);
  return bytes ? { rootSet: toHex(bytes), vkey: undefined } : undefined;
}

/** Of a file that the auditor holds: a signed keyring, or the pin of a machine. */
export function rootsOfFile(bytes: Uint8Array): Result<Roots, 'roots'> {
  const text = textOf(bytes)?.trim();
  const written = text === undefined ? undefined : rootsOfText(text);
  if (written !== undefined) return ok(written);
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.keyring);
  if (envelope.ok && envelope.value.payloadType === payloadTypeOf('keyring')) {
    const keyring = decodeStatement('keyring', envelope.value.payload);
    const held = keyring.ok ? openFirstKeyring(bytes, keyring.value) : keyring;
    return held.ok
      ? ok({ rootSet: rootSetOf(held.value.keyring), vkey: held.value.keyring.log.vkey })
      : fail('roots', 'the keyring is not signed by its own roots');
  }
  const pin = pinOf(text ?? '');
  return pin === undefined
    ? fail('roots', 'neither a keyring, nor a pin, nor the digest of a root set')
    : ok({ rootSet: rootSetOf(pin.roots), vkey: pin.vkey });
}

/** `pin.json`; only what goes into the digest is looked at. */
function pinOf(text: string): { roots: RootPin; vkey: string | undefined } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { org, roots, threshold, log } = value;
  if (typeof org !== 'string' || typeof threshold !== 'number' || !Array.isArray(roots))
    return undefined;
  const keys = roots.map((root: unknown) => (isObject(root) ? root['keyId'] : undefined));
  if (!keys.every((keyId) => typeof keyId === 'string')) return undefined;
  const vkey = isObject(log) && typeof log['vkey'] === 'string' ? log['vkey'] : undefined;
  return { roots: { org, threshold, roots: keys.map((keyId) => ({ keyId, spki: '' })) }, vkey };
}
