// The tree as rows: a leaf's row carries the hashes of the complete subtrees that it finishes, so a proof or
// a restart reads O(log n) rows and there is no second structure that could disagree (security note 3.1).

import { concat } from '../../shared/bytes.ts';
import { invariant, type Result } from '../../shared/result.ts';
import { plain } from '../trust/digest.ts';
import { type CompletedNode, Frontier } from '../trust/frontier.ts';
import { HASH_LENGTH } from '../trust/merkle.ts';
import type { NodeReader } from '../trust/tree.ts';
import type { Reader, Writer } from './database.ts';

type Row = { readonly hash: Buffer; readonly nodes: Buffer };

/** Nodes of levels 1, 2, 3 …, as `Frontier.append` gives them. */
export const packNodes = (nodes: readonly CompletedNode[]): Uint8Array =>
  concat(...nodes.map((node) => node.hash));

export function treeRows(db: Reader | Writer): NodeReader {
  const byIndex = db.prepare<[number], Row>('select hash, nodes from leaves where idx = ?');
  const rowAt = (index: number): Row => {
    const row = byIndex.get(index);
    invariant(row, `leaf ${index} is stored`);
    return row;
  };
  return {
    leafHash: (index) => plain(rowAt(index).hash),
    node: (level, index) => {
      const row = rowAt((index + 1) * 2 ** level - 1);
      const start = (level - 1) * HASH_LENGTH;
      return plain(row.nodes).slice(start, start + HASH_LENGTH);
    },
  };
}

/** The frontier of the first `size` leaves, from one row for each 1 in the binary form of `size`. */
export function restoreFrontier(rows: NodeReader, size: number): Result<Frontier, 'frontier'> {
  const hashes: Uint8Array[] = [];
  let start = 0;
  for (let level = Math.floor(Math.log2(Math.max(size, 1))); level >= 0; level--) {
    const width = 2 ** level;
    if (size - start < width) continue;
    hashes.push(level === 0 ? rows.leafHash(start) : rows.node(level, start / width));
    start += width;
  }
  return Frontier.restore({ size, hashes });
}

export type KnownRows = NodeReader & {
  /** What has just been committed, a leaf at level 0: nobody has to read it back. */
  learn(nodes: readonly CompletedNode[]): void;
};

/**
 * The same rows, remembered: a node never changes once its leaf is on disk. For proofs, which ask for the same few again and
 * again; what checks the disk reads the disk.
 */
export function rememberedRows(rows: NodeReader, most: number): KnownRows {
  const known = new Map<number, Uint8Array>();
  const remember = (level: number, index: number, hash: Uint8Array): Uint8Array => {
    // The lowest nodes come and go with the newest leaves; starting over costs one proof's worth of reading.
    if (known.size >= most) known.clear();
    known.set(nameOf(level, index), hash);
    return hash;
  };
  return {
    leafHash: (index) => known.get(nameOf(0, index)) ?? remember(0, index, rows.leafHash(index)),
    node: (level, index) =>
      known.get(nameOf(level, index)) ?? remember(level, index, rows.node(level, index)),
    learn: (nodes) => {
      for (const { level, index, hash } of nodes) remember(level, index, hash);
    },
  };
}

/** Exact for any log that a disk holds: an index under 2^47. */
const nameOf = (level: number, index: number): number => index * LEVELS + level;
const LEVELS = 64;
