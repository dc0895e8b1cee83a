// The published lines that show what a program can be abused for: at least nine in ten are seen for what they are, and of
// the rest nearly all are called unknown. Skips, and says so, where the corpora are not there.

import { describe, expect, test } from 'vitest';
import { linesOf, shares } from '../../../bench/corpora-facts.ts';

const lines = linesOf('gtfobins');

describe.skipIf(lines === undefined)('GTFOBins lines (../shared/corpora)', () => {
  const sums = shares(lines ?? []);

  test('the capability they are listed for is found in at least 90 %', () => {
    expect(sums.lines).toBeGreaterThan(500);
    expect(sums.found / sums.lines).toBeGreaterThanOrEqual(0.9);
  });

  test('of each function at least 60 % are found', () => {
    const poor = Object.entries(sums.byListed).filter(([, [found, all]]) => found / all < 0.6);
    expect(poor).toEqual([]);
  });

  test('at most 4 % are neither found nor called unknown', () => {
    expect(sums.silent.length / sums.lines).toBeLessThanOrEqual(0.04);
  });
});
