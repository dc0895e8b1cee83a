// Pure questions about the mirror.

import type { RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';

export const isOpen = (request: RequestSummary): boolean => request.stage !== 'ended';

/** Needs an answer from somebody: neither decided nor ended. */
export const isWaiting = (request: RequestSummary): boolean => request.stage === 'open';

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
};

/**
 * The two lists of the desk. Under a resting pointer (`held`: what each list showed) nothing changes its place:
 * known rows keep theirs, also those that main has since taken away, and new ones come last.
 */
export function deskLists(
  requests: readonly RequestSummary[],
  filter: string,
  held: DeskLists | undefined,
): DeskLists {
  const shows = (request: RequestSummary): boolean => filter === '' || matches(request, filter);
  const shown = filter === '' ? requests : requests.filter(shows);
  const open = shown.filter(isOpen);
  const ended = shown.filter((request) => !isOpen(request)).toReversed();
  if (held === undefined) return { open, ended };
  const known = new Map(requests.map((request) => [request.digest, request]));
  const placed = new Set([...held.open, ...held.ended].map(({ digest }) => digest));
  const keep = (list: readonly RequestSummary[], now: readonly RequestSummary[]) => [
    ...list.map((request) => known.get(request.digest) ?? request).filter(shows),
    ...now.filter((request) => !placed.has(request.digest)),
  ];
  return { open: keep(held.open, open), ended: keep(held.ended, ended) };
}

/** The next request that waits, in the order of the desk, after `digest` and then from the start. */
export function nextWaiting(
  requests: readonly RequestSummary[],
  digest: string | undefined,
): RequestSummary | undefined {
  const at = requests.findIndex((request) => request.digest === digest);
  return [...requests.slice(at + 1), ...requests.slice(0, Math.max(at, 0))].find(isWaiting);
}
