// Warnings about letters that a person reads wrongly: words of mixed scripts, words and signs that pass for ASCII,
// letters that run from right to left. They change no text; they are shown beside it and signed by name.

import { bit } from './flags.ts';
import { type Ranges, rangeOf, unpack } from './ranges.ts';
import * as tables from './tables.ts';

// Scripts that one language mixes share a bit: Han, kana and bopomofo, Hangul.
const CJK = [tables.HAN, tables.HIRAGANA, tables.KATAKANA, tables.HANGUL, tables.BOPOMOFO];
// Each of these is a script of its own; OTHER is all the rest together.
const OTHERS = [
  tables.CYRILLIC,
  tables.GREEK,
  tables.ARABIC,
  tables.HEBREW,
  tables.DEVANAGARI,
  tables.THAI,
  tables.ARMENIAN,
  tables.CHEROKEE,
  tables.OTHER,
];
const LATIN_BIT = 1;
const CJK_BIT = 2;
const SCRIPTS: readonly (readonly [Ranges, number])[] = [
  [unpack(tables.LATIN), LATIN_BIT],
  ...CJK.map((table) => [unpack(table), CJK_BIT] as const),
  ...OTHERS.map((table, i) => [unpack(table), CJK_BIT << (i + 1)] as const),
];

// Blocks whose letters are written from right to left, present and reserved (DerivedBidiClass.txt).
const RIGHT_TO_LEFT = Int32Array.of(
  0x590,
  0x8ff,
  0xfb1d,
  0xfdff,
  0xfe70,
  0xfeff,
  0x10800,
  0x10fff,
  0x1e800,
  0x1efff,
);

// Letters and digits that pass for ASCII ones (a selection of UTS #39 confusables), then signs that do.
const TWINS = new Set(
  Array.from(
    'асԁеһіјӏорԛѕԝухѵгАВСЕНІЈКМОРԚЅТԜХҮѴᴀᴄᴅᴇᴋᴍᴏᴘᴛᴜᴠᴡᴢ' +
      'αγικνορσυϲϳωχΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ' +
      'ագզհոսցքօԼՏՍՕıȷɑɡɩʋſǀℊℎℓℯℴℹⅈⅉℬℂℰℱℋℍℐℒℳℕℙℚℛℝℤⅅⅆⅇ' +
      'ⅠⅤⅩⅬⅭⅮⅯⅰⅴⅹⅼⅽⅾⅿᎠᎡᎢᎪᎫᎬᎳᎷᎻᏀᏃᏒᏔᏙᏚᏞᏟᏢᏦᏴꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ',
  ),
);
const SIGN_TWINS = new Set(
  Array.from(
    '‐‒–—―−﹘﹣˗‑⁃➖∕⁄⧸⟋╱⫽∖⧵⧹﹨꞉ː∶˸︰׃։ᐟ․‚¸͵ʹʼˈ′‘’‛´ˋ｀∗⁎∣￨¦˜∼⁓‹›❮❯ǃꓽ；꓿゠⹀＝⩵﹦' +
      '﹩﹟﹠﹡﹢﹤﹥﹪﹫﹖﹗﹐﹑﹒﹔﹕',
  ),
);
// Fullwidth ASCII, and the mathematical alphabets with their digits.
const TWIN_RANGES = Int32Array.of(
  0xff10,
  0xff19,
  0xff21,
  0xff3a,
  0xff41,
  0xff5a,
  0x1d400,
  0x1d6a5,
  0x1d7ce,
  0x1d7ff,
);
const SIGN_RANGES = Int32Array.of(0xff01, 0xff0f, 0xff1a, 0xff20, 0xff3b, 0xff40, 0xff5b, 0xff5e);

type Word = { length: number; scripts: number; wide: number; twins: number };

// What the escape writes itself: tokens, ends of lines, tabs, dots for spaces.
const OURS = /⟦[^⟧]*⟧|[⏎⇥·│]/gu;

/** In prose a dash, a curly apostrophe and a word of one letter are no warning. */
export function warningsOf(escaped: string, prose: boolean): number {
  // A token ends a word, and so does each of our own signs.
  const text = escaped.replace(OURS, '\n');
  if (/^[\u0000-\u007f]*$/.test(text)) return 0;
  let flags = 0;
  let word: Word = { length: 0, scripts: 0, wide: 0, twins: 0 };
  const close = (): void => {
    if (word.wide > 0) flags |= warningOf(word, prose);
    if (word.length > 0) word = { length: 0, scripts: 0, wide: 0, twins: 0 };
  };
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    if (point < 0x80) {
      if (isAsciiWord(point)) {
        word.length++;
        if (point > 0x39 && point !== 0x5f) word.scripts |= LATIN_BIT;
      } else close();
      continue;
    }
    if (rangeOf(RIGHT_TO_LEFT, point) >= 0) flags |= bit('rightToLeft');
    const twin = TWINS.has(char) || rangeOf(TWIN_RANGES, point) >= 0;
    const script = scriptOf(point);
    if (twin || script !== 0) {
      word.length++;
      word.wide++;
      word.scripts |= script;
      if (twin) word.twins++;
    } else {
      close();
      if (!prose && (SIGN_TWINS.has(char) || rangeOf(SIGN_RANGES, point) >= 0))
        flags |= bit('lookalike');
    }
  }
  close();
  return flags;
}

function warningOf(word: Word, prose: boolean): number {
  let flags = 0;
  if (word.twins === word.wide && (!prose || word.length > 1)) flags |= bit('lookalike');
  const others = word.scripts & ~LATIN_BIT;
  const several = (others & (others - 1)) !== 0;
  if (several || (others !== 0 && others !== CJK_BIT && (word.scripts & LATIN_BIT) !== 0))
    flags |= bit('mixedScript');
  return flags;
}

/** The bit of a code point's script, 0 for signs, digits and marks that all scripts share. */
const scriptOf = (point: number): number =>
  SCRIPTS.find(([ranges]) => rangeOf(ranges, point) >= 0)?.[1] ?? 0;

/** Letters, digits and the low line. */
const isAsciiWord = (point: number): boolean =>
  (point >= 0x30 && point <= 0x39) ||
  (point >= 0x41 && point <= 0x5a) ||
  (point >= 0x61 && point <= 0x7a) ||
  point === 0x5f;
