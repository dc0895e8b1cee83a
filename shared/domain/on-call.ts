// Who is on call: the questions that a rota answers. Overrides before shifts, shifts before weeks; every interval runs from
// the first moment its beginning is on the clock to the first moment its end is.

import { DAYS, type Line, type Rota, type Shift, unseenAfterMs } from './rota.ts';
import {
  type Civil,
  DAY_MS,
  dateOf,
  dayOf,
  wallClock,
  type WallClock,
  weekdayOf,
} from './wall-clock.ts';

const WEEK_MS = 7 * DAY_MS;
/** How far a next change is looked for: any week of a rotation, and then some. */
const AHEAD_DAYS = 35;

export type Span = {
  readonly from: number;
  readonly until: number;
  readonly who: readonly string[];
};

export type OpenLine = {
  readonly unseenAfterMs: number;
  /** Without anybody twice; empty is a gap. */
  readonly onCall: (at: number) => readonly string[];
  /** Asked after them, one after the other. */
  readonly following: (at: number) => readonly string[];
  /** When others are on call next; undefined where that is not within five weeks. */
  readonly next: (
    at: number,
  ) => { readonly at: number; readonly who: readonly string[] } | undefined;
  /** From `from` on without a hole: gaps are spans of nobody. */
  readonly spans: (from: number, until: number) => readonly Span[];
};

export type OpenRota = ReadonlyMap<string, OpenLine>;

export const openRota = (rota: Rota): OpenRota =>
  new Map(Object.entries(rota.groups).map(([group, line]) => [group, openLine(line)]));

export function openLine(line: Line): OpenLine {
  const clock = wallClock(line.zone);
  const overrides = (line.overrides ?? []).map(({ from, until, who }): Span => {
    return { from: clock.instant(civilOf(from)), until: clock.instant(civilOf(until)), who };
  });
  const weeks = openWeeks(line, clock);
  const shiftsOn = openShifts(line, clock, weeks.personAt);

  const onCall = (at: number): readonly string[] => {
    const override = overrides.findLast((one) => one.from <= at && at < one.until);
    if (override !== undefined) return unique(override.who);
    if (line.shifts === undefined) return listOf(weeks.personAt(at));
    const today = dayOf(clock.civil(at));
    // Yesterday's shifts may cross midnight; where clocks go back over it, tomorrow's may have begun.
    const near = [today - DAY_MS, today, today + DAY_MS].flatMap((day) => shiftsOn(day, at));
    return unique(near.flatMap(({ from, until, who }) => (from <= at && at < until ? who : [])));
  };
  /** Every moment in (from, until) at which the answer may change. */
  const edges = (from: number, until: number): readonly number[] => {
    const all = overrides.flatMap((one) => [one.from, one.until]);
    const last = dayOf(clock.civil(until)) + DAY_MS;
    for (let day = dayOf(clock.civil(from)) - DAY_MS; day <= last; day += DAY_MS)
      for (const one of shiftsOn(day, from)) all.push(one.from, one.until);
    all.push(...weeks.handovers(from, until));
    return [...new Set(all)].filter((at) => from < at && at < until).sort((a, b) => a - b);
  };
  return {
    unseenAfterMs: unseenAfterMs(line),
    onCall,
    following: (at) => line.next ?? listOf(weeks.personAt(at + WEEK_MS)),
    ...openSpans(onCall, edges),
  };
}

function openSpans(
  onCall: OpenLine['onCall'],
  edges: (from: number, until: number) => readonly number[],
): Pick<OpenLine, 'spans' | 'next'> {
  const spans = (from: number, until: number): readonly Span[] => {
    const starts = [from, ...edges(from, until)];
    const whole = starts.map((at, i) => ({
      from: at,
      until: starts[i + 1] ?? until,
      who: onCall(at),
    }));
    return joined(whole);
  };
  return {
    spans,
    next: (at) => {
      const [, next] = spans(at, at + AHEAD_DAYS * DAY_MS);
      return next && { at: next.from, who: next.who };
    },
  };
}

function openWeeks({ weeks = [], starts }: Line, clock: WallClock) {
  const first = starts === undefined ? undefined : civilOf(starts);
  const weekAt = (at: number): number | undefined => {
    if (first === undefined) return undefined;
    const near = Math.floor((clock.civil(at) - first) / WEEK_MS);
    // Clocks that go back over the handover show its time twice: the first one handed over.
    const week = clock.instant(first + (near + 1) * WEEK_MS) <= at ? near + 1 : near;
    return week < 0 ? undefined : week;
  };
  return {
    personAt: (at: number): string | undefined => {
      const week = weekAt(at);
      return week === undefined ? undefined : weeks[week % weeks.length];
    },
    handovers: (from: number, until: number): readonly number[] => {
      if (first === undefined) return [];
      const all: number[] = [];
      for (let week = weekAt(from) ?? 0; ; week++) {
        const at = clock.instant(first + week * WEEK_MS);
        if (at >= until) return all;
        all.push(at);
      }
    },
  };
}

/** The shifts that begin on a day, and where they name nobody, who has the week when they are asked about. */
function openShifts(
  { shifts = [], holidays = [] }: Line,
  clock: WallClock,
  personAt: (at: number) => string | undefined,
) {
  const likes = new Map(holidays.map(({ date, like }) => [date, like]));
  const known = new Map<Civil, readonly (Omit<Span, 'who'> & Pick<Shift, 'who'>)[]>();
  const begin = (day: Civil) => {
    const like = likes.get(dateOf(day)) ?? DAYS[weekdayOf(day)];
    return shifts
      .filter(({ days }) => like !== undefined && days.includes(like))
      .map(({ from, until, who }) => {
        const over = until <= from ? DAY_MS : 0;
        return {
          from: clock.instant(day + timeOf(from)),
          until: clock.instant(day + over + timeOf(until)),
          who,
        };
      });
  };
  return (day: Civil, at: number): readonly Span[] => {
    const before = known.get(day) ?? begin(day);
    if (known.size > 100) known.clear();
    known.set(day, before);
    return before.map((one) => ({ ...one, who: one.who ?? listOf(personAt(at)) }));
  };
}

/** Neighbours with the same people are one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last !== undefined && sameSet(last.who, span.who))
      all[all.length - 1] = { ...last, until: span.until };
    else all.push(span);
  }
  return all;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
const unique = (who: readonly string[]): readonly string[] => [...new Set(who)];
const listOf = (one: string | undefined): readonly string[] => (one === undefined ? [] : [one]);
const civilOf = (local: string): Civil => Date.parse(`${local}:00.000Z`);
const timeOf = (time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':');
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
};
