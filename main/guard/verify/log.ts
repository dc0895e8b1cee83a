// Is it in the log, and is it the log this guard knows? Steps 14 and 15 of security note 2.5. Nothing runs on a decision
// that the log does not have (log before act), or on a log that shows two histories.

import { fromB64, fromUtf8 } from '../../../shared/bytes.ts';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../../trust/merkle.ts';
import { parseVkey } from '../../trust/vkey.ts';
import { sameBytes } from '../../../shared/bytes.ts';

/** What the broker claims about the place of an envelope. */
export type Placed = {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly requestIndex: number;
  readonly requestProof: readonly Uint8Array[];
  readonly note: string;
};

export type LogAnchor = {
  /** Of the keyring: the one log of this organisation. */
  readonly vkey: string;
  /** The newest checkpoint this guard has verified, undefined before its first. */
  readonly held: () => Checkpoint | undefined;
  /** Asks the broker; undefined where it does not answer. The answer is checked here. */
  readonly prove: (first: number, second: number) => Promise<readonly Uint8Array[] | undefined>;
};

type Hashes = { readonly decision: Uint8Array; readonly request: Uint8Array };

/** The checkpoint under which both the decision and its request are proven, consistent with all that is known. */
export async function verifyInLog(
  placed: Placed,
  hashes: Hashes,
  embedded: string,
  anchor: LogAnchor,
): Promise<Result<Checkpoint, RefusalCode>> {
  const proven = openNote(placed.note, anchor);
  if (!proven.ok) return proven;
  const seen = openEmbedded(embedded, anchor);
  if (!seen.ok) return seen;
  const held = anchor.held();
  if (!(await sameHistory(seen.value, proven.value, anchor))) return fail('otherHistory');
  if (held && !(await sameHistory(held, proven.value, anchor))) return fail('otherHistory');
  // The reviewer decided about a request that the log had: its own index comes before the decision's.
  if (placed.requestIndex >= placed.index) return fail('otherIndex');
  const { size, root } = proven.value;
  if (
    !verifyInclusion({
      index: placed.index,
      size,
      root,
      leafHash: hashes.decision,
      proof: placed.proof,
    })
  )
    return fail('notInLog');
  const { requestIndex: index, requestProof: proof } = placed;
  if (!verifyInclusion({ index, size, root, leafHash: hashes.request, proof }))
    return fail('requestNotInLog');
  return proven;
}

function openNote(note: string, anchor: LogAnchor): Result<Checkpoint, RefusalCode> {
  const vkey = parseVkey(anchor.vkey);
  if (!vkey.ok) return fail('badCheckpoint', 'the keyring has no readable log key');
  const checkpoint = openCheckpoint(note, vkey.value);
  return checkpoint.ok ? checkpoint : fail('badCheckpoint', checkpoint.detail);
}

function openEmbedded(b64: string, anchor: LogAnchor): Result<Checkpoint, RefusalCode> {
  const bytes = fromB64(b64);
  try {
    return bytes ? openNote(fromUtf8(bytes), anchor) : fail('badCheckpoint');
  } catch {
    return fail('badCheckpoint', 'not text');
  }
}

/** True only where the smaller tree is proven to be a prefix of the larger one. */
async function sameHistory(a: Checkpoint, b: Checkpoint, anchor: LogAnchor): Promise<boolean> {
  const [first, second] = a.size <= b.size ? [a, b] : [b, a];
  if (first.size === second.size) return sameBytes(first.root, second.root);
  const proof = await anchor.prove(first.size, second.size);
  if (proof === undefined) return false;
  return verifyConsistency({
    first: first.size,
    second: second.size,
    firstRoot: first.root,
    secondRoot: second.root,
    proof,
  });
}
