// Ed25519 keys in a 0600 PKCS #8 PEM file: session, witness, guard, broker and log keys. Decision and root keys never
// come here: they live in a vault or under a passphrase. A key file is created once and never replaced.

import { fromB64, textOf, toB64, utf8 } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { exportPkcs8, generateKeyPair, type KeyPair, keyPairFromPkcs8 } from '../trust/ed25519.ts';
import { publishExclusive, type ReadCode, readPrivate } from './atomic-file.ts';

export type KeyFileCode = ReadCode | 'malformed';

const MAX_BYTES = 512;
const FORM = /^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/]{64})\n-----END PRIVATE KEY-----\n$/;

export function loadKey(path: string): Result<KeyPair, KeyFileCode> {
  const bytes = readPrivate(path, MAX_BYTES);
  if (!bytes.ok) return bytes;
  const body = FORM.exec(textOf(bytes.value) ?? '')?.[1];
  const der = body === undefined ? undefined : fromB64(body);
  const pair = der && keyPairFromPkcs8(der);
  return pair?.ok ? pair : fail('malformed', `${path} does not hold an Ed25519 private key`);
}

/** The key of the file, which is made if it is not there; of many processes at once all get the same key. */
export function loadOrCreateKey(
  path: string,
  generate: () => KeyPair = generateKeyPair,
): Result<KeyPair, KeyFileCode> {
  const found = loadKey(path);
  if (found.ok || found.code !== 'missing') return found;
  const pair = generate();
  const published = publishExclusive(path, utf8(pemOf(pair)));
  if (published.ok) return ok(pair);
  return published.code === 'exists' ? loadKey(path) : fail('io', published.detail);
}

function pemOf(pair: KeyPair): string {
  // 48 bytes of DER are exactly 64 characters, one line of PEM (RFC 7468).
  const body = toB64(exportPkcs8(pair));
  invariant(body.length === 64, 'an Ed25519 key is 48 bytes of PKCS #8');
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}
