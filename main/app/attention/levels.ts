// How near a request's end is, and when it will be nearer: announced when it comes, again with a fifth of its time left,
// urgently under a minute before it expires. Wall clock, as the expiry itself.

import type { AskedRow } from './row.ts';
import type { Level } from './words.ts';

export const URGENT_MS = 60_000;
const SOON_SHARE = 0.2;
/** Two announcements within this are one too many: the second, urgent one is enough. */
const APART_MS = 10_000;

type Times = Pick<AskedRow, 'createdAt' | 'expiresAt'>;

export function levelAt(row: Times, now: number): Level {
  if (now > urgentFrom(row)) return 2;
  return now >= soonFrom(row) ? 1 : 0;
}

/** When the level next rises or the request expires; wall clock, ms. */
export const nextLevelAt = (row: Times, now: number): number =>
  [soonFrom(row), urgentFrom(row) + 1, row.expiresAt].find((at) => at > now) ?? row.expiresAt;

const urgentFrom = ({ expiresAt }: Times): number => expiresAt - URGENT_MS;

function soonFrom(row: Times): number {
  const at = row.expiresAt - (row.expiresAt - row.createdAt) * SOON_SHARE;
  return at > urgentFrom(row) - APART_MS ? urgentFrom(row) + 1 : at;
}
