// The window over a long list: what it asks for, what it keeps, and that nothing is met twice or left out.

import { describe, expect, test } from 'vitest';
import {
  above,
  below,
  emptyRun,
  jumped,
  PAGE,
  type Run,
  spaceOf,
  startRun,
  wantOf,
} from '../../../renderer/views/history/found-rows.ts';
import { ENTRIES_EACH, searchPast } from '../../kit/fake-history.ts';

const PAST = 100_000;
const SIZE = PAST * ENTRIES_EACH;
const page = (before?: number) => searchPast(PAST, [], { filters: {}, limit: PAGE, before });
const start = (): Run => startRun(page());
const indexes = (run: Run): readonly number[] => run.rows.map(({ index }) => index);

describe('the scroll space', () => {
  test('has room for what is here and an estimate of the rest', () => {
    expect(spaceOf(emptyRun, 0)).toBe(0);
    expect(spaceOf(start(), SIZE)).toBe(PAST);
  });

  test('is never taller than a browser can draw, and still grows under the hand', () => {
    const run = startRun(searchPast(2_000_000, [], { filters: {}, limit: PAGE }));
    expect(spaceOf(run, 10_000_000)).toBe(400_000);
    expect(spaceOf({ ...run, first: 399_990 }, 10_000_000)).toBeGreaterThan(400_000);
  });

  test('ends where the rows end, once the oldest is here', () => {
    expect(spaceOf({ ...start(), next: undefined }, SIZE)).toBe(PAGE);
  });
});

describe('what is asked for', () => {
  test('nothing while the rows on screen and half a page around them are here', () => {
    expect(wantOf(start(), 0, 20, SIZE)).toBeUndefined();
  });

  test('the next page before the last row is on screen', () => {
    expect(wantOf(start(), 80, 100, SIZE)).toEqual({ go: 'down', before: start().next });
  });

  test('a jump goes to the same part of the log', () => {
    const want = wantOf(start(), 50_000, 50_020, SIZE);
    expect(want).toEqual({ go: 'jump', before: SIZE / 2, first: 50_000 });
  });

  test('a jump to the top is the newest, whatever was estimated', () => {
    const far = { ...start(), first: 40_000, top: 300_000 };
    expect(wantOf(far, 0, 20, SIZE)).toEqual({ go: 'jump', before: undefined, first: 0 });
  });

  test('above a jump is asked from a page above, and no further than what is here', () => {
    const want = wantOf(start(), 50_000, 50_020, SIZE);
    if (want?.go !== 'jump') throw new Error('expected a jump');
    const run = jumped(want, page(want.before));
    const up = wantOf(run, 50_000, 50_020, SIZE);
    expect(up).toEqual({ go: 'up', before: SIZE / 2 + PAGE * ENTRIES_EACH, to: SIZE / 2 });
  });
});

describe('what is kept', () => {
  test('pages below follow without a gap, and far rows above are forgotten', () => {
    let run = start();
    for (let i = 0; i < 30; i++) run = below(run, page(run.next));
    expect(run.rows.length).toBeLessThanOrEqual(1200);
    expect(run.first + run.rows.length).toBe(31 * PAGE);
    const all = indexes(run);
    expect(all.every((index, at) => at === 0 || (all[at - 1] ?? 0) - index === ENTRIES_EACH)).toBe(
      true,
    );
    expect(run.top).toBe((all[0] ?? 0) + 1);
  });

  test('rows found above keep the place of those below', () => {
    const run = { ...start(), first: 500, top: 1000 };
    const found = start().rows.slice(0, 10);
    expect(above(run, found, 2000)).toMatchObject({ run: { first: 490, top: 2000 }, shift: 0 });
  });

  test('the newest row stands first: everything moves by as much as the estimate was wrong', () => {
    const run = { ...start(), first: 500, top: 1000 };
    const found = start().rows.slice(0, 10);
    expect(above(run, found, undefined)).toMatchObject({ run: { first: 0 }, shift: -490 });
  });

  test('more rows above than there was room for push everything down', () => {
    const run = { ...start(), first: 4, top: 1000 };
    const found = start().rows.slice(0, 10);
    expect(above(run, found, 2000)).toMatchObject({ run: { first: 0 }, shift: 6 });
  });
});
