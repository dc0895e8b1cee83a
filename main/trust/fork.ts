// Do two signed heads convict their log? Only what anyone can check again counts: the same size with two roots, or a
// smaller head that is provably not what the larger one grew from.

import { fromB64, sameBytes, toB64 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { ForkEvidence } from '../../shared/statement/fork.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { nodeHash, verifyConsistency } from './merkle.ts';
import { consistencyProof, type NodeReader, rootAt } from './tree.ts';
import { parseVkey } from './vkey.ts';

/** `head`: one of the two is not signed by that log. `agree`: nothing in it shows two histories. */
export type ForkCode = 'vkey' | 'head' | 'agree';

/** What was proven: the two sizes. */
export type Fork = { readonly first: number; readonly second: number };

/** Judges evidence against the log that `vkey` names; its own `log` member is a label and proves nothing. */
export function judgeFork(evidence: ForkEvidence, vkey: string): Result<Fork, ForkCode> {
  const key = parseVkey(vkey);
  if (!key.ok) return fail('vkey');
  const first = openCheckpoint(evidence.first, key.value);
  const second = openCheckpoint(evidence.second, key.value);
  if (!first.ok || !second.ok) return fail('head');
  const fork = { first: first.value.size, second: second.value.size };
  if (fork.first > fork.second) return fail('agree', 'the smaller head comes first');
  if (fork.first === fork.second)
    return sameBytes(first.value.root, second.value.root) ? fail('agree') : ok(fork);
  return grewFromAnother(evidence, first.value, second.value) ? ok(fork) : fail('agree');
}

/** Evidence of two heads of one size. */
export function forkOfSameSize(
  log: ForkEvidence['log'],
  a: string,
  b: string,
  foundAt: string,
): ForkEvidence {
  return { kind: 'countersign-fork', v: 1, log, first: a, second: b, foundAt };
}

/** Evidence of a smaller head that is not a head of the stored tree, whose larger head the log signed too. */
export function forkOfTree(
  log: ForkEvidence['log'],
  first: Pick<Checkpoint, 'size' | 'note'>,
  second: Pick<Checkpoint, 'size' | 'note'>,
  reader: NodeReader,
  foundAt: string,
): ForkEvidence {
  return {
    ...forkOfSameSize(log, first.note, second.note, foundAt),
    grewFrom: {
      root: toB64(rootAt(reader, first.size)),
      proof: consistencyProof(reader, first.size, second.size).map(toB64),
    },
  };
}

function grewFromAnother(
  { grewFrom }: ForkEvidence,
  first: Checkpoint,
  second: Checkpoint,
): boolean {
  const root = grewFrom && fromB64(grewFrom.root);
  if (grewFrom === undefined || root === undefined || sameBytes(root, first.root)) return false;
  return verifyConsistency({
    first: first.size,
    second: second.size,
    firstRoot: root,
    secondRoot: second.root,
    proof: grewFrom.proof.map((hash) => fromB64(hash) ?? new Uint8Array(0)),
  });
}

/** The evidence that a text is, judged. */
export function readFork(text: string, vkey: string): Result<ForkEvidence, ForkCode> {
  const parsed = ForkEvidence.safeParse(jsonOf(text));
  if (!parsed.success) return fail('head', 'not the form of such evidence');
  const judged = judgeFork(parsed.data, vkey);
  return judged.ok ? ok(parsed.data) : judged;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Subtrees hashed from the leaves as they are asked for: for the rare proof that a client makes itself. */
export function leafReader(leafHashes: readonly Uint8Array[]): NodeReader {
  const leafHash = (index: number): Uint8Array => {
    const hash = leafHashes[index];
    if (hash === undefined) throw new Error(`leaf ${index} is not here`);
    return hash;
  };
  const node = (level: number, index: number): Uint8Array =>
    level === 0
      ? leafHash(index)
      : nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
  return { leafHash, node };
}
