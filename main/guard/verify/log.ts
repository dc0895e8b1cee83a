// Is it in the log, and is it the log this guard knows? Steps 14 and 15 of security note 2.5. Nothing runs on a decision
// that the log does not have (log before act), or on a log that shows two histories.

import { textOf } from '../../../shared/bytes.ts';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { fromB64 } from '../../trust/base64.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { verifyInclusion } from '../../trust/merkle.ts';
import { parseVkey } from '../../trust/vkey.ts';
import { type Earlier, type Prove, proveWith, sameHistory } from './history.ts';

/** What the broker claims about the place of an envelope. */
export type Placed = {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly requestIndex: number;
  readonly requestProof: readonly Uint8Array[];
  readonly note: string;
  /** Consistency proofs up to the note's size, where the broker sent some along. */
  readonly history?: readonly Earlier[] | undefined;
};

export type LogAnchor = {
  /** Of the keyring: the one log of this organisation. */
  readonly vkey: string;
  readonly prove: Prove;
  /** Compares with every checkpoint this guard has kept, and keeps this one where it is the newest. */
  readonly admit: (checkpoint: Checkpoint, prove: Prove) => Promise<'admitted' | 'otherHistory'>;
};

type Hashes = { readonly decision: Uint8Array; readonly request: Uint8Array };

/** The checkpoint under which both the decision and its request are proven, consistent with all that is known. */
export async function verifyInLog(
  placed: Placed,
  hashes: Hashes,
  embedded: string,
  anchor: LogAnchor,
): Promise<Result<Checkpoint, RefusalCode>> {
  const proven = openNote(placed.note, anchor.vkey);
  if (!proven.ok) return proven;
  const seen = openEmbedded(embedded, anchor.vkey);
  if (!seen.ok) return seen;
  const prove = proveWith(placed.history ?? [], proven.value.size, anchor.prove);
  if (!(await sameHistory(seen.value, proven.value, prove))) return fail('otherHistory');
  if ((await anchor.admit(proven.value, prove)) !== 'admitted') return fail('otherHistory');
  // The reviewer decided about a request that the log had: its own index comes before the decision's.
  if (placed.requestIndex >= placed.index) return fail('otherIndex');
  const { size, root } = proven.value;
  const { index, proof, requestIndex, requestProof } = placed;
  if (!verifyInclusion({ index, size, root, leafHash: hashes.decision, proof }))
    return fail('notInLog');
  if (
    !verifyInclusion({
      index: requestIndex,
      size,
      root,
      leafHash: hashes.request,
      proof: requestProof,
    })
  )
    return fail('requestNotInLog');
  return proven;
}

/** What a note says never changes: those that were found good, by log and text. One head stands under many decisions. */
const GOOD = new Map<string, Checkpoint>();
const MOST_GOOD = 64;

function openNote(note: string, vkeyText: string): Result<Checkpoint, RefusalCode> {
  const name = `${vkeyText}\n${note}`;
  const good = GOOD.get(name);
  if (good !== undefined) return ok(good);
  const vkey = parseVkey(vkeyText);
  if (!vkey.ok) return fail('badCheckpoint', 'the keyring has no readable log key');
  const checkpoint = openCheckpoint(note, vkey.value);
  if (!checkpoint.ok) return fail('badCheckpoint', checkpoint.detail);
  if (GOOD.size >= MOST_GOOD) GOOD.clear();
  GOOD.set(name, checkpoint.value);
  return checkpoint;
}

function openEmbedded(b64: string, vkey: string): Result<Checkpoint, RefusalCode> {
  const bytes = fromB64(b64);
  const note = bytes && textOf(bytes);
  return note === undefined ? fail('badCheckpoint', 'not text') : openNote(note, vkey);
}
