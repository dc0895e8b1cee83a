// The three text forms of bytes: one text for each byte string, and every other text refused.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  concat,
  fromB64,
  fromHex,
  sameBytes,
  textOf,
  toB64,
  toHex,
  utf8,
} from '../../../shared/bytes.ts';

const bytes = fc.uint8Array({ maxLength: 80 });

describe('base64', () => {
  test('is that of Node, there and back, for 2,000 random byte strings', () => {
    fc.assert(
      fc.property(bytes, (one) => {
        expect(toB64(one)).toBe(Buffer.from(one).toString('base64'));
        expect(fromB64(toB64(one))).toEqual(new Uint8Array(one));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
  test.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'AAA==',
    'AA=A',
    '=AAA',
    'AAA=AAAA',
    'A===',
    '====',
    'AB==',
    'AAB=',
    'AA==\n',
    ' AAA',
    'A-A_',
    'AA\u0100A',
    'AAAA====',
    'Ａ===',
  ])('refuses %j', (text) => {
    expect(fromB64(text)).toBeUndefined();
  });
  test('has one text for each byte string: a random text that decodes is the text of its bytes', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'AQgw19+/=-_ \n'.split('')),
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, (text) => {
        const decoded = fromB64(text);
        if (decoded) expect(toB64(decoded)).toBe(text);
      }),
      { numRuns: 5000, seed: 2 },
    );
  });
});

describe('hex', () => {
  test('there and back', () => {
    fc.assert(
      fc.property(bytes, (one) => {
        expect(toHex(one)).toBe(Buffer.from(one).toString('hex'));
        expect(fromHex(toHex(one))).toEqual(new Uint8Array(one));
      }),
      { numRuns: 500, seed: 3 },
    );
  });
  test.each(['0', 'AB', '0g', ' 00', '00\n', '0x00', '٠٠'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});

describe('UTF-8', () => {
  test.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a lone continuation', [0x80]],
  ])('refuses %s', (_, raw) => {
    expect(textOf(Uint8Array.from(raw))).toBeUndefined();
  });
  test('keeps a byte order mark', () => {
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
  });
});

test('concat and sameBytes', () => {
  expect(concat(utf8('a'), utf8(''), utf8('bc'))).toEqual(utf8('abc'));
  expect(sameBytes(utf8('ab'), utf8('ab'))).toBe(true);
  expect(sameBytes(utf8('ab'), utf8('abc'))).toBe(false);
  expect(sameBytes(utf8('ab'), utf8('aB'))).toBe(false);
});
