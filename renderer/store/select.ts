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

/**
 * The two lists of the desk. Under a resting pointer (`held`: what each list showed) nothing changes its place:
 * known rows keep theirs, new ones come last.
 */
export function deskLists(
  requests: readonly RequestSummary[],
  filter: string,
  held: DeskOrder | undefined,
): { readonly open: readonly RequestSummary[]; readonly ended: readonly RequestSummary[] } {
  const shown = filter === '' ? requests : requests.filter((one) => matches(one, filter));
  const open = shown.filter(isOpen);
  const ended = shown.filter((request) => !isOpen(request)).toReversed();
  if (held === undefined) return { open, ended };
  const known = new Map(shown.map((request) => [request.digest, request]));
  const kept = (order: readonly string[]): readonly RequestSummary[] =>
    order.map((digest) => known.get(digest)).filter((request) => request !== undefined);
  const placed = new Set([...held.open, ...held.ended]);
  const fresh = (list: readonly RequestSummary[]): readonly RequestSummary[] =>
    list.filter((request) => !placed.has(request.digest));
  return {
    open: [...kept(held.open), ...fresh(open)],
    ended: [...kept(held.ended), ...fresh(ended)],
  };
}

export type DeskOrder = { readonly open: readonly string[]; readonly ended: readonly string[] };

/** The next request that waits, in the order of the desk, after `digest` and then from the start. */
export function nextWaiting(
  requests: readonly RequestSummary[],
  digest: string | undefined,
): RequestSummary | undefined {
  const at = requests.findIndex((request) => request.digest === digest);
  return [...requests.slice(at + 1), ...requests.slice(0, Math.max(at, 0))].find(isWaiting);
}
