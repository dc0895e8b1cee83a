// The rows' values: quoted text, words of a closed list, numbers, ids, digests, times. Each writes and reads one kind.
// Text from outside always stands between “ and ”, which no value can contain unescaped; our own words never do.

import type { Cj } from '../cj1.ts';
import { bytesOfRaw, rawOf, wellFormedRaw } from '../text.ts';
import { textOf, utf8 } from '../../bytes.ts';
import { escapeAll } from './escape.ts';
import { bit } from './flags.ts';
import { isHex, membersOf, type Part, row, type Shown, type Style } from './part.ts';
import { unescapeText } from './unescape.ts';
import { warningsOf } from './warn.ts';

/** As `MAX_INLINE_BYTES` of fields.ts, which the window does not load. */
export const LONG_BYTES = 4096;

export function quoted(bytes: Uint8Array, style: Style): Shown {
  const escaped = escapeAll(bytes, { ascii: style.critical === true });
  const long = bytes.length > LONG_BYTES ? bit('longValue') : 0;
  return {
    text: `“${escaped.text}”`,
    flags: escaped.flags | long | warningsOf(escaped.text, style.prose === true),
    bytes: bytes.length,
  };
}

export const unquoted = (text: string): Uint8Array | undefined =>
  text.length >= 2 && text.startsWith('“') && text.endsWith('”')
    ? unescapeText(text.slice(1, -1))
    : undefined;

/** The bytes of a raw value of any length up to 4 KiB. */
export function rawBytes(value: Cj | undefined): Uint8Array | undefined {
  const members = typeof value === 'string' ? undefined : membersOf(value);
  const b64 = members?.['b64'];
  if (members && (typeof b64 !== 'string' || Object.keys(members).length !== 1)) return undefined;
  const raw = typeof value === 'string' ? value : typeof b64 === 'string' ? { b64 } : undefined;
  if (raw === undefined || !wellFormedRaw(raw)) return undefined;
  const bytes = bytesOfRaw(raw);
  return bytes.length <= LONG_BYTES ? bytes : undefined;
}

export const raw = (style: Style): Part =>
  row(
    style,
    (value) => {
      const bytes = rawBytes(value);
      return bytes && quoted(bytes, style);
    },
    (text) => {
      const bytes = unquoted(text);
      return bytes && rawOf(bytes);
    },
  );

/** Clean text of our own producers, quoted all the same. */
export const line = (style: Style, extra: (text: string) => number = () => 0): Part =>
  row(
    style,
    (value) => {
      if (typeof value !== 'string') return undefined;
      const shown = quoted(utf8(value), style);
      return { ...shown, flags: (shown.flags ?? 0) | extra(value) };
    },
    (text) => textOfQuoted(text),
  );

export const textOfQuoted = (text: string): string | undefined => {
  const bytes = unquoted(text);
  return bytes && textOf(bytes);
};

/** Text that matches `pattern`, which allows plain ASCII without spaces only, shown bare. */
export const bare = (style: Style, pattern: RegExp): Part =>
  row(
    style,
    (value) => (typeof value === 'string' && pattern.test(value) ? { text: value } : undefined),
    (text) => text,
  );

// As in fields.ts.
export const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,95}$/;
const ORIGIN = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const id = (style: Style): Part => bare(style, ID);
export const origin = (style: Style): Part => bare(style, ORIGIN);
export const time = (style: Style): Part => bare(style, TIME);
export const hex = (style: Style, bytes: number): Part =>
  row(
    style,
    (value) => (typeof value === 'string' && isHex(value, bytes) ? { text: value } : undefined),
    (text) => text,
  );

export const isTime = (value: Cj | undefined): value is string =>
  typeof value === 'string' && TIME.test(value);

/** 0 to 2^53-1, without leading zeros. */
export const numberOf = (text: string): number | undefined =>
  /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;

export const count = (style: Style): Part =>
  row(
    style,
    (value) => (typeof value === 'number' ? { text: String(value) } : undefined),
    numberOf,
  );

/** A word of a closed list, shown as a sentence for people; each word has its own. */
export function word(
  style: Style,
  sentences: Readonly<Record<string, string>>,
  extra: (word: string) => number = () => 0,
): Part {
  const words = new Map(Object.entries(sentences).map(([name, sentence]) => [sentence, name]));
  return row(
    style,
    (value) => {
      const text =
        typeof value === 'string' && Object.hasOwn(sentences, value) ? sentences[value] : undefined;
      return typeof value === 'string' && text !== undefined
        ? { text, flags: extra(value) }
        : undefined;
    },
    (text) => words.get(text),
  );
}

/** Texts on one row: `[“a”, “b”]`. */
export function textsShown(values: readonly Cj[], style: Style): Shown | undefined {
  let flags = 0;
  const texts: string[] = [];
  for (const value of values) {
    if (typeof value !== 'string') return undefined;
    const shown = quoted(utf8(value), style);
    flags |= shown.flags ?? 0;
    texts.push(shown.text);
  }
  return { text: `[${texts.join(', ')}]`, flags };
}

export function textsRead(text: string): string[] | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  if (text === '[]') return [];
  const out: string[] = [];
  for (const each of text.slice(1, -1).split(/(?<=”), (?=“)/u)) {
    const value = textOfQuoted(each);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return out;
}

export const texts = (style: Style): Part =>
  row(style, (value) => (Array.isArray(value) ? textsShown(value, style) : undefined), textsRead);
