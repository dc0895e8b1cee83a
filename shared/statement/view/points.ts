// Which code points may stand on the card as themselves. The answer comes from our own tables, so that every
// runtime gives the same one (security note 5.2); what the tables do not know is not shown.

import { bit } from './flags.ts';
import { type Ranges, rangeOf, unpack } from './ranges.ts';
import { INVISIBLE, MARKS, UNASSIGNED } from './tables.ts';

const invisible = unpack(INVISIBLE);
const unassigned = unpack(UNASSIGNED);
const marks = unpack(MARKS);

// The twelve of Bidi_Control (Unicode 17, PropList.txt).
const BIDI = Int32Array.of(0x61c, 0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069);

// Marks that strike through or enclose what is under them.
const OVERLAYS = Int32Array.of(
  0x334,
  0x338,
  0x488,
  0x489,
  0x1abe,
  0x1abe,
  0x20d2,
  0x20d3,
  0x20d8,
  0x20e0,
  0x20e2,
  0x20e6,
  0x20ea,
  0x20eb,
  0xa670,
  0xa672,
);

// No ink, or the sign for "something else was here": braille blank, object replacement, replacement, null note head.
const BLANKS = new Set([0x2800, 0xfffc, 0xfffd, 0x1d159]);

// What this renderer writes itself, then what could be taken for it.
const OWN = new Set(
  Array.from('⟦⟧⏎⇥·│“”〚〛⟬⟭↵↲⮐⮠↹⭾⭲∙⋅‧･„‟″〝〞❝❞＂ʺˮ┃❘￨', (char) => char.codePointAt(0)),
);

const has = (ranges: Ranges, point: number): boolean => rangeOf(ranges, point) >= 0;

/** For a code point over U+007F: 0 when it may be shown, else the bit of the reason why not. */
export function hiddenBecause(point: number): number {
  if (point <= 0x9f) return bit('control');
  if (OWN.has(point)) return bit('ownMarks');
  if (has(BIDI, point)) return bit('bidi');
  if (BLANKS.has(point) || has(invisible, point)) return bit('invisible');
  return has(unassigned, point) ? bit('unassigned') : 0;
}

/** `overlay`: never shown. `mark`: shown where it follows a shown letter that is not ASCII. */
export function markKind(point: number): 'none' | 'mark' | 'overlay' {
  if (point < 0x300 || !has(marks, point)) return 'none';
  return has(OVERLAYS, point) ? 'overlay' : 'mark';
}
