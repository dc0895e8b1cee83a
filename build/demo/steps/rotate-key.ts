// An Ed25519 service key and a registry of the keys that count. Afterwards the key in the file signs something, and the
// registry's key is asked whether it verifies: names in a file prove nothing.

import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../../../shared/result.ts';
import { keyInFile, makeKey, readRegistry, replaceFile, writeRegistry } from '../billing-key.ts';
import type { Prepared, Seen, Step } from '../step.ts';
import * as words from '../words.ts';

const PROGRAM = fileURLToPath(new URL('../programs/rotate-key.ts', import.meta.url));

export const rotateKey: Step = { id: 'rotate-key', ...words.rotation, prepare };

function prepare(scratch: string): Result<Prepared, 'skip'> {
  const folder = join(scratch, 'billing');
  mkdirSync(folder, { mode: 0o700 });
  const keyFile = join(folder, 'service.pem');
  const registryFile = join(folder, 'registry.json');
  const { pem, name, publicKey } = makeKey();
  replaceFile(keyFile, pem);
  writeRegistry(registryFile, { service: 'billing', keys: [{ name, publicKey, state: 'active' }] });
  return ok({
    cwd: folder,
    argv: [process.execPath, PROGRAM, 'service.pem', 'registry.json'],
    look: () => look(keyFile, registryFile, name),
  });
}

function look(keyFile: string, registryFile: string, before: string): Seen {
  const now = keyInFile(keyFile).name;
  const { keys } = readRegistry(registryFile);
  const active = keys.filter((key) => key.state === 'active');
  const old = keys.find((key) => key.name === before);
  const accepted = active.length === 1 && signsFor(keyFile, active[0]?.publicKey ?? '');
  if (now === before && accepted) return { what: 'didNot', lines: words.rotation.not(now) };
  return now !== before && accepted && old?.state === 'revoked'
    ? { what: 'happened', lines: words.rotation.done(before, now) }
    : { what: 'half', lines: words.rotation.some(now) };
}

function signsFor(keyFile: string, publicKey: string): boolean {
  const proof = Buffer.from('countersign demo: is this the key?');
  const signature = sign(null, proof, createPrivateKey(readFileSync(keyFile)));
  const der = Buffer.from(publicKey, 'base64');
  return verify(null, proof, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}
