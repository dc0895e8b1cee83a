// What a leaf adds to the history: nothing unverified, nothing its signer may not say, no secret among the words.

import { describe, expect, test } from 'vitest';
import { markOf, requestMark } from '../../../main/app/history-mark.ts';
import type { OpenedLeaf } from '../../../main/app/open-leaf.ts';
import { EXEC, HTTP, MCP, requestOf, TOOL } from '../statement/view-samples.ts';

const AT = '2026-11-22T09:30:00.000Z';
const request = requestOf(EXEC);
type Signer = Partial<NonNullable<OpenedLeaf['signer']>>;

/** As openLeaf gives it; the parts that a mark reads. */
function opened(spoken: unknown, signer: Signer, changes: Partial<OpenedLeaf> = {}): OpenedLeaf {
  const keyId = request.guard.keyId;
  // Only what markOf reads.
  return {
    index: 1,
    leaf: { payloadSha256: 'ab'.repeat(32) },
    keyId,
    signer,
    signature: 'verified',
    spoken,
    ...changes,
  } as unknown as OpenedLeaf;
}
const GUARD: Signer = { kind: 'guard', id: 'guard-1', use: 'guard' };
const { keyId } = request.guard;

describe('a request', () => {
  const says = { type: 'request', says: request };
  test('of its own guard has its names and its words', () => {
    expect(markOf(opened(says, GUARD))).toMatchObject({
      what: 'request',
      kind: 'exec',
      target: 'export.js',
      agent: 'claude-code',
      person: 'maya',
      host: 'build-7',
      tier: 'medium',
      at: Date.parse(request.createdAt),
    });
  });
  test('of another guard, another key, an unfitting signature or without a body adds nothing', () => {
    expect(markOf(opened(says, { ...GUARD, id: 'guard-2' }))).toBeUndefined();
    expect(markOf(opened(says, GUARD, { keyId: 'f'.repeat(64) }))).toBeUndefined();
    expect(markOf(opened(says, GUARD, { signature: 'failed' }))).toBeUndefined();
    expect(markOf(opened(says, GUARD, { signature: 'unknownKey' }))).toBeUndefined();
    expect(markOf(opened(undefined, GUARD))).toBeUndefined();
  });
  test('its words hold what was to run and no environment value, no secret, no narrative', () => {
    const { words } = requestMark(requestOf(EXEC, { narrative: 'trust me' }));
    expect(words.action).toContain('export.js customers');
    expect(words.action).toContain('/srv/export');
    const all = JSON.stringify(words);
    for (const hidden of [
      'DB_PASSWORD',
      'EXPORT_TABLE',
      '/usr/bin:/bin',
      'trust me',
      '03'.repeat(32),
    ])
      expect(all).not.toContain(hidden);
  });
  test('hidden characters are indexed as the card shows them; attachments are not', () => {
    const argv = ['node', 'a\u202eb', { attachment: 'c'.repeat(64), size: 9000 }];
    const { words } = requestMark(requestOf({ ...EXEC, argv }));
    expect(words.action).not.toContain('\u202e');
    expect(words.action).not.toContain('cccc');
  });
  test.each([
    [MCP, 'delete_folder'],
    [HTTP, '/v1/users/7'],
    [TOOL, '["ls"]'],
  ])('%o can be found by what it does', (action, word) => {
    expect(requestMark(requestOf(action)).words.action).toContain(word);
  });
});

describe('what comes after', () => {
  const ending = (how: string, who = keyId) => ({
    type: 'ending',
    says: { request: 'r', how, who: { role: 'guard', id: 'guard-1', keyId: who }, at: AT },
  });
  test("the log's own key ends in a refusal only", () => {
    const log: Signer = { kind: 'broker', id: 'broker', use: 'log' };
    expect(markOf(opened(ending('expiredSeen'), log))).toMatchObject({
      how: 'expiredSeen',
      guard: undefined,
    });
    expect(markOf(opened(ending('approved'), log))).toBeUndefined();
    expect(markOf(opened(ending('approvedWithChanges'), log))).toBeUndefined();
    expect(markOf(opened(ending('approved'), GUARD))).toMatchObject({
      how: 'approved',
      guard: 'guard-1',
    });
    expect(markOf(opened(ending('approved', 'e'.repeat(64)), GUARD))).toBeUndefined();
  });
  test('a decision counts for whom the keyring says its key is', () => {
    const decision = (by: string) => ({
      type: 'decision',
      says: { verdict: 'deny', issuedAt: AT, reviewer: { id: 'somebody', keyId: by, seq: 4 } },
    });
    const noor: Signer = { kind: 'reviewer', id: 'noor', use: 'decision' };
    expect(markOf(opened(decision(keyId), noor))).toMatchObject({
      reviewer: 'noor',
      verdict: 'deny',
      seq: 4,
    });
    expect(markOf(opened(decision('e'.repeat(64)), noor))).toBeUndefined();
  });
  test('of the notices only opened, by its own key; a receipt only of its guard', () => {
    const notice = (what: string, by = keyId) => ({
      type: 'notice',
      says: { what, by: { id: 'x', keyId: by } },
    });
    const noor: Signer = { kind: 'reviewer', id: 'noor', use: 'session' };
    expect(markOf(opened(notice('opened'), noor))).toEqual({ what: 'opened', reviewer: 'noor' });
    expect(markOf(opened(notice('snoozed'), noor))).toBeUndefined();
    expect(markOf(opened(notice('opened', 'e'.repeat(64)), noor))).toBeUndefined();
    const receipt = {
      type: 'receipt',
      says: { state: 'finished', exit: { code: 3 }, guard: { id: 'guard-1', keyId } },
    };
    expect(markOf(opened(receipt, GUARD))).toEqual({
      what: 'receipt',
      guard: 'guard-1',
      state: 'finished',
      exit: '3',
    });
    expect(markOf(opened(receipt, { ...GUARD, id: 'guard-2' }))).toBeUndefined();
  });
});
