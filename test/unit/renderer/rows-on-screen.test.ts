// The window over a list of rows: which are in the page, and by how much the list follows what a person looks at.

import { describe, expect, test } from 'vitest';
import { placesNear, placesShown } from '../../../renderer/ui/use-rows-on-screen.ts';
import { movedBy } from '../../../renderer/views/desk/use-same-rows.ts';

const rows = (names: string) => Array.from(names, (digest) => ({ digest }));

describe('what is in the page', () => {
  test('the rows on screen and six around them', () => {
    expect(placesNear(0, 560, 56)).toEqual({ from: 0, to: 16 });
    expect(placesNear(56_028, 560, 56)).toEqual({ from: 994, to: 1017 });
    expect(placesNear(-20, 10, 56)).toEqual({ from: 0, to: 6 });
  });

  test('is the same few rows of ten thousand as of a hundred', () => {
    const places = placesNear(1120, 560, 56);
    expect(placesShown(10_000, places, [])).toEqual(placesShown(100, places, []));
    expect(placesShown(10_000, places, [])).toHaveLength(22);
  });

  test('with those that are kept, in the list’s order and once', () => {
    expect(placesShown(100, { from: 10, to: 13 }, [99, 11, 3])).toEqual([3, 10, 11, 12, 99]);
    expect(placesShown(100, { from: 10, to: 13 }, [-1, 100])).toEqual([10, 11, 12]);
  });

  test('nothing of a list that has become shorter than the window over it', () => {
    expect(placesShown(5, { from: 50, to: 80 }, [])).toEqual([]);
    expect(placesShown(0, { from: 0, to: 40 }, [-1])).toEqual([]);
  });
});

describe('a list that changes above the viewport', () => {
  test('follows the first row on screen', () => {
    expect(movedBy(rows('abcdefgh'), rows('bcdefgh'), 3, 6)).toBe(-1);
    expect(movedBy(rows('abcdefgh'), rows('xyabcdefgh'), 3, 6)).toBe(2);
  });

  test('stays where rows came or went below', () => {
    expect(movedBy(rows('abcdefgh'), rows('abcdefg'), 3, 6)).toBe(0);
    expect(movedBy(rows('abcdefgh'), rows('abcdefghi'), 3, 6)).toBe(0);
  });

  test('follows the next one where the first has gone, and stays where all have', () => {
    expect(movedBy(rows('abcdefgh'), rows('acefgh'), 3, 6)).toBe(-2);
    expect(movedBy(rows('abcdefgh'), rows('abcgh'), 3, 6)).toBe(0);
  });
});
