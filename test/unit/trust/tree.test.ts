import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../../main/trust/merkle.ts';
import {
  consistencyProof,
  inclusionProof,
  type NodeReader,
  rootAt,
} from '../../../main/trust/tree.ts';
import { concat, toHex, utf8 } from '../../../shared/bytes.ts';
import { hex, leafHashes, naiveRoot, readerOf } from './kit.ts';

/** The reference leaves of Certificate Transparency, and the roots of their first 1 to 8. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('roots', () => {
  test('are those of the Certificate Transparency reference leaves', () => {
    const reader = readerOf(CT_LEAVES.map((leaf) => leafHash(hex(leaf))));
    expect(CT_ROOTS.map((_, i) => toHex(rootAt(reader, i + 1)))).toEqual(CT_ROOTS);
  });

  test('equal the definition for every size up to 130', () => {
    const leaves = leafHashes(130);
    const reader = readerOf(leaves);
    for (let size = 0; size <= 130; size += 1) {
      expect(toHex(rootAt(reader, size))).toBe(toHex(naiveRoot(leaves.slice(0, size))));
    }
  });
});

describe('proofs', () => {
  test('verify for any size up to 2^40, index and prefix', () => {
    const reader = sparseReader();
    const sizes = fc.integer({ min: 1, max: 2 ** 40 });
    const pairs = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));
    fc.assert(
      fc.property(pairs, ([size, index]) => {
        const root = rootAt(reader, size);
        const proof = inclusionProof(reader, index, size);
        const claim = { index, size, leafHash: reader.leafHash(index), root, proof };
        const first = index + 1;
        const growth = {
          first,
          second: size,
          firstRoot: rootAt(reader, first),
          secondRoot: root,
          proof: consistencyProof(reader, first, size),
        };
        return verifyInclusion(claim) && verifyConsistency(growth);
      }),
      { numRuns: 300 },
    );
  });

  test('ask only for subtrees that are complete', () => {
    const leaves = leafHashes(37);
    const inner = readerOf(leaves);
    const checked: NodeReader = {
      leafHash: inner.leafHash,
      node(level, index) {
        expect(level).toBeGreaterThan(0);
        expect((index + 1) * 2 ** level).toBeLessThanOrEqual(37);
        return inner.node(level, index);
      },
    };
    for (let index = 0; index < 37; index += 1) {
      inclusionProof(checked, index, 37);
      consistencyProof(checked, index + 1, 37);
    }
    rootAt(checked, 37);
  });

  test('asking outside the tree is a bug', () => {
    const reader = readerOf(leafHashes(4));
    expect(() => inclusionProof(reader, 4, 4)).toThrow('invariant');
    expect(() => consistencyProof(reader, 0, 4)).toThrow('invariant');
    expect(() => consistencyProof(reader, 5, 4)).toThrow('invariant');
    expect(() => rootAt(reader, -1)).toThrow('invariant');
  });
});

/** A tree of 2^40 equal leaves: the hash of a complete subtree depends on its level alone. */
function sparseReader(): NodeReader {
  const levels = [leafHash(concat(utf8('same')))];
  for (let level = 1; level <= 40; level += 1) {
    const below = levels[level - 1];
    if (below !== undefined) levels.push(nodeHash(below, below));
  }
  const node = (level: number): Uint8Array => {
    const hash = levels[level];
    if (hash === undefined) throw new Error(`no level ${level}`);
    return hash;
  };
  return { leafHash: () => node(0), node };
}
