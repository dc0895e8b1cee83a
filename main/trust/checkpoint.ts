// C2SP checkpoints: a note whose text is exactly origin, size and root, signed by the log under its origin's
// name. No extension lines: no monitor could audit them. The whole note is kept, because only the log's own
// signature makes two different heads evidence of a fork.

import { sameBytes } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { fromB64, toB64 } from './base64.ts';
import { isCount, parseDecimal } from './decimal.ts';
import type { KeyPair } from './ed25519.ts';
import { emptyRoot, HASH_LENGTH } from './merkle.ts';
import { formatNote, parseNote, signNote, verifyNote } from './note.ts';
import { isKeyName, type Vkey } from './vkey.ts';

export type TreeHead = {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
};

export type Checkpoint = TreeHead & {
  /** The signed note, every line of it. */
  readonly note: string;
};

/**
 * `note`: not a signed note. `head`: its text is not exactly a tree head. `origin`: another log's.
 * `signature`: the log's line is wrong. `unsigned`: the log did not sign it.
 */
export type CheckpointCode = 'note' | 'head' | 'origin' | 'signature' | 'unsigned';

/** The checkpoint's note, signed with the log key under the origin's name. */
export function makeCheckpoint(
  origin: string,
  size: number,
  root: Uint8Array,
  logKey: KeyPair,
): string {
  const text = headText({ origin, size, root });
  return formatNote(text, [signNote(text, origin, logKey)]);
}

/** The checkpoint of a note that the log of `vkey` signed; further signature lines are not judged here. */
export function openCheckpoint(source: string, vkey: Vkey): Result<Checkpoint, CheckpointCode> {
  const note = parseNote(source);
  if (!note.ok) return note;
  const head = parseHead(note.value.text);
  if (!head.ok) return head;
  if (head.value.origin !== vkey.name) return fail('origin', `not of ${vkey.name}`);
  const signed = verifyNote(note.value, [vkey]);
  return signed.ok ? ok({ ...head.value, note: source }) : signed;
}

/** Three lines, each with its LF: the bytes that the log signs. */
export function headText({ origin, size, root }: TreeHead): string {
  invariant(isKeyName(origin), 'an origin is a key name');
  invariant(isCount(size), 'a tree size is a count');
  invariant(root.length === HASH_LENGTH, 'a root is 32 bytes');
  return `${origin}\n${size}\n${toB64(root)}\n`;
}

/** The tree head that a note's text is, exactly; nothing is verified. */
export function parseHead(text: string): Result<TreeHead, 'head'> {
  const [origin = '', sizeText = '', rootText = '', end, ...more] = text.split('\n');
  const size = parseDecimal(sizeText);
  const root = fromB64(rootText);
  if (end !== '' || more.length > 0) return fail('head', 'not exactly three lines');
  if (!isKeyName(origin)) return fail('head', 'the origin is not a key name');
  if (size === undefined) return fail('head', 'the size is not a count');
  if (root === undefined || root.length !== HASH_LENGTH)
    return fail('head', 'the root is not 32 bytes');
  if (size === 0 && !sameBytes(root, emptyRoot())) return fail('head', 'not the root of no leaves');
  return ok({ origin, size, root });
}

/** The size that a note says its head has: where to look, and nothing is verified. */
export const claimedSize = (note: string): number | undefined =>
  parseDecimal(note.split('\n', 2)[1] ?? '');
