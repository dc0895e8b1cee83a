// The names under a head as this copy keeps them: the log's own line and one valid cosignature of each witness whom the
// keyring knows. A line that does not fit is dropped here, so that nobody can spoil the evidence by sending one.

import { sameBytes } from '../../shared/bytes.ts';
import { cosignaturesOf } from '../trust/cosignature.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { formatNote, type NoteSignature, parseNote } from '../trust/note.ts';
import type { Vkey } from '../trust/vkey.ts';
import { witnessVkey } from '../trust/witness.ts';

/** Whose cosignature under a head of `size` entries counts. */
export const witnessesOf = (held: HeldKeyring, size: number): readonly Vkey[] =>
  [...held.keys.values()].flatMap((hit) => witnessVkey(held, hit, size) ?? []);

/** `kept` with the names of `offered` that it has not. What stands in `kept` stays as it is: each witness has one line. */
export function withNames(kept: string, offered: string, witnesses: readonly Vkey[]): string {
  const before = parseNote(kept);
  const more = parseNote(offered);
  // A signature is of these very bytes.
  if (!before.ok || !more.ok || before.value.text !== more.value.text) return kept;
  const { text } = before.value;
  let lines = before.value.signatures;
  for (const line of more.value.signatures) {
    if (lines.some((one) => sameSigner(one, line)) || !fits(text, line, witnesses)) continue;
    // A note has a bound: of more witnesses than fit the first ones stand.
    if (parseNote(formatNote(text, [...lines, line])).ok) lines = [...lines, line];
  }
  return lines === before.value.signatures ? kept : formatNote(text, lines);
}

/** A head that was signed by the log, with the log's own line alone. */
export function bareOf(note: string, log: Vkey): string {
  const parsed = parseNote(note);
  if (!parsed.ok) return note;
  const { text, signatures } = parsed.value;
  return formatNote(
    text,
    signatures.filter((line) => sameSigner(line, log)),
  );
}

const sameSigner = (
  a: Pick<NoteSignature, 'name' | 'keyId'>,
  b: Pick<NoteSignature, 'name' | 'keyId'>,
): boolean => a.name === b.name && sameBytes(a.keyId, b.keyId);

function fits(text: string, line: NoteSignature, witnesses: readonly Vkey[]): boolean {
  const found = cosignaturesOf(formatNote(text, [line]), witnesses);
  return found.ok && found.value.length === 1;
}
