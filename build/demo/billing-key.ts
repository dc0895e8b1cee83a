// The billing service's key and the registry that says which keys it may sign with. Private key as PKCS#8 PEM, 0600;
// registry as JSON. A key's name is the start of the SHA-256 of its SPKI bytes.

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const Registered = z.strictObject({
  service: z.string(),
  keys: z.array(
    z.strictObject({
      name: z.string(),
      publicKey: z.string(),
      state: z.enum(['active', 'revoked']),
    }),
  ),
});
export type Registry = z.infer<typeof Registered>;

export type NewKey = { readonly pem: string; readonly name: string; readonly publicKey: string };

export function makeKey(): NewKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...named(publicKey),
  };
}

/** The public half of the key in a file, by its name. */
export const keyInFile = (path: string): Omit<NewKey, 'pem'> =>
  named(createPublicKey(readFileSync(path)));

function named(key: KeyObject): Omit<NewKey, 'pem'> {
  const spki = key.export({ type: 'spki', format: 'der' });
  const name = createHash('sha256').update(spki).digest('hex').slice(0, 12);
  return { name, publicKey: spki.toString('base64') };
}

export const readRegistry = (path: string): Registry =>
  Registered.parse(JSON.parse(readFileSync(path, 'utf8')));

/** The new file is whole or not there. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const writeRegistry = (path: string, registry: Registry): void =>
  replaceFile(path, `${JSON.stringify(registry, null, 2)}\n`);
