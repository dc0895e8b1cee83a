// The app's state in this process, kept by revision: changes in order, a fresh snapshot after a gap.

import { applyChanges } from '../../../shared/ipc/apply.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import type { Snapshot } from '../../../shared/ipc/snapshot.ts';

export type Mirror = { readonly now: () => Snapshot; readonly stop: () => void };

export async function mirrorOf(
  bridge: Bridge,
  onChange: (before: Snapshot, after: Snapshot) => void,
): Promise<Mirror> {
  // Listening starts first: what happens while the snapshot is on its way is in it or comes after it.
  let current: Snapshot | undefined;
  const move = (next: Snapshot): void => {
    const before = current;
    if (before !== undefined && next.revision <= before.revision) return;
    current = next;
    if (before !== undefined) onChange(before, next);
  };
  const fetch = async (): Promise<Snapshot> => {
    const fresh = await bridge.app.snapshot({});
    move(fresh);
    return fresh;
  };
  const stop = bridge.app.changed(({ revision, changes }) => {
    if (current === undefined) return;
    const applied = applyChanges(current, revision, changes);
    if ('snapshot' in applied) move(applied.snapshot);
    // A failed fetch means that the app has gone, which whoever called us hears of by itself.
    if ('gap' in applied) void fetch().catch(() => {});
  });
  const first = await fetch();
  return { now: () => current ?? first, stop };
}
