import { describe, expect, test } from 'vitest';
import { say } from '../../../renderer/words/plural.ts';

const WAITS = '{count, plural, =0 {Nothing waits} one {# request waits} other {# requests wait}}';

describe('a sentence with a count', () => {
  test.each([
    [0, 'Nothing waits'],
    [1, '1 request waits'],
    [2, '2 requests wait'],
    [12_000, '12,000 requests wait'],
  ])('%i', (count, says) => {
    expect(say(WAITS, { count })).toBe(says);
  });

  test('takes the cases of the language it is told', () => {
    const polish =
      '{n, plural, one {# wniosek} few {# wnioski} many {# wniosków} other {# wniosku}}';
    const rules = new Intl.PluralRules('pl');
    expect([1, 3, 5, 22].map((n) => say(polish, { n }, rules))).toEqual([
      '1 wniosek',
      '3 wnioski',
      '5 wniosków',
      '22 wnioski',
    ]);
  });

  test('fills names, also inside of a case, and leaves # alone outside of one', () => {
    const pattern = '# {who}: {n, plural, one {# file of {who}} other {# files of {who}}}.';
    expect(say(pattern, { who: 'Ada', n: 2 })).toBe('# Ada: 2 files of Ada.');
  });

  test('a name without a value stays to be seen', () => {
    expect(say('{count} of {all}', { count: 1 })).toBe('1 of {all}');
  });

  test('a brace that never closes is text', () => {
    expect(say('a { b', {})).toBe('a { b');
  });
});
