// What the clocks of a time zone show at a moment, and the first moment at which they show a time or more: so that a shift
// that ends inside a skipped or repeated hour begins and ends once, and two that meet leave no gap. Pure.

/** A time as the clock shows it, written as if it were UTC; ms. */
export type Civil = number;

export const DAY_MS = 24 * 3600 * 1000;

export type WallClock = {
  readonly civil: (at: number) => Civil;
  /** The first moment whose civil time is this or later. */
  readonly instant: (civil: Civil) => number;
};

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Throws on a zone that does not exist: ask `isTimeZone` first. */
export function wallClock(timeZone: string): WallClock {
  const form = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const civil = (at: number): Civil => {
    const part = new Map<string, number>();
    for (const { type, value } of form.formatToParts(at)) part.set(type, Number(value));
    const of = (type: string): number => part.get(type) ?? 0;
    const whole = Math.floor(at / 1000) * 1000;
    const [year, month, day] = [of('year'), of('month'), of('day')];
    return Date.UTC(year, month - 1, day, of('hour'), of('minute'), of('second')) + (at - whole);
  };
  const offset = (at: number): number => civil(at) - at;

  const instant = (wanted: Civil): number => {
    const offsets = [offset(wanted - DAY_MS), offset(wanted + DAY_MS)];
    const first = Math.min(...offsets.map((one) => wanted - one));
    const last = Math.max(...offsets.map((one) => wanted - one));
    // Shown twice where clocks go back: the first time counts.
    for (const at of [first, last]) if (civil(at) === wanted) return at;
    return firstAfter(civil, wanted, first, last);
  };
  return { civil, instant };
}

/** Never shown: clocks go forward over it, and the moment they do is the one. */
function firstAfter(
  civil: WallClock['civil'],
  wanted: Civil,
  before: number,
  after: number,
): number {
  let [low, high] = [before, after];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (civil(middle) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** 0 is Sunday, as in `Date`. */
export const weekdayOf = (civil: Civil): number => new Date(civil).getUTCDay();
export const dayOf = (civil: Civil): Civil => Math.floor(civil / DAY_MS) * DAY_MS;
/** `2026-11-22`. */
export const dateOf = (civil: Civil): string => new Date(civil).toISOString().slice(0, 10);
