import { describe, expect, test } from 'vitest';
import {
  cover,
  coversAll,
  type Interval,
  partShown,
} from '../../../renderer/views/card/coverage.ts';

const after = (...parts: readonly Interval[]): readonly Interval[] =>
  parts.reduce<readonly Interval[]>((seen, part) => cover(seen, part), []);

describe('what of a row has been on screen', () => {
  test('is the part that row and pane share, from the row’s top', () => {
    expect(partShown({ top: 50, bottom: 150 }, { top: 100, bottom: 500 })).toEqual([50, 100]);
    expect(partShown({ top: 600, bottom: 700 }, { top: 100, bottom: 500 })).toBeUndefined();
  });

  test('touching parts are one', () => {
    expect(after([0, 100], [300, 400], [100, 300])).toEqual([[0, 400]]);
  });

  test('a row is seen when its parts leave nothing out, whatever their order', () => {
    expect(coversAll(after([200, 400], [0, 210]), 400)).toBe(true);
  });

  test('a part that was jumped over keeps the row unseen', () => {
    expect(coversAll(after([0, 100], [300, 400]), 400)).toBe(false);
  });

  test('the end alone is not the whole', () => {
    expect(coversAll(after([300, 400]), 400)).toBe(false);
    expect(coversAll([], 400)).toBe(false);
  });

  test('a rounding of two pixels is not a line of text', () => {
    expect(coversAll(after([1.2, 398.6]), 400)).toBe(true);
    expect(coversAll(after([0, 396]), 400)).toBe(false);
  });
});
