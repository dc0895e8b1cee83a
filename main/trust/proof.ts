// C2SP tlog-proof text: the offline proof that a leaf is in the log. Lines: a header, optionally `extra`,
// `index`, the hashes from the leaf up, a blank line, the checkpoint note. One text per proof. `extra` is
// not authenticated and nothing here trusts it.

import { utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { fromB64, toB64 } from './base64.ts';
import { type Checkpoint, type CheckpointCode, openCheckpoint } from './checkpoint.ts';
import { parseDecimal } from './decimal.ts';
import { PROOF_LIMIT } from './limits.ts';
import { HASH_LENGTH, LONGEST_PROOF, leafHash, verifyInclusion } from './merkle.ts';
import type { Vkey } from './vkey.ts';

export type LogProof = {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint's note, not yet verified. */
  readonly checkpoint: string;
  readonly extra?: Uint8Array;
};

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';

export function formatProof({ index, hashes, checkpoint, extra }: LogProof): string {
  const extraLines = extra === undefined ? [] : [`${EXTRA}${toB64(extra)}`];
  const lines = [HEADER, ...extraLines, `${INDEX}${index}`, ...hashes.map(toB64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** `proof`: not exactly a tlog-proof. The checkpoint inside is not looked at. */
export function parseProof(text: string): Result<LogProof, 'proof'> {
  if (text.length > PROOF_LIMIT || utf8(text).length > PROOF_LIMIT) {
    return fail('proof', `proof is over ${PROOF_LIMIT} bytes`);
  }
  const blank = text.indexOf('\n\n');
  if (blank < 0) return fail('proof', 'no checkpoint');
  const [header, ...lines] = text.slice(0, blank).split('\n');
  if (header !== HEADER) return fail('proof', `not ${HEADER}`);
  const extra = lines[0]?.startsWith(EXTRA) ? fromB64(lines[0].slice(EXTRA.length)) : null;
  if (extra === undefined) return fail('proof', 'extra is not base64');
  if (extra !== null) lines.shift();
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith(INDEX)
    ? parseDecimal(indexLine.slice(INDEX.length))
    : undefined;
  if (index === undefined) return fail('proof', 'no index');
  const hashes = hashesOf(lines);
  if (hashes === undefined) return fail('proof', 'not up to 63 hashes of 32 bytes');
  const proof = { index, hashes, checkpoint: text.slice(blank + 2) };
  return ok(extra === null ? proof : { ...proof, extra });
}

/** The log's checkpoint under which `leaf` is at the proof's index; `inclusion` if it is not there. */
export function verifyProof(
  proof: LogProof,
  leaf: Uint8Array,
  vkey: Vkey,
): Result<Checkpoint, CheckpointCode | 'inclusion'> {
  const checkpoint = openCheckpoint(proof.checkpoint, vkey);
  if (!checkpoint.ok) return checkpoint;
  const { size, root } = checkpoint.value;
  const claim = { index: proof.index, size, root, leafHash: leafHash(leaf), proof: proof.hashes };
  return verifyInclusion(claim) ? checkpoint : fail('inclusion', 'the leaf is not at this index');
}

function hashesOf(lines: readonly string[]): readonly Uint8Array[] | undefined {
  if (lines.length > LONGEST_PROOF) return undefined;
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = fromB64(line);
    if (hash === undefined || hash.length !== HASH_LENGTH) return undefined;
    hashes.push(hash);
  }
  return hashes;
}
