import { describe, expect, test } from 'vitest';
import {
  emptyRoot,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../../main/trust/merkle.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../../main/trust/tree.ts';
import { concat, fromB64, toHex, utf8 } from '../../../shared/bytes.ts';
import {
  havePublicVectors,
  hex,
  leafHashes,
  publicVectorFiles,
  publicVectors,
  readerOf,
} from './kit.ts';

type InclusionProbe = {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
};
type ConsistencyProbe = {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
};

function bytes(base64: string): Uint8Array {
  const read = fromB64(base64);
  if (read === undefined) throw new Error(`not base64: ${base64}`);
  return read;
}

describe('hashes', () => {
  test('are those of RFC 6962', () => {
    expect(toHex(emptyRoot())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(toHex(leafHash(utf8('L123456')))).toMatch(/^395aa064.*2b4d56$/);
    expect(toHex(nodeHash(utf8('N123'), utf8('N456')))).toMatch(/^aa217fe8.*e66bbb$/);
  });
});

describe.skipIf(!havePublicVectors())('public probes', () => {
  test('all 98 inclusion probes are judged right, 6 of them valid', () => {
    const probes = publicVectorFiles('merkle/inclusion').map(
      (file) => publicVectors(file) as InclusionProbe,
    );
    const wrong = probes.filter(
      (probe) =>
        verifyInclusion({
          index: probe.leafIdx,
          size: probe.treeSize,
          root: bytes(probe.root),
          leafHash: bytes(probe.leafHash),
          proof: (probe.proof ?? []).map(bytes),
        }) === probe.wantErr,
    );
    expect(probes.length).toBe(98);
    expect(probes.filter(({ wantErr }) => !wantErr).length).toBe(6);
    expect(wrong).toEqual([]);
  });

  test('all 98 consistency probes are judged right, 6 of them valid', () => {
    const probes = publicVectorFiles('merkle/consistency').map(
      (file) => publicVectors(file) as ConsistencyProbe,
    );
    const wrong = probes.filter(
      (probe) =>
        verifyConsistency({
          first: probe.size1,
          second: probe.size2,
          firstRoot: bytes(probe.root1),
          secondRoot: bytes(probe.root2),
          proof: (probe.proof ?? []).map(bytes),
        }) === probe.wantErr,
    );
    expect(probes.length).toBe(98);
    expect(probes.filter(({ wantErr }) => !wantErr).length).toBe(6);
    expect(wrong).toEqual([]);
  });
});

const LEAVES = leafHashes(64);
const READER = readerOf(LEAVES);
const ROOTS = Array.from({ length: 65 }, (_, size) => rootAt(READER, size));
const rootOf = (size: number): Uint8Array => ROOTS[size] ?? emptyRoot();
const leafOf = (index: number): Uint8Array => LEAVES[index] ?? emptyRoot();

/** Each hash flipped, dropped, doubled, exchanged with the next; and one more in front and behind. */
function* spoiled(proof: readonly Uint8Array[]): Generator<Uint8Array[]> {
  for (const [i, hash] of proof.entries()) {
    const flipped = hash.slice();
    flipped[i % 32] = (flipped[i % 32] ?? 0) ^ (1 << (i % 8));
    yield proof.with(i, flipped);
    yield proof.toSpliced(i, 1);
    yield proof.toSpliced(i, 0, hash);
    const next = proof[i + 1];
    if (next !== undefined) yield proof.with(i, next).with(i + 1, hash);
  }
  yield [emptyRoot(), ...proof];
  yield [...proof, emptyRoot()];
}

describe('every tree of up to 64 leaves', () => {
  test('each leaf is proven at its index and nowhere else, and no spoiled proof passes', () => {
    let good = 0;
    let refused = 0;
    for (let size = 1; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(READER, index, size);
        const claim = { index, size, leafHash: leafOf(index), root: rootOf(size), proof };
        if (verifyInclusion(claim)) good += 1;
        for (const worse of spoiled(proof)) {
          if (!verifyInclusion({ ...claim, proof: worse })) refused += 1;
          else throw new Error(`accepted a spoiled proof of ${index} in ${size}`);
        }
        const others = [{ index: index + 1 }, { index: size }, { root: rootOf(size - 1) }];
        for (const other of others) {
          if (verifyInclusion({ ...claim, ...other })) throw new Error(`${index} in ${size}`);
        }
      }
    }
    expect(good).toBe((64 * 65) / 2);
    expect(refused).toBe(47_585);
  });

  test('each prefix is proven, and no spoiled proof passes', () => {
    let good = 0;
    let refused = 0;
    for (let second = 1; second <= 64; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const proof = consistencyProof(READER, first, second);
        const [firstRoot, secondRoot] = [rootOf(first), rootOf(second)];
        const claim = { first, second, firstRoot, secondRoot, proof };
        if (verifyConsistency(claim)) good += 1;
        for (const worse of spoiled(proof)) {
          if (!verifyConsistency({ ...claim, proof: worse })) refused += 1;
          else throw new Error(`accepted a spoiled proof of ${first} in ${second}`);
        }
        for (const other of [{ firstRoot: emptyRoot() }, { secondRoot: emptyRoot() }]) {
          if (verifyConsistency({ ...claim, ...other })) throw new Error(`${first} in ${second}`);
        }
      }
    }
    expect(good).toBe((64 * 65) / 2);
    expect(refused).toBe(46_364);
  });
});

describe('what RFC 9162 leaves open', () => {
  const inclusion = {
    index: 5,
    size: 11,
    leafHash: leafOf(5),
    root: rootOf(11),
    proof: inclusionProof(READER, 5, 11),
  };
  const consistency = {
    first: 6,
    second: 11,
    firstRoot: rootOf(6),
    secondRoot: rootOf(11),
    proof: consistencyProof(READER, 6, 11),
  };

  test('the unchanged claims hold', () => {
    expect(verifyInclusion(inclusion)).toBe(true);
    expect(verifyConsistency(consistency)).toBe(true);
  });

  test('refuses a leaf hash and a proof hash that share their 64 bytes another way', () => {
    const [sibling = emptyRoot()] = inclusion.proof;
    // Index 5 is a right child: the node is H(1 || sibling || leaf), the same for any cut of the 64 bytes.
    const both = concat(sibling, inclusion.leafHash);
    const [, ...rest] = inclusion.proof;
    for (const cut of [0, 1, 31, 33, 63, 64]) {
      const moved = { leafHash: both.slice(cut), proof: [both.slice(0, cut), ...rest] };
      expect(verifyInclusion({ ...inclusion, ...moved })).toBe(false);
    }
  });

  test('refuses consistency hashes that share their 64 bytes another way', () => {
    const [a = emptyRoot(), b = emptyRoot(), ...rest] = consistency.proof;
    const both = concat(b, a);
    for (const cut of [0, 1, 31, 33, 63, 64]) {
      const moved = [both.slice(cut), both.slice(0, cut), ...rest];
      expect(verifyConsistency({ ...consistency, proof: moved })).toBe(false);
    }
  });

  test('refuses an empty leaf as the only leaf of a tree with an empty root', () => {
    const nothing = new Uint8Array(0);
    const claim = { index: 0, size: 1, leafHash: nothing, root: nothing, proof: [] };
    expect(verifyInclusion(claim)).toBe(false);
  });

  test('refuses hashes left over at the end', () => {
    const more = [...inclusion.proof, emptyRoot()];
    const root = nodeHash(emptyRoot(), rootOf(11));
    expect(verifyInclusion({ ...inclusion, proof: more, root })).toBe(false);
    const longer = [...consistency.proof, emptyRoot()];
    const roots = {
      firstRoot: nodeHash(emptyRoot(), rootOf(6)),
      secondRoot: nodeHash(emptyRoot(), rootOf(11)),
    };
    expect(verifyConsistency({ ...consistency, ...roots, proof: longer })).toBe(false);
  });

  test('refuses a proof that ends below the root', () => {
    const short = inclusion.proof.slice(0, -1);
    const inner = rootAt(readerOf(LEAVES.slice(0, 8)), 8);
    expect(verifyInclusion({ ...inclusion, proof: short, root: inner })).toBe(false);
  });

  test('nothing is proven from size 0, not even size 0', () => {
    const zero = { ...consistency, first: 0, firstRoot: emptyRoot() };
    expect(verifyConsistency({ ...zero, proof: [] })).toBe(false);
    expect(verifyConsistency(zero)).toBe(false);
    const none = {
      first: 0,
      second: 0,
      firstRoot: emptyRoot(),
      secondRoot: emptyRoot(),
      proof: [],
    };
    expect(verifyConsistency(none)).toBe(false);
  });

  test('equal sizes need equal roots and an empty proof', () => {
    const same = { first: 6, second: 6, firstRoot: rootOf(6), secondRoot: rootOf(6), proof: [] };
    expect(verifyConsistency(same)).toBe(true);
    expect(verifyConsistency({ ...same, secondRoot: rootOf(7) })).toBe(false);
    expect(verifyConsistency({ ...same, proof: [rootOf(6)] })).toBe(false);
  });

  test('an empty proof shows nothing about a larger tree', () => {
    const claim = { first: 4, second: 8, firstRoot: rootOf(4), secondRoot: rootOf(4), proof: [] };
    expect(verifyConsistency(claim)).toBe(false);
  });

  test('refuses a shrinking tree, an index outside, and sizes that are not counts', () => {
    expect(verifyConsistency({ ...consistency, first: 11, second: 6 })).toBe(false);
    for (const size of [-1, 0, 5.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(verifyInclusion({ ...inclusion, size })).toBe(false);
      expect(verifyConsistency({ ...consistency, second: size })).toBe(false);
      expect(verifyConsistency({ ...consistency, first: size })).toBe(false);
    }
    expect(verifyInclusion({ ...inclusion, index: -1 })).toBe(false);
    expect(verifyInclusion({ ...inclusion, index: 0.5 })).toBe(false);
  });

  test('refuses more than 63 hashes', () => {
    const proof = Array.from({ length: 64 }, () => emptyRoot());
    expect(verifyInclusion({ ...inclusion, proof })).toBe(false);
    expect(verifyConsistency({ ...consistency, proof })).toBe(false);
  });

  test('counts exactly at sizes that a 32-bit integer does not hold', () => {
    // The last leaf of a tree of 2^52+1 leaves has one sibling: the complete tree of 2^52.
    const left = hex('ab'.repeat(32));
    const leaf = leafOf(0);
    const claim = {
      index: 2 ** 52,
      size: 2 ** 52 + 1,
      leafHash: leaf,
      root: nodeHash(left, leaf),
      proof: [left],
    };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, size: 2 ** 52 + 2 })).toBe(false);
    expect(
      verifyConsistency({
        first: 2 ** 52,
        second: 2 ** 52 + 1,
        firstRoot: left,
        secondRoot: nodeHash(left, leaf),
        proof: [leaf],
      }),
    ).toBe(true);
  });
});
