// Main's state as the window knows it: read-only, by revision. A stale change is dropped, a gap fetches a new snapshot;
// while one is being fetched, changes wait and are then applied on top of it.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { applyChanges } from '../../shared/ipc/apply.ts';
import type { Change, Snapshot } from '../../shared/ipc/snapshot.ts';
import type { Wire, WireState } from '../socket-wire.ts';

export type Mirror = {
  readonly wire: WireState;
  /** Absent until main has answered once; stays while the wire is lost. */
  readonly snapshot: Snapshot | undefined;
};

type Changed = { readonly revision: number; readonly changes: readonly Change[] };

export function createMirror(wire: Wire): {
  readonly store: StoreApi<Mirror>;
  readonly start: () => () => void;
} {
  const store = createStore<Mirror>(() => ({ wire: wire.state(), snapshot: undefined }));
  let waiting: Changed[] | undefined;

  const apply = (changed: Changed): void => {
    const { snapshot } = store.getState();
    if (waiting !== undefined) waiting.push(changed);
    if (waiting !== undefined || snapshot === undefined) return;
    const applied = applyChanges(snapshot, changed.revision, changed.changes);
    if ('snapshot' in applied) store.setState({ snapshot: applied.snapshot });
    else if ('gap' in applied) void fetchSnapshot();
  };

  const fetchSnapshot = async (): Promise<void> => {
    if (waiting !== undefined) return;
    waiting = [];
    try {
      store.setState({ snapshot: await wire.bridge.app.snapshot({}) });
    } catch {
      // The wire went away meanwhile; its return fetches again.
      waiting = undefined;
      return;
    }
    const late = waiting;
    waiting = undefined;
    for (const changed of late) apply(changed);
  };

  const start = (): (() => void) => {
    const ends = [
      wire.bridge.app.changed(apply),
      wire.listen((state) => {
        store.setState({ wire: state });
        if (state === 'open') void fetchSnapshot();
      }),
    ];
    if (wire.state() === 'open') void fetchSnapshot();
    return () => {
      for (const end of ends) end();
    };
  };

  return { store, start };
}
