// The rota: who is on call at a moment, over midnight, over both changes of the clocks, under overrides and holidays, and
// what a file that is wrong is told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLine, openRota } from '../../../shared/domain/on-call.ts';
import { type Line, parseRota, strangersIn } from '../../../shared/domain/rota.ts';
import { wallClock } from '../../../shared/domain/wall-clock.ts';

const at = (iso: string): number => Date.parse(iso);
const HOUR = 3600_000;
const BERLIN = 'Europe/Berlin';

function line(changes: object): Line {
  const rota = parseRota(JSON.stringify({ v: 1, groups: { dba: { zone: BERLIN, ...changes } } }));
  if (!rota.ok) throw new Error(rota.detail);
  const made = rota.value.groups['dba'];
  if (made === undefined) throw new Error('no line');
  return made;
}
const whoAt = (changes: object, iso: string): readonly string[] =>
  openLine(line(changes)).onCall(at(iso));

const ALL = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

describe('the clock of a zone', () => {
  const clock = wallClock(BERLIN);

  test('gives the first of two moments where clocks go back', () => {
    // 2026-10-25 03:00 CEST becomes 02:00 CET: 02:30 is shown at 00:30Z and at 01:30Z.
    expect(clock.instant(at('2026-10-25T02:30:00Z'))).toBe(at('2026-10-25T00:30:00Z'));
    expect(clock.civil(at('2026-10-25T01:30:00Z'))).toBe(at('2026-10-25T02:30:00Z'));
  });

  test('gives the moment of the change for a time that is never shown', () => {
    // 2026-03-29 02:00 CET becomes 03:00 CEST at 01:00Z.
    expect(clock.instant(at('2026-03-29T02:30:00Z'))).toBe(at('2026-03-29T01:00:00Z'));
  });

  test('of every zone of a sample, an hour of each day of a year leads back to itself or over a skipped hour', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
      'Africa/Cairo',
      'UTC',
    ]) {
      const { civil, instant } = wallClock(zone);
      for (
        let day = at('2026-01-01T00:30:00Z');
        day < at('2027-01-01T00:00:00Z');
        day += 25 * HOUR
      ) {
        const moment = instant(day);
        expect(civil(moment) >= day && civil(moment - 1) < day).toBe(true);
      }
    }
  });
});

describe('shifts', () => {
  const night = { shifts: [{ days: ['fri'], from: '22:00', until: '06:00', who: ['ann'] }] };

  test('run from their beginning to just before their end, by the zone’s clock', () => {
    const office = { shifts: [{ days: WORKDAYS, from: '09:00', until: '17:00', who: ['ann'] }] };
    expect(whoAt(office, '2026-11-23T07:59:59.999Z')).toEqual([]);
    expect(whoAt(office, '2026-11-23T08:00:00Z')).toEqual(['ann']);
    expect(whoAt(office, '2026-11-23T15:59:59.999Z')).toEqual(['ann']);
    expect(whoAt(office, '2026-11-23T16:00:00Z')).toEqual([]);
    expect(whoAt(office, '2026-11-22T10:00:00Z')).toEqual([]);
  });

  test('that cross midnight belong to the day on which they begin', () => {
    expect(whoAt(night, '2026-11-20T21:30:00Z')).toEqual(['ann']);
    expect(whoAt(night, '2026-11-21T04:59:00Z')).toEqual(['ann']);
    expect(whoAt(night, '2026-11-21T05:00:00Z')).toEqual([]);
    expect(whoAt(night, '2026-11-20T03:00:00Z')).toEqual([]);
  });

  test('keep their hours on the clock when it changes', () => {
    const office = { shifts: [{ days: ALL, from: '09:00', until: '17:00', who: ['ann'] }] };
    expect(whoAt(office, '2026-03-28T08:00:00Z')).toEqual(['ann']);
    expect(whoAt(office, '2026-03-29T07:00:00Z')).toEqual(['ann']);
    expect(whoAt(office, '2026-03-29T15:00:00Z')).toEqual([]);
  });

  test.each(['2026-03-29', '2026-10-25'])(
    'that meet inside the changed hour of %s leave no gap and never overlap',
    (date) => {
      const both = openLine(
        line({
          shifts: [
            { days: ALL, from: '22:00', until: '02:30', who: ['ann'] },
            { days: ALL, from: '02:30', until: '22:00', who: ['bea'] },
          ],
        }),
      );
      for (
        let now = at(`${date}T00:00:00Z`) - 4 * HOUR;
        now < at(`${date}T06:00:00Z`);
        now += 60_000
      )
        expect(both.onCall(now)).toHaveLength(1);
    },
  );

  test('of two people at once name both, and nobody twice', () => {
    const two = {
      shifts: [
        { days: ALL, from: '00:00', until: '24:00', who: ['ann', 'bea'] },
        { days: ALL, from: '08:00', until: '20:00', who: ['bea', 'carl'] },
      ],
    };
    expect(whoAt(two, '2026-11-22T12:00:00Z')).toEqual(['ann', 'bea', 'carl']);
  });
});

describe('rotating weeks', () => {
  const weeks = { weeks: ['ann', 'bea', 'carl'], starts: '2026-11-02T09:00' };

  test('hand over at the weekday and time of the first, one after the other', () => {
    expect(whoAt(weeks, '2026-11-02T07:59:00Z')).toEqual([]);
    expect(whoAt(weeks, '2026-11-02T08:00:00Z')).toEqual(['ann']);
    expect(whoAt(weeks, '2026-11-09T07:59:00Z')).toEqual(['ann']);
    expect(whoAt(weeks, '2026-11-09T08:00:00Z')).toEqual(['bea']);
    expect(whoAt(weeks, '2026-11-22T12:00:00Z')).toEqual(['carl']);
    expect(whoAt(weeks, '2026-11-23T08:00:00Z')).toEqual(['ann']);
  });

  test('keep the hour of the handover over a change of the clocks', () => {
    const summer = { weeks: ['ann', 'bea'], starts: '2026-03-23T09:00' };
    expect(whoAt(summer, '2026-03-30T06:59:00Z')).toEqual(['ann']);
    expect(whoAt(summer, '2026-03-30T07:00:00Z')).toEqual(['bea']);
  });

  test('hand over once where the clock shows the time twice', () => {
    const sunday = openLine(line({ weeks: ['ann', 'bea'], starts: '2026-10-18T02:30' }));
    const seen: string[] = [];
    for (let now = at('2026-10-24T23:00:00Z'); now < at('2026-10-25T04:00:00Z'); now += 60_000)
      seen.push(sunday.onCall(now).join());
    expect(seen.findIndex((who) => who === 'bea')).toBe(90);
    expect(seen.slice(90).every((who) => who === 'bea')).toBe(true);
  });

  test('stand behind shifts that name nobody', () => {
    const mixed = {
      ...weeks,
      shifts: [
        { days: WORKDAYS, from: '09:00', until: '17:00' },
        { days: ['sat'], from: '10:00', until: '12:00', who: ['dora'] },
      ],
    };
    expect(whoAt(mixed, '2026-11-11T12:00:00Z')).toEqual(['bea']);
    expect(whoAt(mixed, '2026-11-14T10:00:00Z')).toEqual(['dora']);
    expect(whoAt(mixed, '2026-11-14T18:00:00Z')).toEqual([]);
  });

  test('make whoever has the following week the next one, unless somebody is named', () => {
    expect(openLine(line(weeks)).following(at('2026-11-22T12:00:00Z'))).toEqual(['ann']);
    const named = openLine(line({ ...weeks, next: ['dora', 'emil'] }));
    expect(named.following(at('2026-11-22T12:00:00Z'))).toEqual(['dora', 'emil']);
  });
});

describe('overrides and holidays', () => {
  const base = {
    shifts: [
      { days: WORKDAYS, from: '00:00', until: '24:00', who: ['ann'] },
      { days: ['sat', 'sun'], from: '00:00', until: '24:00', who: ['bea'] },
    ],
  };

  test('an override holds in the place of everything else, and only then', () => {
    const swapped = {
      ...base,
      overrides: [{ from: '2026-11-23T12:00', until: '2026-11-23T18:00', who: ['carl'] }],
    };
    expect(whoAt(swapped, '2026-11-23T10:59:00Z')).toEqual(['ann']);
    expect(whoAt(swapped, '2026-11-23T11:00:00Z')).toEqual(['carl']);
    expect(whoAt(swapped, '2026-11-23T17:00:00Z')).toEqual(['ann']);
  });

  test('of two overrides that overlap the later line holds', () => {
    const twice = {
      ...base,
      overrides: [
        { from: '2026-11-23T00:00', until: '2026-11-24T00:00', who: ['carl'] },
        { from: '2026-11-23T12:00', until: '2026-11-23T13:00', who: ['dora'] },
      ],
    };
    expect(whoAt(twice, '2026-11-23T11:30:00Z')).toEqual(['dora']);
    expect(whoAt(twice, '2026-11-23T12:30:00Z')).toEqual(['carl']);
  });

  test('a holiday follows the line of another day', () => {
    const christmas = { ...base, holidays: [{ date: '2026-12-25', like: 'sun' }] };
    expect(whoAt(christmas, '2026-12-25T12:00:00Z')).toEqual(['bea']);
    expect(whoAt(christmas, '2026-12-24T12:00:00Z')).toEqual(['ann']);
    // The day is the zone's: 23:30Z on the 24th is the 25th in Berlin.
    expect(whoAt(christmas, '2026-12-24T23:30:00Z')).toEqual(['bea']);
  });
});

describe('the table', () => {
  const office = openLine(
    line({ shifts: [{ days: WORKDAYS, from: '09:00', until: '17:00', who: ['ann'] }] }),
  );

  test('has no hole: gaps are spans of nobody', () => {
    const from = at('2026-11-20T12:00:00Z');
    const spans = office.spans(from, from + 4 * 24 * HOUR);
    expect(spans.map(({ who }) => who.join())).toEqual(['ann', '', 'ann', '', 'ann']);
    for (const [i, span] of spans.entries())
      expect(span.until).toBe(spans[i + 1]?.from ?? from + 4 * 24 * HOUR);
    expect(spans[1]).toMatchObject({
      from: at('2026-11-20T16:00:00Z'),
      until: at('2026-11-23T08:00:00Z'),
    });
  });

  test('says who is next, and when', () => {
    const next = office.next(at('2026-11-22T12:00:00Z'));
    expect(next).toEqual({ at: at('2026-11-23T08:00:00Z'), who: ['ann'] });
  });

  test('agrees at every minute of a month with the question itself', () => {
    const mixed = openLine(
      line({
        weeks: ['ann', 'bea', 'carl'],
        starts: '2026-10-05T08:30',
        shifts: [
          { days: ALL, from: '21:15', until: '05:45' },
          { days: WORKDAYS, from: '09:00', until: '12:00', who: ['dora'] },
        ],
        overrides: [{ from: '2026-10-25T01:00', until: '2026-10-25T03:30', who: ['emil'] }],
      }),
    );
    const from = at('2026-10-10T00:00:00Z');
    const until = from + 21 * 24 * HOUR;
    for (const span of mixed.spans(from, until))
      for (let now = span.from; now < span.until; now += 7 * 60_000)
        expect(mixed.onCall(now)).toEqual(span.who);
  });
});

test('the file of docs/on-call.md is one, and uses every member that there is', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/on-call.md'), 'utf8');
  const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  const read = parseRota(json);
  expect(read.ok ? '' : read.detail).toBe('');
  const used = read.ok ? Object.values(read.value.groups).flatMap((one) => Object.keys(one)) : [];
  expect([...new Set(used)].sort()).toEqual([
    'holidays',
    'next',
    'overrides',
    'shifts',
    'starts',
    'unseenAfter',
    'weeks',
    'zone',
  ]);
});

describe('a file', () => {
  const whole = (changes: object) =>
    parseRota(
      JSON.stringify({
        v: 1,
        groups: { dba: { zone: BERLIN, weeks: ['ann'], starts: '2026-11-02T09:00', ...changes } },
      }),
    );

  test.each([
    [
      'a time that is none',
      { shifts: [{ days: ['mon'], from: '9:00', until: '17:00', who: ['ann'] }] },
      'groups.dba.shifts.0.from: not a time of day like 09:00',
    ],
    [
      'a day that is none',
      { shifts: [{ days: ['monday'], from: '09:00', until: '17:00' }] },
      /^groups\.dba\.shifts\.0\.days\.0: /,
    ],
    [
      'a zone that is none',
      { zone: 'Europe/Atlantis' },
      'groups.dba.zone: not a time zone like Europe/Berlin',
    ],
    [
      'a date that is none',
      { holidays: [{ date: '2026-02-30', like: 'sun' }] },
      'groups.dba.holidays.0.date: not a date like 2026-12-25',
    ],
    [
      'an override that ends before it begins',
      { overrides: [{ from: '2026-12-02T09:00', until: '2026-12-01T09:00', who: ['ann'] }] },
      'groups.dba.overrides.0.until: not after from',
    ],
    [
      'weeks that never start',
      { starts: undefined },
      'groups.dba.starts: weeks and starts belong together',
    ],
    [
      'a delay of no unit',
      { unseenAfter: '60' },
      'groups.dba.unseenAfter: not a delay like 60s or 5m',
    ],
    ['a member of nobody', { onCall: ['ann'] }, /^groups\.dba: .*onCall/],
    [
      'holidays without shifts',
      { holidays: [{ date: '2026-12-25', like: 'sun' }] },
      'groups.dba.holidays: there are no shifts that a holiday could follow',
    ],
  ])('with %s is refused with the member that is wrong', (_, changes, says) => {
    const read = whole(changes);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    if (typeof says === 'string') expect(read.detail).toBe(says);
    else expect(read.detail).toMatch(says);
  });

  test('that is not JSON is refused as that', () => {
    expect(parseRota('{"v":1,')).toMatchObject({ ok: false, code: 'json' });
  });

  test('without anybody on call is refused', () => {
    expect(parseRota(JSON.stringify({ v: 1, groups: { dba: { zone: BERLIN } } }))).toMatchObject({
      ok: false,
      detail: 'groups.dba.shifts: nobody is ever on call: shifts or weeks are missing',
    });
  });

  test('is opened group by group', () => {
    const read = whole({ unseenAfter: '5m' });
    expect(read.ok && openRota(read.value).get('dba')?.unseenAfterMs).toBe(300_000);
  });

  test('that names whom the keyring does not know is told so, and still read', () => {
    const read = whole({ next: ['bea', 'zoe'] });
    if (!read.ok) throw new Error(read.detail);
    const keyring = {
      groups: [{ id: 'dba' }],
      reviewers: [
        { id: 'ann', groups: ['dba'] },
        { id: 'bea', groups: [] },
      ],
    };
    expect(strangersIn(read.value, keyring)).toEqual([
      'groups.dba: bea is not in this group, and is never asked for it',
      'groups.dba: the keyring does not know zoe',
    ]);
  });
});
