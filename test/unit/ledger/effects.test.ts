import { expect, test } from 'vitest';
import { type Effects, readEffects, writeEffects } from '../../../main/ledger/effects.ts';
import { readMark, writeMark } from '../../../main/ledger/mark.ts';
import { fromUtf8, utf8 } from '../../../shared/bytes.ts';

const D = (digit: string): string => digit.repeat(64);
const ALL: Effects = {
  opens: { request: D('1'), guard: 'a guard "of" ours' },
  about: { request: D('2'), ends: true },
  chain: { keyId: D('3'), seq: 7, digest: D('4') },
  notice: { request: D('5'), what: 'shown', keyId: D('6') },
  message: { principal: D('7'), id: '0'.repeat(32), digest: D('8'), at: 1_790_000_000_000 },
};
const PLACE = { at: 41, hash: new Uint8Array(32).fill(9) };

const EACH: readonly (readonly [string, Effects])[] = [
  ['all of them', ALL],
  ['none', {}],
  ...Object.entries(ALL).map(([name, value]) => [name, { [name]: value }] as const),
];

test.each(EACH)('%s are read as they were written', (_, effects) => {
  expect(readEffects(PLACE, writeEffects(PLACE, effects))).toEqual(effects);
});

test('one flipped bit, wherever it is, and nothing is read', () => {
  const written = writeEffects(PLACE, ALL);
  for (let bit = 0; bit < written.length * 8; bit += 1) {
    const flipped = written.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect([bit, readEffects(PLACE, flipped)]).toEqual([bit, undefined]);
  }
  for (let length = 0; length < written.length; length += 1)
    expect(readEffects(PLACE, written.slice(0, length))).toBeUndefined();
});

test('what was written for another place, or another leaf, is not read', () => {
  const written = writeEffects(PLACE, ALL);
  expect(readEffects({ ...PLACE, at: 42 }, written)).toBeUndefined();
  expect(readEffects({ ...PLACE, hash: new Uint8Array(32) }, written)).toBeUndefined();
  expect(readEffects({ at: 41 }, written)).toBeUndefined();
});

test('a mark with one flipped bit is none', () => {
  const mark = { leaves: 4711, kept: 12 };
  const written = utf8(writeMark(mark));
  expect(readMark(fromUtf8(written))).toEqual(mark);
  for (let bit = 0; bit < written.length * 8; bit += 1) {
    if (bit % 8 === 7) continue;
    const flipped = written.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect([bit, readMark(fromUtf8(flipped))]).toEqual([bit, undefined]);
  }
  expect(readMark('')).toBeUndefined();
});
