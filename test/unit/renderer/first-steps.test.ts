import { describe, expect, test } from 'vitest';
import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import { firstSteps } from '../../../renderer/views/desk/first-steps.ts';

const decided = (verdict: 'approve' | 'deny'): RequestSummary => ({
  digest: verdict,
  requestId: 'ab'.repeat(16),
  index: 0,
  title: '',
  target: '',
  reason: '',
  agent: '',
  onBehalfOf: '',
  guard: '',
  host: '',
  tier: 'low',
  createdAt: '2026-11-22T01:00:00.000Z',
  expiresAt: '2026-11-22T01:10:00.000Z',
  stage: 'decided',
  guardState: 'here',
  decisions: [
    {
      sha256: '00'.repeat(32),
      verdict,
      reviewer: 'Ada',
      presence: 'click',
      at: '2026-11-22T01:01:00.000Z',
    },
  ],
});

const snapshot = (part: Partial<Snapshot>): Snapshot => ({
  revision: 1,
  host: 'browser',
  version: '0.1.0',
  person: { id: 'ada', name: 'Ada', device: 'laptop', solo: true },
  key: { state: 'locked' },
  link: { state: 'online', since: '2026-11-22T01:00:00.000Z' },
  log: { size: 10 },
  requests: [],
  ...part,
});

describe('the first run', () => {
  test('is ticked off by decisions in the log', () => {
    expect(firstSteps(snapshot({}))).toEqual({ approved: false, denied: false });
    expect(firstSteps(snapshot({ requests: [decided('approve')] }))).toEqual({
      approved: true,
      denied: false,
    });
  });

  test('is over once both decisions are made', () => {
    expect(
      firstSteps(snapshot({ requests: [decided('approve'), decided('deny')] })),
    ).toBeUndefined();
  });

  test('is not shown to a team, nor on a desk that is in use', () => {
    const person = { id: 'ada', name: 'Ada', device: 'laptop', solo: false };
    expect(firstSteps(snapshot({ person }))).toBeUndefined();
    expect(firstSteps(snapshot({ log: { size: 1000 } }))).toBeUndefined();
    const many = Array.from({ length: 6 }, () => decided('approve'));
    expect(firstSteps(snapshot({ requests: many }))).toBeUndefined();
  });
});
