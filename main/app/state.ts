// The one value that every surface mirrors, and its revision. Who listens gets each change once, in order.

import type { Change, Snapshot } from '../../shared/ipc/snapshot.ts';
import { applyChanges } from '../../shared/ipc/apply.ts';
import { invariant } from '../../shared/result.ts';

/** The contract's events, by channel name. */
export type Tell = (
  event: 'app.changed' | 'app.raised' | 'history.exported' | 'history.verifying',
  payload: unknown,
) => void;

export type AppState = {
  readonly snapshot: () => Snapshot;
  /** Drops changes that change nothing, so that a repeated cause makes no noise. */
  readonly change: (...changes: readonly Change[]) => void;
  readonly listen: (tell: Tell) => () => void;
  readonly listeners: () => number;
  /** Asks every surface to come forward, on this request. */
  readonly raise: (request?: string) => void;
  /** What passes and is no part of the snapshot. */
  readonly tell: Tell;
};

export function openState(initial: Omit<Snapshot, 'revision'>): AppState {
  let snapshot: Snapshot = { revision: 0, ...initial };
  const tells = new Set<Tell>();
  return {
    snapshot: () => snapshot,
    change: (...changes) => {
      const real = changes.filter((change) => !isSame(snapshot, change));
      if (real.length === 0) return;
      const applied = applyChanges(snapshot, snapshot.revision + 1, real);
      invariant('snapshot' in applied, 'main applies its own changes in order');
      snapshot = applied.snapshot;
      for (const tell of tells) tell('app.changed', { revision: snapshot.revision, changes: real });
    },
    listen: (tell) => {
      tells.add(tell);
      return () => tells.delete(tell);
    },
    listeners: () => tells.size,
    raise: (request) => {
      for (const tell of tells) tell('app.raised', request === undefined ? {} : { request });
    },
    tell: (event, payload) => {
      for (const tell of tells) tell(event, payload);
    },
  };
}

function isSame(snapshot: Snapshot, change: Change): boolean {
  if (change.what === 'requestGone')
    return !snapshot.requests.some((request) => request.digest === change.digest);
  const current =
    change.what === 'request'
      ? snapshot.requests.find((request) => request.digest === change.value.digest)
      : snapshot[change.what];
  return JSON.stringify(current) === JSON.stringify(change.value);
}
