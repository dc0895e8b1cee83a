// The gate between several people, keyrings and clocks: what counts, what counts once, and what ends it at once.

import { afterEach, describe, expect, test } from 'vitest';
import { fromUtf8 } from '../../../shared/bytes.ts';
import type { Need, Request } from '../../../shared/statement/request.ts';
import { decide, openStage, type Row, say, type Stage, TTL_MS } from '../../kit/gate-stage.ts';
import { nextKeyring } from '../../kit/guard-world.ts';
import type { Timers } from '../../../main/link/ports.ts';

const stages: Stage[] = [];
afterEach(() => {
  for (const stage of stages.splice(0)) stage.world.remove();
});
const open = async (row: Row = {}, timers?: Timers): Promise<Stage> => {
  const stage = await openStage(row, timers);
  stages.push(stage);
  return stage;
};

const needing =
  (...needs: readonly Need[]) =>
  (request: Request): Request => ({ ...request, policy: { ...request.policy, needs: [...needs] } });
const TWO_PEOPLE: readonly Need[] = [{ group: 'anyone', count: 2 }];
const TWO: Row = { request: needing(...TWO_PEOPLE) };
const bob: Row = { who: (keys) => keys.bob };
const denies: Row = { ...bob, decision: (d) => ({ ...d, verdict: 'deny' }) };

/** Everything that was in the air has been dealt with. */
const settled = async (stage: Stage): Promise<string> => {
  const idle = new Promise<string>((resolve) => setImmediate(() => resolve('waiting')));
  const answer = stage.gate.answer.then((how) => (how.how === 'refused' ? how.code : how.how));
  return Promise.race([answer, idle]);
};
const what = (stage: Stage): string[] => stage.told.map((event) => event.what);

describe('a quorum of two', () => {
  test('is two people', async () => {
    const stage = await open(TWO);
    say(stage, decide(stage));
    expect(await settled(stage)).toBe('waiting');
    expect(what(stage)).toContain('partly');
    say(stage, decide(stage, bob));
    const answer = await stage.gate.answer;
    expect(answer.how === 'approved' && answer.decisions.map((one) => one.signer.id)).toEqual([
      'alice',
      'bob',
    ]);
  });

  test('is not one person twice, even at the same moment', async () => {
    const stage = await open(TWO);
    const [one, two] = [decide(stage), decide(stage)];
    say(stage, one);
    say(stage, two);
    expect(await settled(stage)).toBe('waiting');
    expect(what(stage)).toContain('countsOnce');
  });

  test('hears the same approval again without counting it or judging its age', async () => {
    const ttlMs = 10 * TTL_MS;
    const stage = await open({ request: (r) => needing(...TWO_PEOPLE)({ ...r, ttlMs }) });
    const entry = decide(stage);
    say(stage, entry);
    await settled(stage);
    const before = [...stage.told];
    // A guard that was cut off hears all of it again, and by then its signature is three minutes old.
    stage.clock.wall += 180_000;
    say(stage, entry);
    expect(await settled(stage)).toBe('waiting');
    expect(stage.told).toEqual(before);
  });

  test('loses an approval whose key a newer keyring ends before it', async () => {
    const stage = await open(TWO);
    const first = decide(stage);
    say(stage, first);
    await settled(stage);
    const { keyring, keys } = stage.world;
    const reviewers = keyring.reviewers.map((one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.keyId === keys.alice.decision.keyId ? { ...key, untilIndex: first.index } : key,
      ),
    }));
    const envelope = fromUtf8(nextKeyring(stage.world, { reviewers }));
    stage.gate.take({ t: 'keyring', body: { envelope } });
    expect(stage.world.identity.trust().keyring.keyring.version).toBe(2);
    say(stage, decide(stage, bob));
    expect(await settled(stage)).toBe('waiting');
    expect(what(stage).filter((event) => event === 'partly')).toHaveLength(2);
  });
});

describe('a denial', () => {
  test('ends it at once, while the proof of an approval is still asked for', async () => {
    const stage = await open({ prove: () => undefined });
    say(stage, decide(stage));
    say(stage, decide(stage, denies));
    expect(await settled(stage)).toBe('denied');
  });

  test('needs no place in the log, no proof and no clock', async () => {
    const stage = await open();
    stage.clock.wall += TTL_MS;
    const { note: _, ...entry } = decide(stage, denies);
    say(stage, { ...entry, note: '', proof: [], index: 10_000 });
    expect(await settled(stage)).toBe('denied');
  });

  test.each([
    [
      'of somebody who is not asked',
      { ...denies },
      needing({ group: 'ops', count: 1 }),
      'notAllowed',
    ],
    [
      'of another request',
      { decision: (d) => ({ ...d, verdict: 'deny', request: '0'.repeat(64) }) },
      undefined,
      'otherRequest',
    ],
    [
      'by a session key',
      {
        signer: (keys) => keys.alice.session,
        decision: (d, { world }) => ({
          ...d,
          verdict: 'deny',
          reviewer: { ...d.reviewer, keyId: world.keys.alice.session.keyId },
        }),
      },
      undefined,
      'wrongKeyUse',
    ],
    [
      'that another signed',
      { signer: (keys) => keys.bob.decision, decision: (d) => ({ ...d, verdict: 'deny' }) },
      undefined,
      'wrongSigner',
    ],
  ] as [string, Row, Row['request'], string][])(
    '%s is no denial',
    async (_, row, request, code) => {
      const stage = await open(request ? { request } : {});
      say(stage, decide(stage, row));
      expect(await settled(stage)).toBe(code);
    },
  );
});

test('an approval counts no more once it is withdrawn, though its proof comes in time', async () => {
  const stage = await open();
  say(stage, decide(stage));
  stage.gate.withdraw();
  expect((await stage.gate.answer).how).toBe('withdrawn');
});

test('an approval is judged again after the proof: the deadline may have passed meanwhile', async () => {
  const stage = await open({
    prove: (first, second, { clock, log }) => {
      clock.mono += TTL_MS;
      return log.consistency(first, second);
    },
  });
  say(stage, decide(stage));
  expect(await settled(stage)).toBe('requestExpired');
});

test('a key that is revoked while the proof is asked for no longer approves', async () => {
  const stage = await open({
    prove: (first, second, { gate, log, world }) => {
      const reviewers = world.keyring.reviewers.filter((one) => one.id !== 'alice');
      const envelope = fromUtf8(nextKeyring(world, { reviewers }));
      gate.take({ t: 'keyring', body: { envelope } });
      return log.consistency(first, second);
    },
  });
  say(stage, decide(stage));
  expect(await settled(stage)).toBe('unknownKey');
});

test('an entry about another request is nothing', async () => {
  const stage = await open();
  say(stage, { ...decide(stage), request: '0'.repeat(64) });
  expect(await settled(stage)).toBe('waiting');
});

describe('time', () => {
  /** Timers that a test fires by their length. */
  const handTimers = () => {
    const set = new Map<number, () => void>();
    const timers: Timers = {
      after: (ms, act) => {
        set.set(ms, act);
        return () => set.delete(ms);
      },
    };
    return { timers, set };
  };

  test('the deadline is the earlier of both clocks', async () => {
    const { timers, set } = handTimers();
    const stage = await open({}, timers);
    expect([...set.keys()]).toContain(TTL_MS);
    set.get(TTL_MS)?.();
    expect(await stage.gate.answer).toEqual({ how: 'expired', seen: false });
    expect(set.size).toBe(0);
  });

  test('a broker that has taken the request is waited for', async () => {
    const { timers, set } = handTimers();
    const stage = await open({}, timers);
    await settled(stage);
    expect([...set.keys()]).toEqual([TTL_MS]);
    expect(what(stage)).toEqual(['held']);
  });
});

describe('after a cut', () => {
  test('the same request is said again, until it has ended', async () => {
    const stage = await open();
    await settled(stage);
    stage.gate.askAgain();
    expect(stage.sent).toEqual(['request', 'request']);
    stage.gate.withdraw();
    stage.gate.askAgain();
    expect(stage.sent).toHaveLength(2);
  });

  test('what has no answer yet is left to the link, which keeps the order of attachments', async () => {
    const stage = await open({ acknowledges: false });
    stage.gate.askAgain();
    await settled(stage);
    expect(stage.sent).toEqual(['request']);
    expect(what(stage)).toEqual([]);
  });
});
