// Until when nothing is to be announced, by the person's own quiet hours and snooze. Local wall time, by this machine's
// calendar, so that a change of the clocks moves the end with it.

import type { QuietHours, Settings } from '../../../shared/ipc/settings.ts';

export type Quiet = {
  readonly why: 'snoozed' | 'quietHours';
  /** Wall clock, ms. */
  readonly until: number;
};

/** The one that ends last, so that its end is the end. */
export function quietAt(
  now: number,
  { snoozeUntil, quietHours }: Pick<Settings, 'snoozeUntil' | 'quietHours'>,
): Quiet | undefined {
  const snooze = snoozeUntil === null ? 0 : Date.parse(snoozeUntil);
  const hours = quietHours === null ? 0 : (hoursEnd(now, quietHours) ?? 0);
  if (Math.max(snooze, hours) <= now) return undefined;
  return snooze >= hours ? { why: 'snoozed', until: snooze } : { why: 'quietHours', until: hours };
}

/** When the next quiet hours begin, ms from `now`: a timer must not sleep past it. */
export const untilQuietHours = (now: number, { from }: QuietHours): number =>
  nextAt(now, minutesOf(from)) - now;

function hoursEnd(now: number, { from, to }: QuietHours): number | undefined {
  const local = new Date(now);
  const minutes = local.getHours() * 60 + local.getMinutes();
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const inside =
    begin < end ? minutes >= begin && minutes < end : minutes >= begin || minutes < end;
  return inside ? nextAt(now, end) : undefined;
}

function nextAt(now: number, minutes: number): number {
  const at = new Date(now);
  at.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

const minutesOf = (time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
};
