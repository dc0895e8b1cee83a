// Times and amounts as people read them. Absolute times always carry their zone.

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const day = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const numbers = new Intl.NumberFormat();

export const atClock = (time: string): string => clock.format(new Date(time));
export const atDay = (time: string): string => day.format(new Date(time));
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const BUCKETS = {
  hour: new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
  week: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
  month: new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short' }),
} as const;

/** `part` of one, in per cent. */
export const share = (part: number): string => percent.format(part);
/** The beginning of a span of time, as short as it can be told apart. */
export const atBucket = (time: string, bucket: keyof typeof BUCKETS): string =>
  BUCKETS[bucket].format(new Date(time));
export const amount = (count: number): string => numbers.format(count);

/** `4 min 05 s`, `38 s`, `2 h 10 min`; the sign is the caller's. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
}

/** As `span`, for a limit: without the zeros that an exact minute or hour would end in. */
export const bound = (ms: number): string => span(ms).replace(/ 00 (s|min)$/, '');
