// C2SP cosignature/v1: a witness states at a time that a checkpoint agrees with all that it saw of that log.
// The key type is 0x04, and the key is used for nothing else. Whoever counts witnesses counts people.

import { concat, utf8 } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { isCount } from './decimal.ts';
import { type KeyPair, publicKeyOf, sign, verify } from './ed25519.ts';
import { linesByKnown, type NoteSignature, parseNote } from './note.ts';
import { COSIGNATURE_TYPE, type Vkey, vkeyOf } from './vkey.ts';

export type Cosignature = {
  readonly witness: Vkey;
  /** Whole seconds since 1970, as the witness's own clock had it. */
  readonly seconds: number;
};

/** The signature line of witness `name` for a checkpoint's text. */
export function cosign(
  headText: string,
  name: string,
  pair: KeyPair,
  seconds: number,
): NoteSignature {
  invariant(isCount(seconds), 'a time is a count of seconds');
  const { keyId } = vkeyOf(name, COSIGNATURE_TYPE, publicKeyOf(pair));
  const signature = sign(pair, cosignedBytes(headText, seconds));
  return { name, keyId, signature: concat(timeBytes(seconds), signature) };
}

/** The valid cosignatures by known witnesses, possibly none. A known witness's bad line refuses the note. */
export function cosignaturesOf(
  source: string,
  witnesses: readonly Vkey[],
): Result<Cosignature[], 'note' | 'signature'> {
  const note = parseNote(source);
  if (!note.ok) return note;
  const lines = linesByKnown(note.value, witnesses);
  if (!lines.ok) return lines;
  const found: Cosignature[] = [];
  for (const [witness, line] of lines.value) {
    const seconds = verifiedTime(note.value.text, witness, line.signature);
    if (seconds === undefined) return fail('signature', `${witness.name} did not cosign this`);
    found.push({ witness, seconds });
  }
  return ok(found);
}

function verifiedTime(text: string, witness: Vkey, line: Uint8Array): number | undefined {
  if (witness.type !== COSIGNATURE_TYPE || line.length !== 72) return undefined;
  const time = new DataView(line.buffer, line.byteOffset, 8).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const seconds = Number(time);
  return verify(witness.key, cosignedBytes(text, seconds), line.subarray(8)) ? seconds : undefined;
}

const cosignedBytes = (headText: string, seconds: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${seconds}\n${headText}`);

function timeBytes(seconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seconds));
  return bytes;
}
