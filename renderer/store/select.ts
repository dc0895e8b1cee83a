// Pure questions about the mirror.

import type { GrantRow } from '../../shared/ipc/grants.ts';
import type { RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';

export const isOpen = (request: RequestSummary): boolean => request.stage !== 'ended';

/** Needs an answer from somebody: neither decided nor ended. */
export const isWaiting = (request: RequestSummary): boolean => request.stage === 'open';

/** A grant that may let something run, or will once others sign it. */
export const inForce = ({ state }: GrantRow): boolean => state === 'live' || state === 'waiting';

export const waitingCount = (snapshot: Snapshot | undefined): number =>
  snapshot?.requests.filter(isWaiting).length ?? 0;

export const requestOf = (
  snapshot: Snapshot | undefined,
  digest: string | undefined,
): RequestSummary | undefined => snapshot?.requests.find((request) => request.digest === digest);

/** Every word of the filter stands somewhere in what the row says. */
export function matches(request: RequestSummary, filter: string): boolean {
  const { title, target, agent, onBehalfOf, host, reason, tier } = request;
  const text = [title, target, agent, onBehalfOf, host, reason, tier].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export type DeskLists = {
  readonly open: readonly RequestSummary[];
  readonly ended: readonly RequestSummary[];
  readonly folds: Folds;
};

/** Identical repeats behind the oldest of them that waits: one row, and each is decided by itself. */
export type Folds = {
  /** The row that stands for one that has none. */
  readonly behind: ReadonlyMap<string, string>;
  /** By the row's digest: how many are behind it. */
  readonly more: ReadonlyMap<string, number>;
};
export const NO_FOLDS: Folds = { behind: new Map(), more: new Map() };

export function foldsOf(open: readonly RequestSummary[]): Folds {
  const first = new Map<string, string>();
  const behind = new Map<string, string>();
  const more = new Map<string, number>();
  for (const request of open) {
    if (request.repeats === undefined || !isWaiting(request)) continue;
    const head = first.get(request.repeats);
    if (head === undefined) {
      first.set(request.repeats, request.digest);
      continue;
    }
    behind.set(request.digest, head);
    more.set(head, (more.get(head) ?? 0) + 1);
  }
  return { behind, more };
}

/** The others that wait and are the same, oldest first. */
export const sameWaiting = (
  requests: readonly RequestSummary[],
  { digest, repeats }: RequestSummary,
): readonly RequestSummary[] =>
  repeats === undefined
    ? []
    : requests.filter((one) => one.repeats === repeats && one.digest !== digest && isWaiting(one));

/**
 * The two lists of the desk. Under a resting pointer (`held`: what each list showed) nothing changes its place:
 * known rows keep theirs, also those that main has since taken away, and new ones come last.
 */
export function deskLists(
  requests: readonly RequestSummary[],
  filter: string,
  held: Pick<DeskLists, 'open' | 'ended'> | undefined,
): DeskLists {
  const shows = (request: RequestSummary): boolean => filter === '' || matches(request, filter);
  const shown = filter === '' ? requests : requests.filter(shows);
  const all = shown.filter(isOpen);
  const folds = foldsOf(all);
  const open =
    folds.behind.size === 0 ? all : all.filter(({ digest }) => !folds.behind.has(digest));
  const ended = shown.filter((request) => !isOpen(request)).toReversed();
  if (held === undefined) return { open, ended, folds };
  const known = new Map(requests.map((request) => [request.digest, request]));
  const placed = new Set([...held.open, ...held.ended].map(({ digest }) => digest));
  const keep = (list: readonly RequestSummary[], now: readonly RequestSummary[]) => [
    ...list.map((request) => known.get(request.digest) ?? request).filter(shows),
    ...now.filter((request) => !placed.has(request.digest)),
  ];
  return { open: keep(held.open, open), ended: keep(held.ended, ended), folds };
}

/** The next request that waits, in the order of the desk, after `digest` and then from the start. */
export function nextWaiting(
  requests: readonly RequestSummary[],
  digest: string | undefined,
): RequestSummary | undefined {
  const at = requests.findIndex((request) => request.digest === digest);
  return [...requests.slice(at + 1), ...requests.slice(0, Math.max(at, 0))].find(isWaiting);
}
