// What `countersign rota` prints: a line a span, in the clock of the rota's own zone, and every gap by its name.

import type { OpenRota, Span } from '../../shared/domain/on-call.ts';
import type { Rota } from '../../shared/domain/rota.ts';
import { wallClock } from '../../shared/domain/wall-clock.ts';
import { counted } from './policy-voice.ts';
import { plain } from './voice.ts';

export const ROTA_USAGE = `usage: countersign rota check FILE
       countersign rota show [FILE] [--days N] [--json]`;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MINUTE_MS = 60_000;

/** `Sun 2026-11-22 09:00`, by the clock of the zone. */
export function localText(at: number, zone: string): string {
  const civil = new Date(wallClock(zone).civil(at));
  const iso = civil.toISOString();
  return `${WEEKDAYS[civil.getUTCDay()] ?? ''} ${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

const peopleOf = (who: readonly string[]): string =>
  who.length === 0 ? 'NOBODY' : who.map(plain).join(', ');

/** The table of one group. */
export function tableLines(
  group: string,
  zone: string,
  spans: readonly Span[],
  following: readonly string[],
): readonly string[] {
  const next =
    following.length === 0 ? 'everybody else who may decide' : following.map(plain).join(', then ');
  return [
    `${plain(group)} (${plain(zone)}), then ${next}`,
    ...spans.map(
      ({ from, until, who }) =>
        `  ${localText(from, zone)}  to  ${localText(until, zone)}  ${peopleOf(who)}`,
    ),
  ];
}

/** How long, in hours and minutes of real time. */
export function longText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(rest > 0 || hours === 0 ? [`${rest} min`] : []),
  ].join(' ');
}

/** Of each group, for how long nobody is on call. */
export function gapLines(
  rota: Rota,
  open: OpenRota,
  from: number,
  days: number,
): readonly string[] {
  const until = from + days * 24 * 3600_000;
  return [...open].map(([group, line]) => {
    const gaps = line.spans(from, until).filter(({ who }) => who.length === 0);
    const zone = rota.groups[group]?.zone ?? 'UTC';
    const [first] = gaps;
    if (first === undefined)
      return `  ${plain(group)}: somebody is on call all the time (${days} days looked at)`;
    const total = gaps.reduce((sum, gap) => sum + gap.until - gap.from, 0);
    return `  ${plain(group)}: nobody is on call for ${longText(total)} in ${counted(gaps.length, 'gap')} (${days} days looked at); the first from ${localText(first.from, zone)} to ${localText(first.until, zone)}; then ${line.following(first.from).length > 0 ? 'whoever is next' : 'everybody who may decide'} is asked`;
  });
}
