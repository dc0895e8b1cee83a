// The rota as a file: per group who is on call when, as people write it. Read whole or refused with the member that is
// wrong; what it means is `on-call.ts`. It routes and no more: nobody may decide because of it.

import * as z from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { Id } from '../statement/fields.ts';
import { isTimeZone } from './wall-clock.ts';

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export const UNSEEN_AFTER_MS = 60_000;
/** Of one group's line: more is a mistake. */
const MAX_PEOPLE = 64;

const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const TimeOfDay = z.string().regex(TIME, 'not a time of day like 09:00');
const EndOfDay = z
  .string()
  .refine((text) => text === '24:00' || TIME.test(text), 'not a time of day like 17:00 or 24:00');

const isDate = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    Number.isFinite(at) &&
    new Date(at).toISOString().startsWith(text)
  );
};
const LocalDate = z.string().refine(isDate, 'not a date like 2026-12-25');
const LocalTime = z
  .string()
  .refine(
    (text) => isDate(text.slice(0, 10)) && text[10] === 'T' && TIME.test(text.slice(11)),
    'not a local time like 2026-12-25T09:00',
  );
const People = z.array(Id).min(1).max(16);
const Delay = z.string().regex(/^([1-9]\d{0,2}s|[1-5]?\dm)$/, 'not a delay like 60s or 5m');

const Shift = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).max(7),
  from: TimeOfDay,
  /** Not after `from`: on the next day. */
  until: EndOfDay,
  /** Absent: whoever of `weeks` has the week. */
  who: People.optional(),
});

const Line = z
  .strictObject({
    /** An IANA name; every time of this line is of its clocks. */
    zone: z.string().max(64).refine(isTimeZone, 'not a time zone like Europe/Berlin'),
    unseenAfter: Delay.optional(),
    shifts: z.array(Shift).min(1).max(64).optional(),
    /** One after the other, a week each. */
    weeks: z.array(Id).min(1).max(MAX_PEOPLE).optional(),
    /** The first handover of `weeks`: its weekday and time are every handover's. */
    starts: LocalTime.optional(),
    /** In the place of everything else; of two that overlap the later line holds. */
    overrides: z
      .array(z.strictObject({ from: LocalTime, until: LocalTime, who: People }))
      .max(256)
      .optional(),
    /** Dates on which the shifts of another day hold. */
    holidays: z
      .array(z.strictObject({ date: LocalDate, like: z.enum(DAYS) }))
      .max(256)
      .optional(),
    /** Asked next, one after the other. Absent: who has the following week. */
    next: z.array(Id).max(16).optional(),
  })
  .superRefine((line, { addIssue }) => {
    const say = (path: (string | number)[], message: string): void =>
      addIssue({ code: 'custom', path, message });
    if (line.shifts === undefined && line.weeks === undefined)
      say(['shifts'], 'nobody is ever on call: shifts or weeks are missing');
    if ((line.weeks === undefined) !== (line.starts === undefined))
      say(['starts'], 'weeks and starts belong together');
    if (line.holidays !== undefined && line.shifts === undefined)
      say(['holidays'], 'there are no shifts that a holiday could follow');
    for (const [i, shift] of (line.shifts ?? []).entries())
      if (shift.who === undefined && line.weeks === undefined)
        say(['shifts', i, 'who'], 'nobody is named, and there are no weeks');
    for (const [i, { from, until }] of (line.overrides ?? []).entries())
      if (until <= from) say(['overrides', i, 'until'], 'not after from');
    if (peopleOf(line).size > MAX_PEOPLE) say([], `more than ${MAX_PEOPLE} people`);
  });
export type Line = z.infer<typeof Line>;
export type Shift = z.infer<typeof Shift>;

export const Rota = z.strictObject({ v: z.literal(1), groups: z.record(Id, Line) });
export type Rota = z.infer<typeof Rota>;

type Named = {
  readonly shifts?: readonly { readonly who?: readonly string[] | undefined }[] | undefined;
  readonly weeks?: readonly string[] | undefined;
  readonly overrides?: readonly { readonly who: readonly string[] }[] | undefined;
  readonly next?: readonly string[] | undefined;
};

/** Everybody that a line names. */
export const peopleOf = ({ shifts = [], weeks = [], overrides = [], next = [] }: Named) =>
  new Set([
    ...shifts.flatMap(({ who }) => who ?? []),
    ...weeks,
    ...overrides.flatMap(({ who }) => who),
    ...next,
  ]);

/** The detail is one sentence with the member's path. */
export function parseRota(text: string): Result<Rota, 'json' | 'schema'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail('json', `not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const parsed = Rota.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return fail('schema', `${path === '' ? 'the file' : path}: ${issue?.message ?? 'does not fit'}`);
}

export const unseenAfterMs = ({ unseenAfter }: Pick<Line, 'unseenAfter'>): number => {
  if (unseenAfter === undefined) return UNSEEN_AFTER_MS;
  const count = Number(unseenAfter.slice(0, -1));
  return count * (unseenAfter.endsWith('m') ? 60_000 : 1000);
};

type KnownPeople = {
  readonly groups: readonly { readonly id: string }[];
  readonly reviewers: readonly { readonly id: string; readonly groups: readonly string[] }[];
};

/** What a keyring does not have: one plain line each. A rota may be written before the keyring that it is for. */
export function strangersIn(rota: Rota, { groups, reviewers }: KnownPeople): readonly string[] {
  return Object.entries(rota.groups).flatMap(([group, line]) => {
    const everyone = group === 'anyone';
    if (!everyone && !groups.some(({ id }) => id === group))
      return [`groups.${group}: the keyring has no such group`];
    return [...peopleOf(line)].flatMap((id) => {
      const person = reviewers.find((one) => one.id === id);
      if (person === undefined) return [`groups.${group}: the keyring does not know ${id}`];
      return everyone || person.groups.includes(group)
        ? []
        : [`groups.${group}: ${id} is not in this group, and is never asked for it`];
    });
  });
}
