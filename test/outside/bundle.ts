// What the Go checker reads and writes: heads, cosignatures and proofs of one log as JSON.

import { fromB64, toB64, utf8 } from '../../shared/bytes.ts';
import { consistencyProof, inclusionProof, rootAt } from '../../main/trust/tree.ts';
import type { NodeReader } from '../../main/trust/tree.ts';

export type NoteCase = { readonly note: string; readonly witness: string };
export type InclusionCase = {
  readonly index: number;
  readonly size: number;
  readonly leaf: string;
  readonly root: string;
  readonly hashes: readonly string[];
};
export type ConsistencyCase = {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: string;
  readonly secondRoot: string;
  readonly hashes: readonly string[];
};
export type Bundle = {
  readonly vkey: string;
  readonly notes: readonly NoteCase[];
  readonly inclusions: readonly InclusionCase[];
  readonly consistencies: readonly ConsistencyCase[];
};
export type Verdicts = {
  /** `size root`, with a witness `size root seconds`, or nothing where it was refused. */
  readonly notes: readonly string[];
  readonly inclusions: readonly boolean[];
  readonly consistencies: readonly boolean[];
};

export function inclusionCase(
  nodes: NodeReader,
  leaf: Uint8Array,
  index: number,
  size: number,
): InclusionCase {
  const hashes = inclusionProof(nodes, index, size).map(toB64);
  return { index, size, leaf: toB64(leaf), root: toB64(rootAt(nodes, size)), hashes };
}

export function consistencyCase(nodes: NodeReader, first: number, second: number): ConsistencyCase {
  return {
    first,
    second,
    firstRoot: toB64(rootAt(nodes, first)),
    secondRoot: toB64(rootAt(nodes, second)),
    hashes: consistencyProof(nodes, first, second).map(toB64),
  };
}

/** The case once with each of its hashes wrong in one bit. */
export function corruptions<T extends { readonly hashes: readonly string[] }>(
  one: T,
): readonly T[] {
  return one.hashes.map((hash, i) => ({ ...one, hashes: one.hashes.with(i, flipped(hash, i)) }));
}

/** Base64 of the bytes with one bit changed. */
export function flipped(b64: string, bit: number): string {
  const bytes = fromB64(b64) ?? utf8('not base64');
  const at = bit % bytes.length;
  return toB64(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit % 8))));
}
