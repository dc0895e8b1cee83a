// Counts as pictures: buckets of a zone's own days, every one of them, and figures that say what they are.

import { describe, expect, test } from 'vitest';
import { chartsOf } from '../../../main/app/history-charts.ts';
import type { HistoryTally } from '../../../main/app/ports.ts';
import { HistoryCharts } from '../../../shared/ipc/history.ts';

const QUARTER = 15 * 60_000;
const EMPTY: HistoryTally = {
  requests: 0,
  quarters: [],
  times: [],
  load: [],
  approvals: { total: 0, unopened: 0 },
};
const at = (
  iso: string,
  ending: HistoryTally['quarters'][number]['ending'] = 'approved',
  count = 1,
) => ({
  quarter: Math.floor(Date.parse(iso) / QUARTER),
  ending,
  count,
});

function charts(tally: Partial<HistoryTally>, zone = 'UTC') {
  const made = chartsOf({ ...EMPTY, ...tally }, zone, (id) => id.toUpperCase(), 1);
  if (!made.ok) throw new Error(made.code);
  return HistoryCharts.parse(made.value);
}
const starts = (tally: Partial<HistoryTally>, zone?: string) =>
  charts(tally, zone).volume.map((bucket) => bucket.at);

describe('volume', () => {
  test('empty buckets are there too, endings only where they occur', () => {
    const made = charts({
      quarters: [at('2026-11-20T09:40:00Z'), at('2026-11-20T12:05:00Z', 'denied', 2)],
    });
    expect(made.bucket).toBe('hour');
    expect(made.volume).toEqual([
      { at: '2026-11-20T09:00:00.000Z', asked: 1, endings: { approved: 1 } },
      { at: '2026-11-20T10:00:00.000Z', asked: 0, endings: {} },
      { at: '2026-11-20T11:00:00.000Z', asked: 0, endings: {} },
      { at: '2026-11-20T12:00:00.000Z', asked: 2, endings: { denied: 2 } },
    ]);
  });

  test('days begin where the person is, also over both changes of the clock', () => {
    const autumn = { quarters: [at('2026-10-20T12:00:00Z'), at('2026-10-30T12:00:00Z')] };
    const days = starts(autumn, 'Europe/Berlin');
    expect(charts(autumn, 'Europe/Berlin').bucket).toBe('day');
    expect(days).toHaveLength(11);
    expect(days.slice(4, 7)).toEqual([
      '2026-10-23T22:00:00.000Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
    const spring = starts(
      { quarters: [at('2026-03-25T12:00:00Z'), at('2026-04-02T12:00:00Z')] },
      'America/New_York',
    );
    expect(spring).toHaveLength(9);
    expect(new Set(spring).size).toBe(9);
    expect(
      starts(
        { quarters: [at('2026-01-01T00:20:00Z'), at('2026-01-09T00:20:00Z')] },
        'Asia/Kathmandu',
      )[0],
    ).toBe('2025-12-31T18:15:00.000Z');
  });

  test('a day in the west is not the day before in the east', () => {
    const quarters = [at('2026-11-20T02:00:00Z'), at('2026-11-28T02:00:00Z')];
    expect(starts({ quarters }, 'America/Los_Angeles')[0]).toBe('2026-11-19T08:00:00.000Z');
    expect(starts({ quarters }, 'Asia/Tokyo')[0]).toBe('2026-11-19T15:00:00.000Z');
  });

  test('weeks begin on Monday, months on the first; a clock gone wild stays bounded', () => {
    const weeks = charts({ quarters: [at('2026-01-01T12:00:00Z'), at('2026-08-01T12:00:00Z')] });
    expect(weeks.bucket).toBe('week');
    expect(weeks.volume[0]?.at).toBe('2025-12-29T00:00:00.000Z');
    expect(weeks.volume.every((bucket) => new Date(bucket.at).getUTCDay() === 1)).toBe(true);
    const months = charts({ quarters: [at('2022-01-31T12:00:00Z'), at('2026-08-01T12:00:00Z')] });
    expect(months.bucket).toBe('month');
    expect(months.volume).toHaveLength(56);
    expect(months.volume.every((bucket) => bucket.at.endsWith('-01T00:00:00.000Z'))).toBe(true);
    const wild = charts({ quarters: [at('1970-01-01T00:00:00Z'), at('9999-12-31T00:00:00Z')] });
    expect(wild.volume.map((bucket) => bucket.asked)).toEqual([1, 1]);
  });

  test('nothing is nothing, and an unknown zone is said', () => {
    expect(charts({}).volume).toEqual([]);
    expect(chartsOf(EMPTY, 'Mars/Olympus', (id) => id, 1)).toMatchObject({
      ok: false,
      code: 'unknownZone',
    });
  });
});

describe('people and times', () => {
  test('percentiles are upper bounds of their slots, slots add up, names come from the keyring', () => {
    const made = charts({
      times: [
        { upToMs: 8000, count: 50 },
        { upToMs: 60_000, count: 49 },
        { upToMs: 400_000_000, count: 1 },
      ],
      load: [{ reviewer: 'maya', approved: 3, denied: 1, unopened: 2, medianMs: undefined }],
      approvals: { total: 90, unopened: 4 },
    });
    expect(made.timeToDecide).toMatchObject({
      decided: 100,
      p50Ms: 8000,
      p90Ms: 60_000,
      p99Ms: 60_000,
    });
    expect(made.timeToDecide.slots.reduce((sum, slot) => sum + slot.count, 0)).toBe(100);
    expect(made.timeToDecide.slots.at(-1)).toEqual({ count: 1 });
    expect(made.load).toEqual([{ id: 'maya', name: 'MAYA', approved: 3, denied: 1, unopened: 2 }]);
    expect(made.approvals).toEqual({ total: 90, unopened: 4 });
  });
});
