// Counts of the history as the pictures that people look at: requests and their endings over the days of a time zone, how
// long deciding took, who carried it. Pure: counts in, values out.

import type { HistoryCharts } from '../../shared/ipc/history.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { HistoryTally } from './ports.ts';
import { QUARTER_MS } from './store/tally.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_BUCKETS = 100;
/** Months may be more; a clock of the year 9999 must not make thousands of them. */
const MOST_BUCKETS = 400;
const SLOTS = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, HOUR, 4 * HOUR, DAY];

type Size = HistoryCharts['bucket'];

export function chartsOf(
  tally: HistoryTally,
  zone: string,
  nameOf: (reviewer: string) => string,
  took: number,
): Result<HistoryCharts, 'unknownZone'> {
  const local = localTime(zone);
  if (local === undefined) return fail('unknownZone');
  const decided = tally.times.reduce((sum, one) => sum + one.count, 0);
  return ok({
    requests: tally.requests,
    ...volumeOf(tally.quarters, local),
    timeToDecide: {
      decided,
      ...percentile('p50Ms', tally.times, decided * 0.5),
      ...percentile('p90Ms', tally.times, decided * 0.9),
      ...percentile('p99Ms', tally.times, decided * 0.99),
      slots: slotsOf(tally.times),
    },
    load: tally.load.map(({ reviewer, approved, denied, unopened, medianMs }) => ({
      id: reviewer,
      name: nameOf(reviewer),
      approved,
      denied,
      unopened,
      ...(medianMs === undefined ? {} : { medianMs }),
    })),
    approvals: tally.approvals,
    took,
  });
}

/** A zone's wall clock: what is to be added to UTC, and back. */
type Local = { readonly offset: (utc: number) => number };

/** Offsets are looked up once for each quarter of a day, and exactly only where one changes within it. */
function localTime(zone: string): Local | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch {
    return undefined;
  }
  const exact = (utc: number): number => {
    const at = Math.floor(utc / 60_000) * 60_000;
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - at;
  };
  const edges = new Map<number, number>();
  const edge = (at: number): number => {
    const known = edges.get(at);
    if (known !== undefined) return known;
    const found = exact(at);
    edges.set(at, found);
    return found;
  };
  return {
    offset: (utc) => {
      const from = Math.floor(utc / (6 * HOUR)) * 6 * HOUR;
      const first = edge(from);
      return first === edge(from + 6 * HOUR) ? first : exact(utc);
    },
  };
}

function volumeOf(
  quarters: HistoryTally['quarters'],
  local: Local,
): Pick<HistoryCharts, 'bucket' | 'volume'> {
  const times = quarters.map(({ quarter }) => quarter * QUARTER_MS);
  if (times.length === 0) return { bucket: 'day', volume: [] };
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const size = sizeFor(last - first);
  const filled = new Map<number, HistoryCharts['volume'][number]>();
  for (const { quarter, ending, count } of quarters) {
    const at = startOf(quarter * QUARTER_MS, size, local);
    const bucket = filled.get(at) ?? { at: new Date(at).toISOString(), asked: 0, endings: {} };
    bucket.asked += count;
    bucket.endings[ending] = (bucket.endings[ending] ?? 0) + count;
    filled.set(at, bucket);
  }
  const starts =
    startsBetween(first, last, size, local) ?? [...filled.keys()].sort((a, b) => a - b);
  const volume = starts
    .slice(-MOST_BUCKETS)
    .map((at) => filled.get(at) ?? { at: new Date(at).toISOString(), asked: 0, endings: {} });
  return { bucket: size, volume };
}

function sizeFor(length: number): Size {
  if (length < MAX_BUCKETS * HOUR) return 'hour';
  if (length < (MAX_BUCKETS - 1) * DAY) return 'day';
  return length < (MAX_BUCKETS - 1) * 7 * DAY ? 'week' : 'month';
}

/** The first moment, in UTC, of the bucket that a moment falls in. */
function startOf(utc: number, size: Size, local: Local): number {
  return toUtc(floorLocal(utc + local.offset(utc), size), local);
}

function floorLocal(wall: number, size: Size): number {
  if (size === 'hour') return Math.floor(wall / HOUR) * HOUR;
  if (size === 'month') {
    const at = new Date(wall);
    return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  }
  const day = Math.floor(wall / DAY) * DAY;
  // 1970 began on a Thursday; weeks begin on Monday.
  return size === 'day' ? day : day - ((day / DAY + 3) % 7) * DAY;
}

/** A wall clock's moment in UTC; where the clock is put forward over it, the first moment after. */
function toUtc(wall: number, local: Local): number {
  const guess = wall - local.offset(wall);
  return wall - local.offset(guess);
}

/** Undefined where there are more than can be shown. */
function startsBetween(
  first: number,
  last: number,
  size: Size,
  local: Local,
): number[] | undefined {
  const starts: number[] = [];
  let at = startOf(first, size, local);
  while (at <= last) {
    if (starts.length >= MOST_BUCKETS) return undefined;
    starts.push(at);
    const next = startOf(at + stepOf(size), size, local);
    // A day of 25 hours: the step fell short of the next.
    at = next > at ? next : startOf(at + stepOf(size) + 2 * HOUR, size, local);
  }
  return starts;
}

const stepOf = (size: Size): number =>
  ({ hour: HOUR, day: DAY, week: 7 * DAY, month: 31 * DAY })[size];

function percentile<N extends string>(name: N, times: HistoryTally['times'], rank: number) {
  let seen = 0;
  const found = times.find(({ count }) => {
    seen += count;
    return seen >= rank;
  });
  return found === undefined ? {} : ({ [name]: found.upToMs } as { [K in N]: number });
}

function slotsOf(times: HistoryTally['times']): HistoryCharts['timeToDecide']['slots'] {
  const counts = [...SLOTS.map(() => 0), 0];
  for (const { upToMs, count } of times) {
    const at = SLOTS.findIndex((bound) => upToMs <= bound);
    const slot = at < 0 ? SLOTS.length : at;
    counts[slot] = (counts[slot] ?? 0) + count;
  }
  return counts.map((count, i) => {
    const upToMs = SLOTS[i];
    return upToMs === undefined ? { count } : { upToMs, count };
  });
}
