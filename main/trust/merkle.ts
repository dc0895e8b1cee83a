// RFC 6962 hashing, and the two proof checks of RFC 9162 (2.1.3.2 and 2.1.4.2) with what they leave open
// closed: every hash is 32 bytes, no hash is left over, at most 63 of them, and size 0 proves nothing.
// A check answers true or false and never throws on input.

import { concat, sameBytes } from '../../shared/bytes.ts';
import { isCount } from './decimal.ts';
import { sha256 } from './digest.ts';

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);
export const HASH_LENGTH = 32;
export const LONGEST_PROOF = 63;

export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concat(LEAF, entry));

export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concat(NODE, left, right));

/** The root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = (): Uint8Array => sha256(new Uint8Array(0));

export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Uint8Array[];
};

/** True if the leaf is at `index` of the tree of `size` leaves with this root. */
export function verifyInclusion({ index, size, leafHash, root, proof }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (!areHashes([leafHash, ...proof]) || proof.length > LONGEST_PROOF) return false;
  const position = new Position(index, size - 1);
  let hash = leafHash;
  for (const sibling of proof) {
    if (position.isPastRoot()) return false;
    hash = position.joinsLeft() ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    position.rise();
  }
  return position.isPastRoot() && sameBytes(hash, root);
}

export type Consistency = {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

/** True if the tree of `first` leaves is a prefix of the tree of `second`. Nothing is proven from size 0. */
export function verifyConsistency(claim: Consistency): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!isCount(first) || !isCount(second) || first === 0 || first > second) return false;
  if (first === second) return proof.length === 0 && sameBytes(firstRoot, secondRoot);
  if (proof.length > LONGEST_PROOF || !areHashes([firstRoot, ...proof])) return false;
  return climb(claim);
}

/** An empty proof fails here too: it never reaches the root of a larger tree. */
function climb({ first, second, firstRoot, secondRoot, proof }: Consistency): boolean {
  const [seed, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  if (seed === undefined) return false;
  const position = new Position(first - 1, second - 1);
  position.skipRightEdge();
  let firstHash = seed;
  let secondHash = seed;
  for (const sibling of rest) {
    if (position.isPastRoot()) return false;
    if (position.joinsLeft()) {
      firstHash = nodeHash(sibling, firstHash);
      secondHash = nodeHash(sibling, secondHash);
    } else {
      secondHash = nodeHash(secondHash, sibling);
    }
    position.rise();
  }
  return (
    position.isPastRoot() && sameBytes(firstHash, firstRoot) && sameBytes(secondHash, secondRoot)
  );
}

/** RFC 9162's pair (fn, sn): a node and the last node of its level, halved exactly as numbers up to 2^53. */
class Position {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  isPastRoot(): boolean {
    return this.#last === 0;
  }

  /** True if the next proof hash stands to the left. */
  joinsLeft(): boolean {
    return isOdd(this.#node) || this.#node === this.#last;
  }

  /** One level up; over a right edge without siblings, as many as it takes to reach the next one. */
  rise(): void {
    if (this.joinsLeft()) while (!isOdd(this.#node) && this.#node !== 0) this.#halve();
    this.#halve();
  }

  skipRightEdge(): void {
    while (isOdd(this.#node)) this.#halve();
  }

  #halve(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

const isOdd = (value: number): boolean => value % 2 === 1;

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1 && !isOdd(rest)) rest /= 2;
  return rest === 1;
}

// Without this, two hashes of odd lengths that concatenate to the same 64 bytes would stand for each other.
const areHashes = (values: readonly Uint8Array[]): boolean =>
  values.every((value) => value.length === HASH_LENGTH);
