// What this device has reached, in two small files beside the copy of the log: the number each decision key has used last,
// and the newest checkpoint it has verified. They outlive the copy: one that was restored or damaged shows against them,
// and no number is ever used twice (security note 5.11).

import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import { Count, Digest, KeyId } from '../../../shared/statement/fields.ts';
import { writeAtomic } from '../../state/atomic-file.ts';
import { jsonBytes, readJsonFile } from '../../state/json-file.ts';

const Used = z.strictObject({ seq: Count.min(1), sha256: Digest });
export type Used = z.infer<typeof Used>;
const SeqFile = z.strictObject({ version: z.literal(1), keys: z.record(KeyId, Used) });
const CheckpointFile = z.strictObject({
  version: z.literal(1),
  size: Count,
  note: z.string().max(40_000),
});

export type Marks = {
  readonly used: (keyId: string) => Used | undefined;
  readonly keys: () => readonly (readonly [keyId: string, used: Used])[];
  readonly reached: () => { readonly size: number; readonly note: string } | undefined;
  /** On disk when it returns. Throws where the number is not above the last: it would be used twice. */
  readonly use: (keyId: string, used: Used) => void;
  /** On disk when it returns; a smaller one changes nothing. */
  readonly reach: (size: number, note: string) => void;
  /** The log whose checkpoints these are has ended: the next one begins with nothing. Kept under another name. */
  readonly beginAgain: (suffix: string) => void;
};

export const seqPath = (store: string): string => join(dirname(store), 'seq.json');
export const reachedPath = (store: string): string => join(dirname(store), 'checkpoint.json');

/** Missing files are a first run. 'unreadable': its sentence names the file. */
export function openMarks(store: string): Result<Marks, 'unreadable'> {
  const seqs = readJsonFile(seqPath(store), SeqFile);
  if (!seqs.ok && seqs.code !== 'missing') return fail('unreadable', seqs.detail);
  const note = readJsonFile(reachedPath(store), CheckpointFile);
  if (!note.ok && note.code !== 'missing') return fail('unreadable', note.detail);
  const keys = new Map(seqs.ok ? Object.entries(seqs.value.keys) : []);
  let reached = note.ok ? { size: note.value.size, note: note.value.note } : undefined;
  return ok({
    used: (keyId) => keys.get(keyId),
    keys: () => [...keys],
    reached: () => reached,
    use: (keyId, used) => {
      invariant(used.seq > (keys.get(keyId)?.seq ?? 0), 'a number is used once');
      const next = new Map(keys).set(keyId, used);
      write(seqPath(store), { version: 1, keys: Object.fromEntries(next) });
      keys.set(keyId, used);
    },
    reach: (size, text) => {
      if (size <= (reached?.size ?? -1)) return;
      write(reachedPath(store), { version: 1, size, note: text });
      reached = { size, note: text };
    },
    beginAgain: (suffix) => {
      setAside(reachedPath(store), suffix);
      reached = undefined;
    },
  });
}

/** Kept under another name, for whoever wants to know what happened. */
export function setMarksAside(store: string, suffix: string): void {
  for (const path of [seqPath(store), reachedPath(store)]) setAside(path, suffix);
}

function setAside(path: string, suffix: string): void {
  try {
    renameSync(path, `${path}.${suffix}`);
  } catch {
    // It is not there: that is why.
  }
}

function write(path: string, value: object): void {
  const written = writeAtomic(path, jsonBytes(value));
  if (!written.ok) throw new Error(written.detail);
}
