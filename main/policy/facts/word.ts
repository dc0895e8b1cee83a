// One word of a command, after the shell's own quoting: its text where that is known, and whether the shell would
// still put something else in its place.

import { textOf } from '../../../shared/bytes.ts';
import type { LongField } from '../../../shared/statement/fields.ts';
import { bytesOfRaw } from '../../../shared/statement/text.ts';
import { type Findings, unknown } from './findings.ts';

export type Word = {
  /** Where `known` is false: the literal pieces, with `$` for each piece that is not known. */
  readonly text: string;
  readonly known: boolean;
  /** The shell makes file names of it: `*.txt`, `{a,b}`. */
  readonly pattern: boolean;
};

export const literal = (text: string): Word => ({ text, known: true, pattern: false });
export const UNSEEN: Word = { text: '$', known: false, pattern: false };

/** A member of an action as a word: an attachment's bytes are not here, bytes that are not UTF-8 have no words. */
export function wordOf(found: Findings, field: LongField): Word {
  if (typeof field === 'string') return literal(field);
  if ('attachment' in field) {
    unknown(found, 'attachment');
    return UNSEEN;
  }
  const text = textOf(bytesOfRaw(field));
  if (text !== undefined) return literal(text);
  unknown(found, 'encoding');
  return UNSEEN;
}

/** The last part of a path, either slash. */
export const lastPart = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
