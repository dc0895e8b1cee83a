// What time does, moved by hand: guards that go and come back, requests that nobody answers, silence, and a log that
// was damaged while nobody looked.

import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromB64, utf8 } from '../../shared/bytes.ts';
import { toB64 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Ending } from '../../shared/statement/followups.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { openCheckpoint } from '../../main/trust/checkpoint.ts';
import { publicKeyOf } from '../../main/trust/ed25519.ts';
import { parseEnvelope, verifyEnvelope } from '../../main/trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  endingBy,
  type HandTime,
  makeOrg,
  noticeBy,
  type Org,
  requestBy,
  type Signed,
} from '../kit/wire-world.ts';

let org: Org;
let here: Visit;
let time: HandTime;
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
  time = here.house.time;
});
afterEach(() => here.leave());

async function opened(guard: WireClient, ttlMs = 3_600_000): Promise<Signed> {
  const request = requestBy(org.guard, time, { ttlMs });
  expect(await guard.ask('request', { envelope: request.envelope })).toBeTypeOf('number');
  return request;
}

/** The ending at `index`, as a reviewer's app got it. */
async function endingAt(reviewer: WireClient, index: number): Promise<Ending> {
  await reviewer.leaf(index);
  const payload = fromB64(reviewer.leaves().get(index)?.payload ?? '') ?? new Uint8Array(0);
  const ending = decodeStatement('ending', payload);
  if (!ending.ok) throw new Error(`leaf ${index} is no ending`);
  return ending.value;
}
const agentIs = (reviewer: WireClient, state: 'here' | 'gone', since?: string) =>
  reviewer.wait(
    'agent',
    ({ body }) => body.state === state && (since ?? body.since) === body.since,
  );

describe('a guard that goes', () => {
  test('is told of at once, and its request is withdrawn by the log key after thirty seconds', async () => {
    const guard = await here.asGuard();
    const reviewer = await here.asReviewer();
    const request = await opened(guard);
    await agentIs(reviewer, 'here');
    guard.close();
    await agentIs(reviewer, 'gone', time.iso());
    time.advance(LIMITS.agentGoneMs);
    const ending = await endingAt(reviewer, 2);
    expect(ending).toMatchObject({
      request: request.sha256,
      how: 'withdrawn',
      who: { role: 'broker', id: 'broker', keyId: org.broker.log.keyId },
    });
    const decision = decisionBy(org.alice, time, request.sha256);
    expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe('notOpen');
  });

  test.each([
    ['approve', 'withdrawn', 'whether it ran is not known'],
    ['deny', 'denied', 'A person denied it'],
  ] as const)(
    'after its request was decided (%s) has it ended as %s, and nothing untrue said',
    async (verdict, how, says) => {
      const guard = await here.asGuard();
      const reviewer = await here.asReviewer();
      const request = await opened(guard);
      const decision = decisionBy(org.alice, time, request.sha256, { verdict });
      expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe(2);
      guard.close();
      await agentIs(reviewer, 'gone');
      time.advance(LIMITS.agentGoneMs);
      const ending = await endingAt(reviewer, 3);
      expect(ending).toMatchObject({ how, decisions: [decision.sha256] });
      expect(ending.guidance).toContain(says);
    },
  );

  test('and comes back in time keeps its request', async () => {
    const first = await here.asGuard();
    const reviewer = await here.asReviewer();
    const request = await opened(first);
    first.close();
    await agentIs(reviewer, 'gone');
    time.advance(LIMITS.agentGoneMs - 1);
    const second = await here.asGuard();
    await second.ask('request', { envelope: request.envelope });
    await agentIs(reviewer, 'here', time.iso());
    time.advance(1000);
    const decision = decisionBy(org.alice, time, request.sha256);
    expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe(2);
    expect((await second.wait('entry')).body.envelope).toBe(decision.envelope);
  });

  test('takes only its own requests with it', async () => {
    const [one, two] = [await here.asGuard(), await here.asGuard()];
    const reviewer = await here.asReviewer();
    const mine = await opened(one);
    const theirs = await opened(two);
    one.close();
    const gone = await agentIs(reviewer, 'gone');
    expect(gone.body.request).toBe(mine.sha256);
    time.advance(LIMITS.agentGoneMs);
    expect((await endingAt(reviewer, 3)).request).toBe(mine.sha256);
    const decision = decisionBy(org.alice, time, theirs.sha256);
    expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe(4);
  });

  test('is gone after a restart of the broker until it asks again', async () => {
    const guard = await here.asGuard();
    await opened(guard);
    await here.house.restart();
    const reviewer = await here.asReviewer();
    await agentIs(reviewer, 'gone');
    time.advance(LIMITS.agentGoneMs);
    expect((await endingAt(reviewer, 2)).how).toBe('withdrawn');
  });

  test('hears of the ending when it asks again too late', async () => {
    const guard = await here.asGuard();
    const reviewer = await here.asReviewer();
    const request = await opened(guard);
    guard.close();
    await agentIs(reviewer, 'gone');
    time.advance(LIMITS.agentGoneMs);
    await reviewer.leaf(2);
    const late = await here.asGuard();
    expect(await late.ask('request', { envelope: request.envelope })).toBe(1);
    const { body } = await late.wait('entry');
    const envelope = parseEnvelope(utf8(body.envelope), ENVELOPE_LIMITS.ending);
    expect(envelope.ok && verifyEnvelope(envelope.value, publicKeyOf(org.broker.log))).toBe(true);
  });
});

describe('a request that nobody answers', () => {
  test('is ended by the broker two seconds after its time: unseen', async () => {
    const guard = await here.asGuard();
    const reviewer = await here.asReviewer();
    const request = await opened(guard, 5000);
    const delivered = noticeBy(org.alice, time, request.sha256, 'delivered');
    await reviewer.ask('notice', { envelope: delivered.envelope });
    time.advance(5000 + LIMITS.expiryGraceMs - 1);
    expect(reviewer.leaves().size).toBe(2);
    time.advance(1);
    expect((await endingAt(reviewer, 2)).how).toBe('expiredUnseen');
    expect((await guard.wait('entry')).body.index).toBe(2);
  });

  test.each(['shown', 'opened'] as const)(
    'is ended as seen where it was %s, a restart or not',
    async (what) => {
      const guard = await here.asGuard();
      const reviewer = await here.asReviewer();
      const request = await opened(guard, 5000);
      await reviewer.ask('notice', {
        envelope: noticeBy(org.alice, time, request.sha256, what).envelope,
      });
      await here.house.restart();
      const again = await here.asReviewer();
      time.advance(7000);
      expect((await endingAt(again, what === 'opened' ? 3 : 2)).how).toBe('expiredSeen');
    },
  );

  test('is not ended twice where its guard was quick enough', async () => {
    const guard = await here.asGuard();
    const reviewer = await here.asReviewer();
    const request = await opened(guard, 5000);
    time.advance(5000);
    const ending = endingBy(org.guard, time, request.sha256, { how: 'expiredUnseen' });
    expect(await guard.ask('ending', { envelope: ending.envelope })).toBe(2);
    time.advance(20_000);
    expect((await endingAt(reviewer, 2)).who.role).toBe('guard');
    expect(await guard.ask('request', { envelope: requestBy(org.guard, time).envelope })).toBe(3);
  });
});

describe('checkpoints', () => {
  const sizes = (reviewer: WireClient): number[] =>
    reviewer.heard.flatMap((one) => {
      if (one.t !== 'checkpoint') return [];
      const head = openCheckpoint(one.body.note, org.vkey);
      return head.ok ? [head.value.size] : [];
    });

  test('come at once when the last is old, else when 200 ms are over, and for a decision at once', async () => {
    const reviewer = await here.asReviewer();
    const guard = await here.asGuard();
    time.advance(1000);
    const first = await opened(guard);
    await opened(guard);
    await reviewer.leaf(2);
    expect(sizes(reviewer)).toEqual([1, 2]);
    time.advance(200);
    await reviewer.wait('checkpoint', ({ body }) => body.note.startsWith('log.test/1\n3\n'));
    const decision = decisionBy(org.alice, time, first.sha256);
    await reviewer.ask('decision', { envelope: decision.envelope });
    await reviewer.wait('checkpoint', ({ body }) => body.note.startsWith('log.test/1\n4\n'));
  });
});

describe('a damaged log', () => {
  const damage = (sql: string): void => {
    const db = new Database(here.house.logPath);
    db.exec(sql);
    db.close();
  };

  test('stops the signatures of a running broker, loudly, and it takes nothing more', async () => {
    const guard = await here.asGuard();
    const reviewer = await here.asReviewer();
    time.advance(1000);
    const request = await opened(guard);
    await opened(guard);
    damage("update leaves set leaf = cast('x' as blob) where idx = 2");
    time.advance(200);
    expect(here.house.alarms).toHaveLength(1);
    expect(here.house.alarms[0]).toContain('read-only');
    const decision = decisionBy(org.alice, time, request.sha256);
    expect(await reviewer.ask('decision', { envelope: decision.envelope })).toBe('readOnly');
    expect(
      reviewer.heard.some((one) => one.t === 'checkpoint' && one.body.note.includes('\n3\n')),
    ).toBe(false);
  });

  test('that was cut short while the broker was down is read and never signed again', async () => {
    const guard = await here.asGuard();
    await opened(guard);
    await here.house.broker.stop();
    damage('delete from leaves where idx = 1; delete from requests');
    await here.house.restart();
    expect(here.house.alarms[0]).toContain('shorter');
    const again = await here.asGuard();
    expect(await again.ask('request', { envelope: requestBy(org.guard, time).envelope })).toBe(
      'readOnly',
    );
    const reviewer = await here.asReviewer();
    await reviewer.leaf(0);
  });

  test('with a leaf missing in the middle is not sent past the gap', async () => {
    const guard = await here.asGuard();
    for (let i = 0; i < 3; i++) await opened(guard);
    damage('delete from leaves where idx = 2');
    const reviewer = await here.asReviewer();
    expect((await reviewer.ended).reason).toBe('readOnly');
    expect([...reviewer.leaves().keys()]).toEqual([0, 1]);
  });
});

test('parts of an attachment whose request never came are dropped while the broker runs', async () => {
  const part = toB64(new Uint8Array(1000));
  const chunk = { sha256: 'a'.repeat(64), size: 3000, bytes: part };
  const guard = await here.asGuard();
  expect(await guard.ask('chunk', { ...chunk, offset: 0 })).toBe('kept');
  const soon = await here.asGuard();
  expect(await soon.ask('chunk', { ...chunk, offset: 1000 })).toBe('kept');
  time.advance(2 * 3600 * 1000);
  const late = await here.asGuard();
  expect(await late.ask('chunk', { ...chunk, offset: 2000 })).toBe('attachmentMissing');
});
