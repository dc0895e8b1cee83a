// Do two checkpoints belong to one history? Only a proof says yes; the broker that gives it is not believed.

import { sameBytes } from '../../../shared/bytes.ts';
import type { Checkpoint } from '../../trust/checkpoint.ts';
import { verifyConsistency } from '../../trust/merkle.ts';

/** Asks the broker for a consistency proof; undefined where it gives none. */
export type Prove = (first: number, second: number) => Promise<readonly Uint8Array[] | undefined>;

/** A proof that came without being asked for: the tree of `first` leaves is a prefix. */
export type Earlier = { readonly first: number; readonly proof: readonly Uint8Array[] };

/** Takes what has come along up to `size`, and asks for the rest. Given or asked for, `sameHistory` checks it alike. */
export const proveWith =
  (given: readonly Earlier[], size: number, prove: Prove): Prove =>
  async (first, second) =>
    (second === size ? given.find((one) => one.first === first)?.proof : undefined) ??
    prove(first, second);

/** True only where the smaller tree is proven to be a prefix of the larger one (RFC 9162 2.1.4.2). */
export async function sameHistory(a: Checkpoint, b: Checkpoint, prove: Prove): Promise<boolean> {
  const [first, second] = a.size <= b.size ? [a, b] : [b, a];
  if (first.size === second.size) return sameBytes(first.root, second.root);
  const proof = await prove(first.size, second.size);
  if (proof === undefined) return false;
  return verifyConsistency({
    first: first.size,
    second: second.size,
    firstRoot: first.root,
    secondRoot: second.root,
    proof,
  });
}
