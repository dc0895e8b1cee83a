// What the charts say: titles, series, and the sentence that stands for the picture.

import type { HistoryCharts, HistoryEnding } from '../../shared/ipc/history.ts';
import { requestsSay } from './counts.ts';
import { say } from './plural.ts';
import { bound, span } from './time.ts';

export type SeriesName = 'approved' | 'denied' | 'expired' | 'withdrawn' | 'open';

export const SERIES: { readonly [E in HistoryEnding]: SeriesName } = {
  approved: 'approved',
  approvedWithChanges: 'approved',
  denied: 'denied',
  expiredUnseen: 'expired',
  expiredSeen: 'expired',
  withdrawn: 'withdrawn',
  open: 'open',
};

export const SERIES_NAME: { readonly [S in SeriesName]: string } = {
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
  open: 'No ending yet',
};

const BUCKET_NAME: { readonly [B in HistoryCharts['bucket']]: string } = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

export const CHARTS = {
  counting: 'Counting',
  none: 'No request has all of this, so there is nothing to draw.',
  wordless: 'Charts follow the filters. The words of the search do not count here.',
  table: 'As a table',
  volume: 'Requests over time, by ending',
  volumeSays: (charts: HistoryCharts): string =>
    `${requestsSay(charts.requests)}, by ${BUCKET_NAME[charts.bucket]}.`,
  asked: 'Asked',
  from: 'From',
  time: 'Time from asking to deciding',
  timeNone: 'Nothing has been decided here.',
  timeSays: ({ timeToDecide }: HistoryCharts): string => {
    const { decided, p50Ms, p90Ms, p99Ms } = timeToDecide;
    const parts = [
      p50Ms === undefined ? '' : `half within ${span(p50Ms)}`,
      p90Ms === undefined ? '' : `nine in ten within ${span(p90Ms)}`,
      p99Ms === undefined ? '' : `99 in a hundred within ${span(p99Ms)}`,
    ].filter((part) => part !== '');
    return `${say('{decided, plural, one {# decision} other {# decisions}}', { decided })}: ${parts.join(', ')}.`;
  },
  slot: 'Decided within',
  slotSays: (upToMs: number | undefined): string =>
    upToMs === undefined ? 'longer' : bound(upToMs),
  decisions: 'Decisions',
  load: 'Who carried the load',
  loadSays: 'Every decision counts, also the second of two.',
  reviewer: 'Reviewer',
  approved: 'Approved',
  denied: 'Denied',
  median: 'Half within',
  unopened: 'Approved without opening the card',
  unopenedSays: ({ approvals: { total, unopened } }: HistoryCharts): string =>
    say(
      '{unopened} of {total, plural, one {# approval} other {# approvals}} came from somebody whose app had not opened the card.',
      { unopened, total },
    ),
  unopenedNone: 'Nothing has been approved here.',
} as const;

export const UNKNOWN_ZONE = 'The app does not know this machine’s time zone.';
