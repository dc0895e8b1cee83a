// The right edge of a growing tree: enough, O(log n) hashes, to append a leaf and to know the root. The broker
// stores the nodes that an append completes; an app that replays the log compares roots.

import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { emptyRoot, HASH_LENGTH, nodeHash } from './merkle.ts';

/** The subtree over the leaves from `index * 2^level` up to, without, `(index + 1) * 2^level`. */
export type CompletedNode = {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
};

/** What a frontier is written as: a size, and one hash for each 1 in its binary form, largest subtree first. */
export type FrontierState = { readonly size: number; readonly hashes: readonly Uint8Array[] };

export class Frontier {
  #size = 0;
  /** Complete subtrees from left to right, each smaller than the one before. */
  #edge: Uint8Array[] = [];

  static restore({ size, hashes }: FrontierState): Result<Frontier, 'frontier'> {
    if (!Number.isSafeInteger(size) || size < 0 || onesOf(size) !== hashes.length) {
      return fail('frontier', 'the size and the number of hashes do not agree');
    }
    if (hashes.some((hash) => hash.length !== HASH_LENGTH)) {
      return fail('frontier', 'a hash is not 32 bytes');
    }
    const frontier = new Frontier();
    frontier.#size = size;
    frontier.#edge = hashes.map((hash) => hash.slice());
    return ok(frontier);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; gives the nodes of level 1 and up that it completed, lowest first. */
  append(leafHash: Uint8Array): readonly CompletedNode[] {
    invariant(leafHash.length === HASH_LENGTH, 'a leaf hash is 32 bytes');
    invariant(this.#size < Number.MAX_SAFE_INTEGER, 'the tree has room');
    const completed: CompletedNode[] = [];
    let hash = leafHash;
    let index = this.#size;
    // Each trailing 1 of the size is a complete left sibling that the new leaf finishes a parent for.
    for (let level = 1; index % 2 === 1; level += 1) {
      const left = this.#edge.pop();
      invariant(left !== undefined, 'the edge has a hash for each 1 of the size');
      hash = nodeHash(left, hash);
      index = (index - 1) / 2;
      completed.push({ level, index, hash });
    }
    this.#edge.push(hash);
    this.#size += 1;
    return completed;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const hash of this.#edge.toReversed()) {
      root = root === undefined ? hash : nodeHash(hash, root);
    }
    return root ?? emptyRoot();
  }

  state(): FrontierState {
    return { size: this.#size, hashes: [...this.#edge] };
  }
}

function onesOf(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
