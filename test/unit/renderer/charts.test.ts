import { describe, expect, test } from 'vitest';
import { signersOf } from '../../../renderer/views/history/checkpoint-signers.ts';
import { gridOf } from '../../../renderer/views/history/charts/scale.ts';
import { bound } from '../../../renderer/words/time.ts';

describe('a chart’s grid', () => {
  test.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 50, 100]],
    [1440, [0, 500, 1000, 1500]],
  ])('up to %i', (most, lines) => {
    expect(gridOf(most)).toEqual(lines);
  });

  test('never has more than six lines and always reaches the largest', () => {
    for (let most = 1; most < 5000; most++) {
      const lines = gridOf(most);
      expect(lines.length).toBeLessThanOrEqual(6);
      expect(lines.at(-1)).toBeGreaterThanOrEqual(most);
    }
  });
});

test('a limit has no zeros at its end', () => {
  expect([5_000, 60_000, 90_000, 3_600_000].map(bound)).toEqual([
    '5 s',
    '1 min',
    '1 min 30 s',
    '1 h',
  ]);
});

test('the signers of a head are the names in its signature lines, and nothing of its text', () => {
  const head = 'ada/log\n12\nroot=\n— not a line\n\n— ada/log AAAA\n— ada-laptop BBBB\n';
  expect(signersOf(head)).toEqual(['ada/log', 'ada-laptop']);
});
