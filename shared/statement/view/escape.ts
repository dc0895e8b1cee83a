// Bytes to text that a person can trust to be all there, and back. Two byte strings never give one text.
// What could mislead becomes a token: ⟦U+202E⟧ a code point, ⟦x9F⟧ a byte that is not UTF-8, ⟦space×300⟧ a run of
// spaces; ⏎ ends a line and │ opens the next, ⇥ is a tab, ··· are three to sixteen spaces (security note 5.2).

import { utf8 } from '../../bytes.ts';
import { bit } from './flags.ts';
import { hiddenBecause, markKind } from './points.ts';

export type EscapeOptions = {
  /** Printable ASCII and tokens only, on one line. */
  readonly ascii: boolean;
};
export type Escaped = { readonly text: string; readonly flags: number };

export const GUTTER = '│ ';
const MAX_DOTS = 16;
const MAX_MARKS = 2;

export const pointToken = (point: number): string =>
  `⟦U+${point.toString(16).toUpperCase().padStart(4, '0')}⟧`;
const byteToken = (byte: number): string =>
  `⟦x${byte.toString(16).toUpperCase().padStart(2, '0')}⟧`;

const ascii = (newline: string, tab: string): readonly string[] =>
  Array.from({ length: 128 }, (_, point) => {
    if (point === 0x0a) return newline;
    if (point === 0x09) return tab;
    return point < 0x20 || point === 0x7f ? pointToken(point) : String.fromCharCode(point);
  });
const ONE_LINE = ascii(pointToken(0x0a), pointToken(0x09));
const LINES = ascii(`⏎\n${GUTTER}`, '⇥');

/** `marks` is how many combining marks the last shown character may still take. */
type Pen = { out: string; flags: number; marks: number };

/** Every byte of `input` in `text`; a string stands for its UTF-8, a lone surrogate for its three bytes. */
export function escapeAll(input: Uint8Array | string, options: EscapeOptions): Escaped {
  const bytes = typeof input === 'string' ? bytesOfText(input) : input;
  const signs = options.ascii ? ONE_LINE : LINES;
  const pen: Pen = { out: '', flags: 0, marks: 0 };
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x20) {
      i += writeSpaces(pen, bytes, i, options.ascii);
    } else if (byte < 0x80) {
      pen.out += signs[byte] ?? '';
      pen.marks = 0;
      if (byte < 0x20 || byte === 0x7f) pen.flags |= flagOfControl(byte, options.ascii);
      i++;
    } else {
      i += writeWide(pen, bytes, i, options.ascii);
    }
  }
  return { text: pen.out, flags: pen.flags };
}

export const escapeText = (input: Uint8Array | string, options: EscapeOptions): string =>
  escapeAll(input, options).text;

function flagOfControl(byte: number, oneLine: boolean): number {
  if (oneLine || (byte !== 0x0a && byte !== 0x09)) return bit('control');
  return byte === 0x0a ? bit('multiline') : 0;
}

function writeSpaces(pen: Pen, bytes: Uint8Array, from: number, oneLine: boolean): number {
  let count = 1;
  while (bytes[from + count] === 0x20) count++;
  pen.marks = 0;
  if (count < 3) pen.out += ' '.repeat(count);
  else if (!oneLine && count <= MAX_DOTS) pen.out += '·'.repeat(count);
  else {
    pen.out += `⟦space×${count}⟧`;
    pen.flags |= bit('spaceRun');
  }
  return count;
}

function writeWide(pen: Pen, bytes: Uint8Array, from: number, oneLine: boolean): number {
  const length = lengthAt(bytes, from);
  if (length === 0) {
    pen.out += byteToken(bytes[from] ?? 0);
    pen.flags |= bit('notUtf8');
    pen.marks = 0;
    return 1;
  }
  const point = pointAt(bytes, from, length);
  const hidden = hiddenBecause(point) || markBecause(pen, point);
  pen.flags |= hidden | (oneLine ? bit('nonAsciiCritical') : 0);
  if (hidden || oneLine) {
    pen.out += pointToken(point);
    pen.marks = 0;
  } else {
    pen.out += String.fromCodePoint(point);
    pen.marks = markKind(point) === 'none' ? MAX_MARKS : pen.marks - 1;
  }
  return length;
}

/** A mark on ASCII, on a token or on our own signs, and a third one in a row, would change what those look like. */
function markBecause(pen: Pen, point: number): number {
  const kind = markKind(point);
  if (kind === 'none' || (kind === 'mark' && pen.marks > 0)) return 0;
  return bit('combining');
}

/** Length of the well-formed UTF-8 sequence of two to four bytes at `i`, or 0 (Unicode 17, table 3-7). */
function lengthAt(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[i + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function pointAt(bytes: Uint8Array, i: number, length: number): number {
  let point = (bytes[i] ?? 0) & (0x7f >> length);
  for (let k = 1; k < length; k++) point = (point << 6) | ((bytes[i + k] ?? 0) & 0x3f);
  return point;
}

/** UTF-8, and for a lone surrogate the three bytes it would have: no two strings share their bytes. */
function bytesOfText(text: string): Uint8Array {
  if (text.isWellFormed()) return utf8(text);
  const out: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    if (point < 0xd800 || point > 0xdfff) out.push(...utf8(char));
    else out.push(0xed, 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  }
  return Uint8Array.from(out);
}
