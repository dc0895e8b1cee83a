// C2SP signed notes: text, a blank line, signature lines. At most 4 KiB and 16 lines, no control character but
// LF, strict base64. A line by an unknown signer is ignored; one bad line by a known signer refuses the note.

import { concat, sameBytes, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { fromB64, toB64 } from './base64.ts';
import { type KeyPair, publicKeyOf, sign, verify } from './ed25519.ts';
import { MOST_SIGNATURES, NOTE_LIMIT } from './limits.ts';
import { isKeyName, NOTE_TYPE, type Vkey, vkeyOf } from './vkey.ts';

export type NoteSignature = {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
};

export type Note = {
  /** With its final LF: the signed bytes are its UTF-8. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** `note`: malformed. */
export function parseNote(source: string): Result<Note, 'note'> {
  // A string is at least as many bytes as code units, so the second count is of a short one.
  if (source.length > NOTE_LIMIT || utf8(source).length > NOTE_LIMIT) {
    return fail('note', `note is over ${NOTE_LIMIT} bytes`);
  }
  if (!source.isWellFormed() || /[^\P{Cc}\n]/u.test(source)) {
    return fail('note', 'a control character or broken text');
  }
  const split = source.lastIndexOf('\n\n');
  if (split < 0 || !source.endsWith('\n')) return fail('note', 'no signatures');
  const lines = source
    .slice(split + 2)
    .split('\n')
    .slice(0, -1);
  if (lines.length < 1 || lines.length > MOST_SIGNATURES) {
    return fail('note', `not 1 to ${MOST_SIGNATURES} signature lines`);
  }
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseLine(line);
    if (signature === undefined) return fail('note', 'a malformed signature line');
    signatures.push(signature);
  }
  return ok({ text: source.slice(0, split + 1), signatures });
}

/** The note's bytes as text: what `parseNote` reads back. */
export function formatNote(text: string, signatures: readonly NoteSignature[]): string {
  return `${text}\n${signatures.map(formatLine).join('')}`;
}

export function formatLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toB64(concat(keyId, signature))}\n`;
}

/** A type 0x01 signature over the text. */
export function signNote(text: string, name: string, pair: KeyPair): NoteSignature {
  const { keyId } = vkeyOf(name, NOTE_TYPE, publicKeyOf(pair));
  return { name, keyId, signature: sign(pair, utf8(text)) };
}

/** `signature`: a known signer's line is wrong or repeated. `unsigned`: no known signer signed. */
export function verifyNote(
  note: Note,
  known: readonly Vkey[],
): Result<Vkey[], 'signature' | 'unsigned'> {
  const signers = linesByKnown(note, known);
  if (!signers.ok) return signers;
  const signed = utf8(note.text);
  for (const [vkey, line] of signers.value) {
    if (vkey.type !== NOTE_TYPE || !verify(vkey.key, signed, line.signature)) {
      return fail('signature', `${vkey.name} did not sign this note`);
    }
  }
  return signers.value.size === 0
    ? fail('unsigned', 'no known signer signed this note')
    : ok([...signers.value.keys()]);
}

/** The one line of each known signer. A second line by the same one refuses the note. */
export function linesByKnown(
  note: Note,
  known: readonly Vkey[],
): Result<ReadonlyMap<Vkey, NoteSignature>, 'signature'> {
  const found = new Map<Vkey, NoteSignature>();
  for (const line of note.signatures) {
    const vkey = known.find((one) => one.name === line.name && sameBytes(one.keyId, line.keyId));
    if (vkey === undefined) continue;
    if (found.has(vkey)) return fail('signature', `${vkey.name} signed twice`);
    found.set(vkey, line);
  }
  return ok(found);
}

function parseLine(line: string): NoteSignature | undefined {
  const [dash, name, base64, ...more] = line.split(' ');
  if (dash !== '—' || name === undefined || base64 === undefined || more.length > 0)
    return undefined;
  const bytes = fromB64(base64);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}
