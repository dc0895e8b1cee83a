// A window's mirror of main: by revision, without gaps, and with rows that never move.

import { describe, expect, test } from 'vitest';
import { applyChanges } from '../../../shared/ipc/apply.ts';
import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import { dice } from '../statement/view-samples.ts';

const AT = '2026-11-22T09:30:00.000Z';
const EMPTY: Snapshot = {
  revision: 4,
  host: 'browser',
  version: '0',
  key: { state: 'locked' },
  link: { state: 'starting' },
  log: { size: 0 },
  requests: [],
};
const row = (index: number, stage: RequestSummary['stage'] = 'open'): RequestSummary => ({
  digest: index.toString(16).padStart(64, '0'),
  requestId: '0'.repeat(32),
  index,
  title: '',
  target: '',
  reason: '',
  agent: 'a',
  onBehalfOf: 'm',
  guard: 'g',
  host: 'h',
  tier: 'medium',
  createdAt: AT,
  expiresAt: AT,
  stage,
  guardState: 'here',
  decisions: [],
});
const put = (index: number, stage?: RequestSummary['stage']) =>
  ({ what: 'request', value: row(index, stage) }) as const;

function applied(snapshot: Snapshot, ...changes: Parameters<typeof applyChanges>[2]): Snapshot {
  const next = applyChanges(snapshot, snapshot.revision + 1, changes);
  if (!('snapshot' in next)) throw new Error('the next revision applies');
  return next.snapshot;
}

describe('the mirror', () => {
  test('drops what it has and asks anew after a gap', () => {
    expect(applyChanges(EMPTY, 4, [put(1)])).toEqual({ stale: true });
    expect(applyChanges(EMPTY, 0, [put(1)])).toEqual({ stale: true });
    expect(applyChanges(EMPTY, 6, [put(1)])).toEqual({ gap: true });
    expect(applied(EMPTY, put(1)).revision).toBe(5);
  });

  test('applies every kind of change and never touches the snapshot it was given', () => {
    const frozen = Object.freeze({
      ...EMPTY,
      requests: Object.freeze([row(1)]) as RequestSummary[],
    });
    const next = applied(
      frozen,
      { what: 'person', value: { id: 'm', name: 'M', device: 'd', solo: true } },
      { what: 'key', value: { state: 'absent' } },
      { what: 'link', value: { state: 'online', since: AT } },
      { what: 'log', value: { size: 9 } },
      put(2),
      { what: 'requestGone', digest: row(1).digest },
    );
    expect(next).toMatchObject({
      person: { id: 'm' },
      key: { state: 'absent' },
      link: { state: 'online' },
      log: { size: 9 },
    });
    expect(next.requests.map((one) => one.index)).toEqual([2]);
  });

  test('a device that asks to join is there until it is said to be over', () => {
    const person = { id: 'm', name: 'M', device: 'd' };
    const value = { id: row(1).digest, words: 'w', person, state: 'waiting' } as const;
    const waits = applied(EMPTY, { what: 'joining', value });
    expect(waits.joining).toEqual(value);
    expect(applied(waits, { what: 'joining' })).toEqual({ ...EMPTY, revision: 6 });
  });

  test('1,000 random changes: rows stand by their place in the log, and a known row never moves', () => {
    const roll = dice(3);
    let now = EMPTY;
    for (let n = 0; n < 1000; n++) {
      const index = roll(60);
      const before = now.requests.map((one) => one.index);
      const gone = roll(4) === 0;
      now = applied(
        now,
        gone
          ? { what: 'requestGone', digest: row(index).digest }
          : put(index, roll(2) ? 'open' : 'ended'),
      );
      const after = now.requests.map((one) => one.index);
      expect(after).toEqual([...after].toSorted((a, b) => a - b));
      const stayed = before.filter((one) => after.includes(one));
      expect(after.filter((one) => before.includes(one))).toEqual(stayed);
    }
  });
});
