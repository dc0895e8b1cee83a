// Which text may stand in a statement as it is, and the one raw form of everything else.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toB64, utf8 } from '../../../shared/bytes.ts';
import {
  bytesOfRaw,
  cleanText,
  rawOf,
  rawOfText,
  wellFormedRaw,
} from '../../../shared/statement/text.ts';

describe('clean text', () => {
  test('has no noncharacter of any plane: 66 of them', () => {
    const found: number[] = [];
    const isNon = (point: number): boolean =>
      (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xfffe) === 0xfffe;
    for (let point = 0; point <= 0x10ffff; point++)
      if (isNon(point) && !cleanText(`a${String.fromCodePoint(point)}b`)) found.push(point);
    expect(found).toHaveLength(66);
  });

  test('over all code points is refused for exactly C0, DEL, C1, line and paragraph separators, surrogates, noncharacters and what NFC changes', () => {
    let clean = 0;
    let unclean = 0;
    for (let point = 0; point <= 0x10ffff; point++) {
      const text = String.fromCodePoint(point);
      const banned =
        point < 0x20 ||
        (point >= 0x7f && point <= 0x9f) ||
        point === 0x2028 ||
        point === 0x2029 ||
        (point >= 0xd800 && point <= 0xdfff) ||
        (point >= 0xfdd0 && point <= 0xfdef) ||
        (point & 0xfffe) === 0xfffe ||
        text.normalize('NFC') !== text;
      if (cleanText(text) === banned) expect(point.toString(16)).toBe('judged as it is');
      if (banned) unclean++;
      else clean++;
    }
    expect(clean + unclean).toBe(1_114_112);
    // 2,048 surrogates, 66 noncharacters, 65 controls and 2 separators are banned whatever the Unicode version.
    expect(unclean).toBeGreaterThan(2048 + 66 + 65 + 2);
  });

  test.each(['\ud800', 'a\udc00', '\udc00\ud800', 'x\ud83d'])(
    'refuses the lone surrogate in %j',
    (text) => {
      expect(cleanText(text)).toBe(false);
    },
  );

  test('is NFC: é in two code points is not clean, in one it is', () => {
    expect(cleanText('e\u0301')).toBe(false);
    expect(cleanText('\u00e9')).toBe(true);
  });

  test('may have letters beside a surrogate pair that ends like a noncharacter', () => {
    // U+1F3FE is D83C DFFE, U+1FFFE is D83F DFFE: only the second is a noncharacter.
    expect(cleanText('\u{1f3fe}')).toBe(true);
    expect(cleanText('\u{1fffe}')).toBe(false);
  });
});

describe('raw', () => {
  test('carries any bytes in exactly one form, there and back: 3,000 random byte strings', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const raw = rawOf(bytes);
        expect(bytesOfRaw(raw)).toEqual(new Uint8Array(bytes));
        expect(wellFormedRaw(raw)).toBe(true);
        const other = typeof raw === 'string' ? { b64: toB64(bytes) } : undefined;
        if (other) expect(wellFormedRaw(other)).toBe(false);
      }),
      { numRuns: 3000, seed: 4 },
    );
  });

  test('of text is the text where it is clean, else its bytes', () => {
    expect(rawOfText('plain')).toBe('plain');
    expect(rawOfText('two\nlines')).toEqual({ b64: toB64(utf8('two\nlines')) });
  });

  test.each(['AB==', 'A', 'YWI=\n', ''])('refuses the base64 %j', (b64) => {
    expect(wellFormedRaw({ b64 })).toBe(false);
  });
});
