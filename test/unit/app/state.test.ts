// The one value that every surface mirrors: each change once, in order, and nothing for a change that changes nothing.

import { expect, test } from 'vitest';
import { openState } from '../../../main/app/state.ts';
import { applyChanges } from '../../../shared/ipc/apply.ts';
import type { Change, Snapshot } from '../../../shared/ipc/snapshot.ts';

const INITIAL = {
  host: 'browser',
  version: '0',
  key: { state: 'locked' },
  link: { state: 'starting' },
  log: { size: 0 },
  requests: [],
} as const satisfies Omit<Snapshot, 'revision'>;

type Told = { readonly revision: number; readonly changes: readonly Change[] };

test('a listener that applies what it is told has what main has', () => {
  const state = openState(INITIAL);
  let mirror = state.snapshot();
  const stop = state.listen((event, payload) => {
    if (event !== 'app.changed') return;
    // What the app tells by this name.
    const told = payload as Told;
    const applied = applyChanges(mirror, told.revision, told.changes);
    if (!('snapshot' in applied)) throw new Error('a gap');
    mirror = applied.snapshot;
  });
  state.change({ what: 'log', value: { size: 1 } }, { what: 'key', value: { state: 'absent' } });
  state.change({ what: 'log', value: { size: 2 } });
  expect(mirror).toEqual(state.snapshot());
  expect(mirror.revision).toBe(2);
  stop();
  expect(state.listeners()).toBe(0);
  state.change({ what: 'log', value: { size: 3 } });
  expect(mirror.log.size).toBe(2);
});

test('a change that changes nothing makes no noise', () => {
  const state = openState(INITIAL);
  const told: unknown[] = [];
  state.listen((event) => told.push(event));
  state.change({ what: 'log', value: { size: 0 } });
  state.change({ what: 'requestGone', digest: 'a'.repeat(64) });
  expect(told).toEqual([]);
  expect(state.snapshot().revision).toBe(0);
  state.raise();
  expect(told).toEqual(['app.raised']);
});
