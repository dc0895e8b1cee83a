// The tree of a log that was read once: the hashes of all complete subtrees, packed. 64 bytes an entry.

import { invariant } from '../../shared/result.ts';
import { HASH_LENGTH, nodeHash } from '../trust/merkle.ts';
import type { NodeReader } from '../trust/tree.ts';

type Level = { bytes: Uint8Array; count: number };

export type Levels = {
  readonly append: (leafHash: Uint8Array) => void;
  readonly nodes: NodeReader;
};

export function openLevels(): Levels {
  const levels: Level[] = [];
  const at = (level: number, index: number): Uint8Array => {
    const row = levels[level];
    invariant(row !== undefined && index < row.count, 'the subtree is complete and here');
    return row.bytes.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
  };
  const push = (level: number, hash: Uint8Array): void => {
    const row = (levels[level] ??= { bytes: new Uint8Array(64 * HASH_LENGTH), count: 0 });
    if ((row.count + 1) * HASH_LENGTH > row.bytes.length) {
      const larger = new Uint8Array(row.bytes.length * 2);
      larger.set(row.bytes);
      row.bytes = larger;
    }
    row.bytes.set(hash, row.count * HASH_LENGTH);
    row.count += 1;
    if (row.count % 2 === 0) push(level + 1, nodeHash(at(level, row.count - 2), hash));
  };
  return {
    append: (leafHash) => push(0, leafHash),
    nodes: { leafHash: (index) => at(0, index), node: at },
  };
}
