// What the tests of trust share: bytes from hex, fixed keys, the public vectors read in place, and a tree in
// memory that is built the naive way.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyPair, keyPairFromPkcs8 } from '../../../main/trust/ed25519.ts';
import { emptyRoot, leafHash, nodeHash } from '../../../main/trust/merkle.ts';
import type { NodeReader } from '../../../main/trust/tree.ts';
import { concat, fromHex, utf8 } from '../../../shared/bytes.ts';

const ROOT = join(import.meta.dirname, '../../..');
const VECTORS = join(ROOT, '../shared/vectors');

export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hex: ${text}`);
  return bytes;
}

/** True if the public vectors are there; says so loudly where they are not. */
export function havePublicVectors(): boolean {
  const there = existsSync(VECTORS);
  if (!there) console.warn('skipped: public vectors not found');
  return there;
}

/** True if libsodium is installed; says so loudly where it is not. */
export function haveSodium(): boolean {
  const there = existsSync(join(ROOT, 'node_modules/sodium-native'));
  if (!there) console.warn('skipped: sodium-native is not installed');
  return there;
}

export function publicVectors(path: string): unknown {
  return JSON.parse(readFileSync(join(VECTORS, path), 'utf8'));
}

/** Every .json file below a folder of the public vectors. */
export function publicVectorFiles(folder: string): string[] {
  return readdirSync(join(VECTORS, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => join(folder, path));
}

export function ownVectors(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, 'test/vectors/trust', name), 'utf8'));
}

/** The pair whose RFC 8032 seed is these 32 bytes. */
export function pairOfSeed(seed: Uint8Array): KeyPair {
  const pair = keyPairFromPkcs8(concat(hex('302e020100300506032b657004220420'), seed));
  if (!pair.ok) throw new Error('a seed of 32 bytes makes a pair');
  return pair.value;
}

/** A fixed pair, different for each number. */
export const fixedPair = (number: number): KeyPair => pairOfSeed(new Uint8Array(32).fill(number));

export const leafHashes = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(utf8(`leaf ${i}`)));

/** MTH of RFC 6962 2.1, word for word. */
export function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return emptyRoot();
  if (hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

/** A reader over leaf hashes that computes a node when asked, and refuses one that is not complete. */
export function readerOf(hashes: readonly Uint8Array[]): NodeReader {
  const nodes = new Map<string, Uint8Array>();
  const node = (level: number, index: number): Uint8Array => {
    const known = nodes.get(`${level}/${index}`);
    if (known !== undefined) return known;
    const hash = hashes[index];
    if (level === 0) {
      if (hash === undefined) throw new Error(`no leaf ${index}`);
      return hash;
    }
    const made = nodeHash(node(level - 1, index * 2), node(level - 1, index * 2 + 1));
    nodes.set(`${level}/${index}`, made);
    return made;
  };
  return { leafHash: (index) => node(0, index), node };
}
