import { expect, test } from 'vitest';
import { keyWords } from '../../../shared/domain/key-words.ts';
import { WORD_LIST } from '../../../shared/domain/word-list.ts';

test('the list is BIP 39 English: 2,048 different words, no two with the same first four letters', () => {
  expect(WORD_LIST).toHaveLength(2048);
  expect(new Set(WORD_LIST.map((word) => word.slice(0, 4))).size).toBe(2048);
  expect([WORD_LIST[0], WORD_LIST[1], WORD_LIST[2047]]).toEqual(['abandon', 'ability', 'zoo']);
  expect(WORD_LIST.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
  expect(WORD_LIST.toSorted()).toEqual(WORD_LIST);
});

test('eight words are the first 88 bits, eleven a word', () => {
  expect(keyWords('0'.repeat(64))).toBe(Array.from({ length: 8 }, () => 'abandon').join(' '));
  expect(keyWords('f'.repeat(64))).toBe(Array.from({ length: 8 }, () => 'zoo').join(' '));
  expect(keyWords(`0020${'0'.repeat(60)}`)).toMatch(/^ability abandon /);
});

test('a change in any of the first 88 bits changes the words', () => {
  const zero = keyWords('0'.repeat(64));
  for (let bit = 0; bit < 88; bit++) {
    const digits = (1n << BigInt(255 - bit)).toString(16).padStart(64, '0');
    expect(keyWords(digits)).not.toBe(zero);
  }
});
