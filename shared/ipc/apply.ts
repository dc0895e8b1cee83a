// Mirrors main's state in a window: one change after the other, by revision. A gap asks for a new snapshot.

import type { Change, Snapshot } from './snapshot.ts';

export type Applied =
  | { readonly snapshot: Snapshot }
  | { readonly stale: true }
  | { readonly gap: true };

export function applyChanges(
  snapshot: Snapshot,
  revision: number,
  changes: readonly Change[],
): Applied {
  if (revision <= snapshot.revision) return { stale: true };
  if (revision !== snapshot.revision + 1) return { gap: true };
  return { snapshot: { ...changes.reduce(applyChange, snapshot), revision } };
}

function applyChange(snapshot: Snapshot, change: Change): Snapshot {
  switch (change.what) {
    case 'person':
      return { ...snapshot, person: change.value };
    case 'key':
      return { ...snapshot, key: change.value };
    case 'link':
      return { ...snapshot, link: change.value };
    case 'log':
      return { ...snapshot, log: change.value };
    case 'grants':
      return { ...snapshot, grants: change.value };
    case 'reach':
      return { ...snapshot, reach: change.value };
    case 'onCall':
      return { ...snapshot, onCall: change.value };
    case 'joining': {
      const { joining: _joining, ...rest } = snapshot;
      return change.value === undefined ? rest : { ...rest, joining: change.value };
    }
    case 'request':
      return { ...snapshot, requests: putRequest(snapshot.requests, change.value) };
    case 'requestGone':
      return {
        ...snapshot,
        requests: snapshot.requests.filter((request) => request.digest !== change.digest),
      };
  }
}

/** In place where it is known, so that rows never shift; else at its log index. */
function putRequest(
  requests: Snapshot['requests'],
  request: Snapshot['requests'][number],
): Snapshot['requests'] {
  const at = requests.findIndex((one) => one.digest === request.digest);
  if (at >= 0) return requests.with(at, request);
  const after = requests.findIndex((one) => one.index > request.index);
  return after < 0 ? [...requests, request] : requests.toSpliced(after, 0, request);
}
