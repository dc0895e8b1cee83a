import { expect, test } from 'vitest';
import { isCount, parseDecimal } from '../../../main/trust/decimal.ts';

test.each([
  ['0', 0],
  ['1', 1],
  ['4294967296', 2 ** 32],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('reads %s', (text, value) => {
  expect(parseDecimal(text)).toBe(value);
});

test.each([
  '',
  '00',
  '01',
  '+1',
  '-1',
  '1.0',
  '1e3',
  '0x1',
  ' 1',
  '1 ',
  '1\n',
  '١',
  '9007199254740992',
  '9007199254740993',
  '99999999999999999999',
])('refuses %j', (text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test('a count is a whole number from 0 to 2^53-1', () => {
  expect([0, 1, 2 ** 53 - 1].every(isCount)).toBe(true);
  expect([-1, 0.5, 2 ** 53, Number.NaN, Infinity].some(isCount)).toBe(false);
});
