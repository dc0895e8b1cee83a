// What the wall clock of an organisation's time zone shows at a moment. Pure: the moment is handed in.

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type LocalTime = {
  readonly hour: number;
  readonly minute: number;
  readonly weekday: Weekday;
  /** `2026-11-22`. */
  readonly date: string;
};

/** Undefined where `at` is not a time. */
export function localTime(at: string, timeZone: string): LocalTime | undefined {
  const moment = Date.parse(at);
  if (!Number.isFinite(moment)) return undefined;
  const form = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'long',
  });
  const part = new Map(form.formatToParts(moment).map(({ type, value }) => [type, value]));
  const weekday = WEEKDAYS.find((one) => one === part.get('weekday')?.toLowerCase());
  if (weekday === undefined) return undefined;
  return {
    hour: Number(part.get('hour')),
    minute: Number(part.get('minute')),
    weekday,
    date: `${part.get('year')}-${part.get('month')}-${part.get('day')}`,
  };
}
