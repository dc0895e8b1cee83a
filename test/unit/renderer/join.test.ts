// Joining many messages is only quicker than applying one after the other: the contract's own function says what is right.

import { describe, expect, test } from 'vitest';
import { join, type Changed } from '../../../renderer/store/join.ts';
import { applyChanges } from '../../../shared/ipc/apply.ts';
import type { Change, RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import { FakeMain } from '../../kit/fake-bridge.ts';

const request = (index: number, title = 'run export.js'): RequestSummary => ({
  digest: `request ${index}`,
  requestId: '00'.repeat(16),
  index,
  title,
  target: 'export.js',
  reason: 'nightly',
  agent: 'night-agent',
  onBehalfOf: 'ada',
  guard: 'build-guard',
  host: 'ada-laptop',
  tier: 'medium',
  createdAt: '2026-11-22T01:00:00.000Z',
  expiresAt: '2026-11-22T01:10:00.000Z',
  stage: 'open',
  guardState: 'here',
  decisions: [],
});

/** Park and Miller's generator: the same for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function anyChange(random: (below: number) => number): Change {
  const index = random(40);
  const kind = random(10);
  if (kind < 6) return { what: 'request', value: request(index, `job ${random(1000)}`) };
  if (kind < 9) return { what: 'requestGone', digest: `request ${index}` };
  return { what: 'log', value: { size: random(1000) } };
}

function oneByOne(before: Snapshot, heard: readonly Changed[]): Snapshot {
  return heard.reduce((snapshot, { revision, changes }) => {
    const applied = applyChanges(snapshot, revision, changes);
    if (!('snapshot' in applied)) throw new Error('lost count');
    return applied.snapshot;
  }, before);
}

describe('joining', () => {
  test('comes to the same as one message after the other', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const random = randomOf(seed);
      const start = Array.from({ length: random(12) }, (_, n) => request(n * 3));
      const before: Snapshot = { ...new FakeMain().snapshot, requests: start };
      const heard = Array.from({ length: random(30) }, (_, n) => ({
        revision: before.revision + 1 + n,
        changes: Array.from({ length: random(4) }, () => anyChange(random)),
      }));
      expect(join(before, heard)).toEqual({ snapshot: oneByOne(before, heard) });
    }
  });

  test('nothing heard, or nothing new, is the same snapshot', () => {
    const before = new FakeMain().snapshot;
    expect(join(before, []).snapshot).toBe(before);
    expect(join(before, [{ revision: before.revision, changes: [] }]).snapshot).toBe(before);
  });

  test('stops at a gap and hands back what came after it', () => {
    const before = new FakeMain().snapshot;
    const [a, b, c] = [2, 4, 5].map((revision) => ({
      revision,
      changes: [{ what: 'request' as const, value: request(revision) }],
    }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three messages');
    const joined = join(before, [a, b, c]);
    expect(joined.snapshot.revision).toBe(2);
    expect(joined.rest).toEqual([c]);
  });
});
