// Main's state as the window knows it: read-only, by revision. A stale change is dropped, a gap fetches a new snapshot;
// while one is being fetched, changes wait and are then applied on top of it. The first change after a quiet frame is shown
// at once; those that follow in the same frame are joined into one update, in main's order.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Snapshot } from '../../shared/ipc/snapshot.ts';
import type { Wire, WireState } from '../socket-wire.ts';
import { type Changed, join } from './join.ts';
import { nextFrame } from './next-frame.ts';

export type Mirror = {
  readonly wire: WireState;
  /** Absent until main has answered once; stays while the wire is lost. */
  readonly snapshot: Snapshot | undefined;
};

/** `frame`: calls back once, when the next frame is drawn or would be. */
export function createMirror(
  wire: Wire,
  frame: (then: () => void) => void = (then) => nextFrame(then),
): {
  readonly store: StoreApi<Mirror>;
  readonly start: () => () => void;
} {
  const store = createStore<Mirror>(() => ({ wire: wire.state(), snapshot: undefined }));
  let queue: Changed[] = [];
  let booked = false;
  let fetching = false;

  const hear = (changed: Changed): void => {
    queue.push(changed);
    if (booked) return;
    settle();
    book();
  };

  /** While changes keep coming there is one update a frame. */
  const book = (): void => {
    booked = true;
    frame(() => {
      booked = false;
      if (queue.length === 0 || fetching) return;
      settle();
      book();
    });
  };

  /** Everything heard so far, as one update. `before`: a snapshot that has just been fetched. */
  const settle = (before = store.getState().snapshot): void => {
    if (fetching) return;
    // Without a snapshot there is nothing to apply them to: the one that will be fetched has them.
    const { snapshot, rest } = before === undefined ? {} : join(before, queue);
    queue = rest ?? [];
    if (snapshot !== store.getState().snapshot) store.setState({ snapshot });
    if (rest !== undefined) void fetchSnapshot();
  };

  const fetchSnapshot = async (): Promise<void> => {
    if (fetching) return;
    fetching = true;
    let fetched: Snapshot | undefined;
    try {
      fetched = await wire.bridge.app.snapshot({});
    } catch {
      // The wire went away meanwhile; its return fetches again.
      queue = [];
    }
    fetching = false;
    if (fetched !== undefined) settle(fetched);
  };

  const start = (): (() => void) => {
    const ends = [
      wire.bridge.app.changed(hear),
      // Whoever is told next that a request was raised finds it here.
      wire.bridge.app.raised(() => settle()),
      wire.listen((state) => {
        settle();
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
