// CJ-1: one encoding for each value, and every other byte string refused.

import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { textOf, utf8 } from '../../../shared/bytes.ts';
import { type Cj, CjError, decodeCj, encodeCj } from '../../../shared/statement/cj1.ts';
import { cleanText } from '../../../shared/statement/text.ts';

const JCS = join(import.meta.dirname, '../../../../shared/vectors/jcs');
const MAX = 64 * 1024;

const decode = (text: string): string => {
  const value = decodeCj(utf8(text), MAX);
  return value.ok ? 'ok' : (value.detail ?? value.code);
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"a${String(i).padStart(4, '0')}":0`).join(',')}}`;

describe('a decoder accepts', () => {
  test.each([
    '{}',
    '[]',
    '""',
    '0',
    'true',
    '9007199254740991',
    '{"A":1,"_":2,"a":3}',
    '{"a":"é漢😀\u00a0"}',
    '["\\"\\\\"]',
    nested(8),
    members(256),
  ])('%.40s', (text) => {
    expect(decode(text)).toBe('ok');
  });
});

describe('a decoder refuses', () => {
  test.each([
    ['two members of one name', '{"a":1,"a":1}'],
    ['members out of order', '{"b":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['white space around', ' 1'],
    ['a final line end', '1\n'],
    ['a byte order mark', '\ufeff1'],
    ['a fraction', '1.0'],
    ['an exponent', '1e3'],
    ['a negative number', '-1'],
    ['minus zero', '-0'],
    ['a leading zero', '01'],
    ['2^53', '9007199254740992'],
    ['2^53 + 1, which a parser rounds', '9007199254740993'],
    ['1e400', '1e400'],
    ['null', '{"a":null}'],
    ['an escaped letter', '"\\u0061"'],
    ['an escaped slash', '"\\/"'],
    ['an escaped control character', '"\\n"'],
    ['an escaped control character by number', '"\\u0001"'],
    ['an escaped lone surrogate', '"\\ud800"'],
    ['an escaped pair', '"\\ud83d\\ude00"'],
    ['capitals in an escape', '"\\u000A"'],
    ['decomposed text', '"e\u0301"'],
    ['a line separator', '"\u2028"'],
    ['a noncharacter', '"\u{2ffff}"'],
    ['a name with a space', '{"a b":1}'],
    ['an empty name', '{"":1}'],
    ['a name that begins with a digit', '{"1":1}'],
    ['a name of 65 characters', `{"${'a'.repeat(65)}":1}`],
    ['a name outside ASCII', '{"é":1}'],
    ['the name __proto__', '{"__proto__":1}'],
    ['the name __proto__ with an object', '{"__proto__":{"a":1}}'],
    ['depth 9', nested(9)],
    ['depth 10,000', nested(10_000)],
    ['257 members', members(257)],
    ['a comma too many', '[1,]'],
    ['two values', '1 1'],
    ['nothing', ''],
    ['a comment', '/**/1'],
    ['NaN', 'NaN'],
  ])('%s', (_, text) => {
    expect(decode(text)).not.toBe('ok');
  });

  test('bytes that are not UTF-8, and more bytes than may come', () => {
    expect(decodeCj(Uint8Array.of(0x22, 0xff, 0x22), MAX)).toMatchObject({ detail: 'not UTF-8' });
    expect(decodeCj(utf8('"aaaa"'), 5)).toMatchObject({ detail: 'over 5 bytes' });
    expect(decodeCj(utf8('"aaa"'), 5).ok).toBe(true);
  });

  test('a name of 64 characters and no longer', () => {
    expect(decode(`{"${'a'.repeat(64)}":1}`)).toBe('ok');
  });
});

describe('a producer throws on', () => {
  test.each([
    ['minus zero', -0],
    ['a fraction', 0.5],
    ['2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a bigint', 1n],
    ['a lone surrogate', '\ud800'],
    ['a noncharacter of plane 16', '\u{10ffff}'],
    ['a hole', Object.assign([], { length: 1 })],
  ])('%s', (_, value) => {
    // Values that the type does not allow are exactly what is tried.
    expect(() => encodeCj(value as Cj)).toThrow(CjError);
  });
});

const clean = fc.string({ unit: 'binary', maxLength: 12 }).filter(cleanText);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((one) => one !== '__proto__');
const { value } = fc.letrec<{ value: Cj }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    clean,
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

test('4,000 random values: the bytes are those of an independent RFC 8785 encoder, and decode to the value', () => {
  fc.assert(
    fc.property(value, (one) => {
      const bytes = encodeCj(one);
      expect(textOf(bytes)).toBe(canonicalize(one));
      expect(decodeCj(bytes, MAX)).toEqual({ ok: true, value: one });
    }),
    { numRuns: 4000, seed: 5 },
  );
});

test('4,000 random changes of one byte: refused, or another value with its own one encoding', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 0, max: 255 }), (one, at, byte) => {
      const bytes = encodeCj(one);
      const changed = bytes.with(at % bytes.length, byte);
      const decoded = decodeCj(changed, MAX);
      if (decoded.ok) expect(encodeCj(decoded.value)).toEqual(changed);
    }),
    { numRuns: 4000, seed: 6 },
  );
});

/** Every public RFC 8785 example holds something that CJ-1 bans; the reasons were read in the files. */
const PUBLIC: { readonly [file: string]: string } = {
  'arrays.json': 'member name',
  'french.json': 'member name',
  'structures.json': 'member name',
  'unicode.json': 'member name',
  'values.json': 'null is not allowed',
  'weird.json': 'member name',
};

describe.skipIf(!existsSync(JCS))('the public RFC 8785 vectors (skipped: not found)', () => {
  test('are all six, and each is refused for what CJ-1 bans in it', () => {
    const files = readdirSync(join(JCS, 'output')).toSorted();
    expect(files).toEqual(Object.keys(PUBLIC).toSorted());
    const why = files.map((file) => [
      file,
      decode(readFileSync(join(JCS, 'output', file), 'utf8').trimEnd()),
    ]);
    expect(Object.fromEntries(why)).toEqual(PUBLIC);
  });

  test('agree with our oracle, so that it may be one', () => {
    for (const file of readdirSync(join(JCS, 'input'))) {
      const input = JSON.parse(readFileSync(join(JCS, 'input', file), 'utf8')) as unknown;
      expect(canonicalize(input)).toBe(readFileSync(join(JCS, 'output', file), 'utf8').trimEnd());
    }
  });

  test('strings and integers of them that CJ-1 allows encode to the same bytes', () => {
    let allowed = 0;
    const visit = (part: unknown): void => {
      if (typeof part === 'object' && part !== null) {
        for (const [key, member] of Object.entries(part)) {
          visit(key);
          visit(member);
        }
      } else if (
        (typeof part === 'string' && cleanText(part)) ||
        (typeof part === 'number' && Number.isSafeInteger(part) && part >= 0)
      ) {
        allowed++;
        expect(textOf(encodeCj(part))).toBe(canonicalize(part));
      }
    };
    for (const file of readdirSync(join(JCS, 'input')))
      visit(JSON.parse(readFileSync(join(JCS, 'input', file), 'utf8')));
    expect(allowed).toBe(57);
  });
});
