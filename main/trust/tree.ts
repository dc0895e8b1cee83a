// Roots and proofs from the O(log n) hashes of complete subtrees that somebody else stores. Asking outside
// the tree is a bug here and throws; what comes out is what merkle.ts verifies.

import { invariant } from '../../shared/result.ts';
import { isCount } from './decimal.ts';
import { emptyRoot, nodeHash } from './merkle.ts';

/** Stored hashes of complete subtrees. A reader throws for one that its store does not have. */
export type NodeReader = {
  leafHash(index: number): Uint8Array;
  /** The subtree over the leaves from `index * 2^level` up to, without, `(index + 1) * 2^level`; level > 0. */
  node(level: number, index: number): Uint8Array;
};

/** The root of the tree of the first `size` leaves. */
export function rootAt(reader: NodeReader, size: number): Uint8Array {
  invariant(isCount(size), 'a tree size is a count');
  return size === 0 ? emptyRoot() : rangeRoot(reader, 0, size);
}

/** PATH(index, D[size]) of RFC 6962 2.1.1: sibling hashes from the leaf up. */
export function inclusionProof(reader: NodeReader, index: number, size: number): Uint8Array[] {
  invariant(isCount(index) && isCount(size) && index < size, 'the leaf is in the tree');
  const proof: Uint8Array[] = [];
  let low = 0;
  let high = size;
  while (high - low > 1) {
    const middle = low + splitOf(high - low);
    if (index < middle) {
      proof.push(rangeRoot(reader, middle, high));
      high = middle;
    } else {
      proof.push(rangeRoot(reader, low, middle));
      low = middle;
    }
  }
  return proof.reverse();
}

/** PROOF(first, D[second]) of RFC 6962 2.1.2. `first` is at least 1: size 0 proves nothing. */
export function consistencyProof(reader: NodeReader, first: number, second: number): Uint8Array[] {
  invariant(isCount(first) && isCount(second) && first >= 1 && first <= second, 'sizes in order');
  const proof: Uint8Array[] = [];
  let low = 0;
  let high = second;
  while (first < high) {
    const middle = low + splitOf(high - low);
    if (first <= middle) {
      proof.push(rangeRoot(reader, middle, high));
      high = middle;
    } else {
      proof.push(rangeRoot(reader, low, middle));
      low = middle;
    }
  }
  // The verifier holds the first root itself, so a range that is that whole tree is left out.
  if (low !== 0) proof.push(rangeRoot(reader, low, high));
  return proof.reverse();
}

/** MTH(D[low:high]) where `low` is a multiple of the next power of two: true of every range that RFC 6962 asks for. */
function rangeRoot(reader: NodeReader, low: number, high: number): Uint8Array {
  const width = high - low;
  if (width === 1) return reader.leafHash(low);
  const split = splitOf(width);
  if (split * 2 === width) return reader.node(Math.log2(width), low / width);
  return nodeHash(rangeRoot(reader, low, low + split), rangeRoot(reader, low + split, high));
}

/** The largest power of two strictly below `width`, for a width of at least 2. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}
