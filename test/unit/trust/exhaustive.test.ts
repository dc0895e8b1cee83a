// Every tree of up to 130 leaves, every leaf, every pair of sizes: proofs made by the program are those of the definition
// (RFC 6962 2.1.1 and 2.1.2, written out below word for word), they verify, and with any one hash wrong they do not.

import { describe, expect, test } from 'vitest';
import { Frontier } from '../../../main/trust/frontier.ts';
import { emptyRoot, verifyConsistency, verifyInclusion } from '../../../main/trust/merkle.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../main/trust/tree.ts';
import { sameBytes } from '../../../shared/bytes.ts';
import { leafHashes, naiveRoot, readerOf } from './kit.ts';

const MOST = 130;
const LEAVES = leafHashes(MOST);
const READER = readerOf(LEAVES);
const ROOTS = Array.from({ length: MOST + 1 }, (_, size) => rootAt(READER, size));
const rootOf = (size: number): Uint8Array => ROOTS[size] ?? emptyRoot();
const leafOf = (index: number): Uint8Array => LEAVES[index] ?? emptyRoot();
const PAIRS = (MOST * (MOST + 1)) / 2;

/** MTH(D[from:to]), kept: the definitions below ask for the same ranges again and again. */
const ranges = new Map<number, Uint8Array>();
function mth(from: number, to: number): Uint8Array {
  const key = from * 1000 + to;
  const known = ranges.get(key);
  if (known !== undefined) return known;
  const made = naiveRoot(LEAVES.slice(from, to));
  ranges.set(key, made);
  return made;
}

function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** RFC 6962 2.1.1: PATH(m, D[from:to]). */
function path(m: number, from: number, to: number): Uint8Array[] {
  if (to - from === 1) return [];
  const k = splitOf(to - from);
  return m < k
    ? [...path(m, from, from + k), mth(from + k, to)]
    : [...path(m - k, from + k, to), mth(from, from + k)];
}

/** RFC 6962 2.1.2: SUBPROOF(m, D[from:to], whole). */
function subproof(m: number, from: number, to: number, whole: boolean): Uint8Array[] {
  if (m === to - from) return whole ? [] : [mth(from, to)];
  const k = splitOf(to - from);
  return m <= k
    ? [...subproof(m, from, from + k, whole), mth(from + k, to)]
    : [...subproof(m - k, from + k, to, false), mth(from, from + k)];
}

const same = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((hash, i) => sameBytes(hash, b[i] ?? new Uint8Array()));

/** Each hash wrong in one bit, another bit for each. */
function* corrupted(proof: readonly Uint8Array[]): Generator<Uint8Array[]> {
  for (const [i, hash] of proof.entries()) {
    const place = (i * 7) % 32;
    yield proof.with(i, hash.with(place, (hash[place] ?? 0) ^ (1 << (i % 8))));
  }
}

/** Left out, doubled, exchanged with the next, and one more in front and behind. */
function* rearranged(proof: readonly Uint8Array[]): Generator<Uint8Array[]> {
  for (const [i, hash] of proof.entries()) {
    yield proof.toSpliced(i, 1);
    yield proof.toSpliced(i, 0, hash);
    const next = proof[i + 1];
    if (next !== undefined) yield proof.with(i, next).with(i + 1, hash);
  }
  yield [emptyRoot(), ...proof];
  yield [...proof, emptyRoot()];
}

type Counts = { good: number; corrupted: number; rearranged: number; elsewhere: number };
const none = (): Counts => ({ good: 0, corrupted: 0, rearranged: 0, elsewhere: 0 });

/** Asks about one proof and all its spoiled forms; what is accepted and must not be, throws with its name. */
function judge(
  counts: Counts,
  proof: readonly Uint8Array[],
  accepts: (proof: readonly Uint8Array[]) => boolean,
  name: string,
): void {
  if (!accepts(proof)) throw new Error(`refused ${name}`);
  counts.good += 1;
  for (const worse of corrupted(proof)) {
    if (accepts(worse)) throw new Error(`accepted a corrupted proof of ${name}`);
    counts.corrupted += 1;
  }
  for (const worse of rearranged(proof)) {
    if (accepts(worse)) throw new Error(`accepted a rearranged proof of ${name}`);
    counts.rearranged += 1;
  }
}

describe(`every tree of up to ${MOST} leaves`, () => {
  test('has the root of the definition, by proof tree and by frontier', () => {
    const frontier = new Frontier();
    for (let size = 0; size <= MOST; size += 1) {
      expect(sameBytes(rootOf(size), mth(0, size))).toBe(true);
      expect(sameBytes(frontier.root(), mth(0, size))).toBe(true);
      if (size < MOST) frontier.append(leafOf(size));
    }
  });

  test('proves each leaf by exactly the hashes of the definition', { timeout: 180_000 }, () => {
    const counts = none();
    for (let size = 1; size <= MOST; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const name = `leaf ${index} of ${size}`;
        const proof = inclusionProof(READER, index, size);
        if (!same(proof, path(index, 0, size))) throw new Error(`another proof of ${name}`);
        const claim = { index, size, leafHash: leafOf(index), root: rootOf(size) };
        judge(counts, proof, (hashes) => verifyInclusion({ ...claim, proof: hashes }), name);
        for (const other of [
          { index: index + 1 },
          { index: index - 1 },
          { leafHash: leafOf((index + 1) % MOST) },
          { root: rootOf(size - 1) },
        ]) {
          if (verifyInclusion({ ...claim, ...other, proof })) throw new Error(`elsewhere: ${name}`);
          counts.elsewhere += 1;
        }
      }
    }
    expect(counts).toEqual({
      good: PAIRS,
      corrupted: 55_557,
      rearranged: 175_187,
      elsewhere: 4 * PAIRS,
    });
  });

  test('proves each prefix by exactly the hashes of the definition', { timeout: 180_000 }, () => {
    const counts = none();
    for (let second = 1; second <= MOST; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const name = `${first} in ${second}`;
        const proof = consistencyProof(READER, first, second);
        if (!same(proof, subproof(first, 0, second, true))) throw new Error(`another: ${name}`);
        const claim = { first, second, firstRoot: rootOf(first), secondRoot: rootOf(second) };
        judge(counts, proof, (hashes) => verifyConsistency({ ...claim, proof: hashes }), name);
        for (const other of [
          { firstRoot: rootOf(first - 1) },
          { secondRoot: rootOf(second - 1) },
          { first: first - 1 },
          { second: first - 1 },
        ]) {
          if (verifyConsistency({ ...claim, ...other, proof })) throw new Error(`other: ${name}`);
          counts.elsewhere += 1;
        }
      }
    }
    expect(counts).toEqual({
      good: PAIRS,
      corrupted: 54_772,
      rearranged: 172_961,
      elsewhere: 4 * PAIRS,
    });
  });

  test('proves nothing to a tree that differs in one leaf', { timeout: 180_000 }, () => {
    let refused = 0;
    for (let size = 2; size <= 40; size += 1) {
      for (let changed = 0; changed < size; changed += 1) {
        const forged = naiveRoot(LEAVES.slice(0, size).with(changed, emptyRoot()));
        // A prefix that has the leaf cannot lead to a tree that has another in its place.
        for (let first = changed + 1; first <= size; first += 1) {
          const proof = consistencyProof(READER, first, size);
          const claim = {
            first,
            second: size,
            firstRoot: rootOf(first),
            secondRoot: forged,
            proof,
          };
          if (verifyConsistency(claim)) throw new Error(`forged ${changed} after ${first}`);
          refused += 1;
        }
      }
    }
    expect(refused).toBe(11_479);
  });
});
