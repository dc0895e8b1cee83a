// Escaping: nothing is lost, nothing misleads.
// The tests that walk all code points have time to spare for a machine that is busy with other suites.

import { describe, expect, test } from 'vitest';
import { sameBytes, toHex, utf8 } from '../../../shared/bytes.ts';
import { escapeAll, escapeText } from '../../../shared/statement/view/escape.ts';
import { flagsOf } from '../../../shared/statement/view/flags.ts';
import { unescapeText } from '../../../shared/statement/view/unescape.ts';
import { dice, nastyBytes } from './view-samples.ts';

const HIDDEN =
  /[\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Variation_Selector}]/u;
const CONTROL = /[\p{Cc}]/u;
const ODD_SPACE = /[\p{Zs}]/u;
const BUSY = 60_000;
const MODES = [{ ascii: true }, { ascii: false }];
const ASCII_AND_TOKENS = /^(?:[ -~]|⟦(?:U\+[0-9A-F]{4,6}|x[0-9A-F]{2}|space×[0-9]+)⟧)*$/u;

const bytesOf = (point: number): Uint8Array =>
  point >= 0xd800 && point <= 0xdfff
    ? Uint8Array.of(0xed, 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
    : utf8(String.fromCodePoint(point));

describe('every code point', () => {
  for (const options of MODES)
    test(
      `comes back from its text (ascii: ${options.ascii})`,
      () => {
        let wrong = 0;
        for (let point = 0; point <= 0x10ffff; point++) {
          const bytes = bytesOf(point);
          const back = unescapeText(escapeText(bytes, options));
          if (back === undefined || !sameBytes(back, bytes)) wrong++;
        }
        console.log(`${0x110000} code points, ${wrong} do not come back`);
        expect(wrong).toBe(0);
      },
      BUSY,
    );

  test(
    'that is hidden by the tables of this Node is never shown as itself',
    () => {
      const shown: string[] = [];
      let tokens = 0;
      for (let point = 0; point <= 0x10ffff; point++) {
        const char = String.fromCodePoint(point);
        const hidden = HIDDEN.test(char) || (ODD_SPACE.test(char) && point !== 0x20);
        const text = escapeText(bytesOf(point), { ascii: false });
        if (text !== char) tokens++;
        if ((hidden || (CONTROL.test(char) && !'\n\t'.includes(char))) && text.includes(char))
          shown.push(point.toString(16));
      }
      console.log(`${tokens} of ${0x110000} code points are not shown as themselves`);
      expect(process.versions['unicode'] === '17.0' ? shown : []).toEqual([]);
    },
    BUSY,
  );

  test(
    'is ASCII or a token in a critical row',
    () => {
      for (let point = 0; point <= 0x10ffff; point += point < 0x30000 ? 1 : 17)
        if (!ASCII_AND_TOKENS.test(escapeText(bytesOf(point), { ascii: true })))
          expect.unreachable(`U+${point.toString(16)}`);
    },
    BUSY,
  );
});

test(
  '200,000 random byte strings come back, and no two of them share a text',
  () => {
    const roll = dice(20261122);
    const texts = new Map<string, string>();
    let wrong = 0;
    for (let n = 0; n < 200_000; n++) {
      const bytes = nastyBytes(roll, 10);
      const options = { ascii: roll(2) === 0 };
      const text = escapeText(bytes, options);
      const hex = toHex(bytes);
      const back = unescapeText(text);
      if (back === undefined || toHex(back) !== hex) wrong++;
      const other = texts.get(`${options.ascii} ${text}`);
      if (other !== undefined && other !== hex) wrong++;
      texts.set(`${options.ascii} ${text}`, hex);
    }
    console.log(`200000 random strings, ${texts.size} texts, ${wrong} wrong`);
    expect(wrong).toBe(0);
  },
  BUSY,
);

test('a lone surrogate in a string is shown by its bytes', () => {
  expect(escapeText('a\ud800b', { ascii: true })).toBe('a⟦xED⟧⟦xA0⟧⟦x80⟧b');
});

test('a mark stands on a letter outside ASCII only, and never a third one', () => {
  const shown = (text: string): string => escapeText(text, { ascii: false });
  expect(shown('q\u0301')).toBe('q⟦U+0301⟧');
  expect(shown('\u0301')).toBe('⟦U+0301⟧');
  expect(shown('я\u0301\u0302\u0303')).toBe('я\u0301\u0302⟦U+0303⟧');
  expect(shown('я\u0336')).toBe('я⟦U+0336⟧');
  expect(shown('\u200b\u0301')).toBe('⟦U+200B⟧⟦U+0301⟧');
});

test('refuses to read text that it does not write', () => {
  for (const text of [
    '⟦',
    '⟧',
    '⟦U+D800⟧',
    '⟦U+110000⟧',
    '⟦u+0041⟧',
    '⟦x41⟧',
    '⏎',
    '⏎\n',
    '\n',
    '│',
    '“',
    '\ud800',
  ])
    expect(unescapeText(text)).toBeUndefined();
});

test('a short text that stands for more spaces than any value has is refused', () => {
  expect(unescapeText('⟦space×8388608⟧')?.length).toBe(8_388_608);
  expect(unescapeText('⟦space×8388608⟧⟦space×8388608⟧a⟦space×8388608⟧')).toBeUndefined();
});

test('one megabyte of any kind takes time in proportion', () => {
  const kinds = { ascii: 'x', spaces: ' ', han: '漢', hidden: '\u202e', marks: 'я\u0301' };
  for (const [name, unit] of Object.entries(kinds)) {
    const timeOf = (size: number): number => {
      const bytes = utf8(unit.repeat(size / utf8(unit).length));
      const from = performance.now();
      escapeAll(bytes, { ascii: false });
      return performance.now() - from;
    };
    timeOf(1 << 16);
    console.log(
      `1 MiB of ${name}: ${timeOf(1 << 20).toFixed(0)} ms, a quarter: ${timeOf(1 << 18).toFixed(0)} ms`,
    );
  }
});

test('flags name what was found, in the order of the list', () => {
  const { flags } = escapeAll('\u202e\u200b\u0378\u0301\x1b⏎\n', { ascii: false });
  expect(flagsOf(flags)).toEqual([
    'control',
    'bidi',
    'invisible',
    'unassigned',
    'combining',
    'ownMarks',
    'multiline',
  ]);
});
