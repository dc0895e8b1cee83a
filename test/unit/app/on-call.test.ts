// What an escalation does to a reviewer's app: it says whom to disturb, in the broker's own signature, and nothing else.

import { describe, expect, test } from 'vitest';
import { whyNotApprove } from '../../../shared/domain/approval.ts';
import type { Escalation } from '../../../shared/statement/escalation.ts';
import { askedNow, onCallState, openWhereabouts, whoseTurn } from '../../../main/app/on-call.ts';
import type { Link } from '../../../main/link/link.ts';
import { openDesk } from '../../../main/app/desk.ts';
import { saysOf } from '../../../main/app/history.ts';
import { openLeaf } from '../../../main/app/open-leaf.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { decisionBy, HandTime, makeOrg, requestBy } from '../../kit/wire-world.ts';
import { MINUTE, row, stage } from './attention-stage.ts';
import { TestLog } from './test-log.ts';

const time = new HandTime();

function opened() {
  const org = makeOrg();
  const held = openFirstKeyring(org.envelope, org.keyring);
  if (!held.ok) throw new Error('the keyring opens');
  const log = new TestLog(org.keyring.log.origin, org.broker.log);
  const desk = openDesk();
  const request = requestBy(org.guard, time, {
    policy: {
      sha256: '0'.repeat(64),
      rules: [],
      tier: 'medium',
      needs: [{ group: 'ops', count: 1 }],
    },
  });
  const read = () => {
    const index = log.leaves.length - 1;
    const leaf = log.leaves[index];
    const got = leaf && openLeaf(index, leaf.leaf, leaf.payload, held.value);
    if (!got?.ok) throw new Error('the leaf is read');
    return { leaf: got.value, payload: leaf?.payload };
  };
  const take = (): void => {
    const { leaf, payload } = read();
    desk.take(leaf, payload, held.value);
  };
  log.append(utf8(request.envelope));
  take();
  const escalate = (by: KeyPair, change: Partial<Escalation> = {}): void => {
    const said: Escalation = {
      request: request.sha256,
      step: 1,
      asked: ['alice'],
      why: 'onCall',
      by: { id: 'broker', keyId: by.keyId },
      at: time.iso(),
      ...change,
    };
    log.say('escalation', said, by);
    take();
  };
  const entry = () => {
    const one = desk.get(request.sha256);
    if (one === undefined) throw new Error('it is on the desk');
    return one;
  };
  return { org, held: held.value, log, desk, request, escalate, entry, read, take };
}

describe('an escalation', () => {
  test('by the broker’s log key says who is asked, step after step', () => {
    const at = opened();
    at.escalate(at.org.broker.log);
    at.escalate(at.org.broker.log, { step: 2, asked: ['bob'], why: 'unseen' });
    expect(at.entry().asked).toEqual([
      { id: 'alice', why: 'onCall' },
      { id: 'bob', why: 'unseen' },
    ]);
    expect(saysOf(at.read().leaf)).toBe(
      'step 2: asks bob: those asked before had not seen it in time',
    );
  });

  test.each([
    ['a guard’s key', (org: ReturnType<typeof makeOrg>) => org.guard.guard],
    ['the broker’s session key', (org: ReturnType<typeof makeOrg>) => org.broker.session],
    ['a reviewer’s session key', (org: ReturnType<typeof makeOrg>) => org.bob.session],
    ['a reviewer’s decision key', (org: ReturnType<typeof makeOrg>) => org.bob.decision],
  ])('by %s moves nothing and is shown as failed', (_, keyOf) => {
    const at = opened();
    at.escalate(keyOf(at.org));
    expect(at.entry().asked).toEqual([]);
    expect(at.read().leaf.signature).toBe('failed');
  });

  test('that names another key than it is signed with moves nothing', () => {
    const at = opened();
    at.escalate(at.org.broker.log, { by: { id: 'broker', keyId: at.org.guard.guard.keyId } });
    expect(at.entry().asked).toEqual([]);
  });

  test('gives nobody a right and takes none away', () => {
    const at = opened();
    // Bob is not in the group; alice is, and is not asked.
    at.escalate(at.org.broker.log, { asked: ['bob'] });
    const { request } = at.entry();
    const judge = (who: 'alice' | 'bob') => {
      const { groups } = at.held.keyring.reviewers.find(({ id }) => id === who) ?? { groups: [] };
      return whyNotApprove(request, { id: who, groups, device: who }, at.held.keyring);
    };
    expect(judge('bob')).toBe('notAllowed');
    expect(judge('alice')).toBeUndefined();
  });

  test('moves the request nowhere: it stays open', () => {
    const at = opened();
    at.escalate(at.org.broker.log);
    expect(at.entry().life).toEqual({ stage: 'open' });
  });
});

describe('whose turn it is', () => {
  const routing = { groups: [{ group: 'ops', now: [{ id: 'alice' }] }], away: [] };

  test('without a rota is everybody’s', () => {
    expect(whoseTurn(opened().entry(), 'bob', undefined)).toBe('mine');
  });

  test('with a line for its group is not known until the log says it, and then is theirs who are asked', () => {
    const at = opened();
    expect(whoseTurn(at.entry(), 'bob', routing)).toBe('unknown');
    at.escalate(at.org.broker.log);
    expect(whoseTurn(at.entry(), 'bob', routing)).toBe('others');
    expect(whoseTurn(at.entry(), 'alice', routing)).toBe('mine');
    at.escalate(at.org.broker.log, { step: 2, asked: ['bob'], why: 'unseen' });
    expect(whoseTurn(at.entry(), 'bob', routing)).toBe('mine');
  });

  test('of a group that has no line is everybody’s', () => {
    const other = { groups: [{ group: 'sec', now: [] }], away: [] };
    expect(whoseTurn(opened().entry(), 'bob', other)).toBe('mine');
  });
});

describe('what a screen is told', () => {
  test('names those who are asked and have not decided, and who is next', () => {
    const at = opened();
    at.escalate(at.org.broker.log);
    at.escalate(at.org.broker.log, { step: 2, asked: ['bob'], why: 'offline' });
    const next = { at: time.iso(60_000), asked: ['carol'] };
    at.desk.patch(at.request.sha256, { nextAsked: next });
    const keyring = {
      reviewers: at.held.keyring.reviewers.map((one) => ({ ...one, name: one.id.toUpperCase() })),
    };
    expect(askedNow(at.entry(), 'bob', keyring)).toEqual({
      mine: true,
      people: [
        { name: 'ALICE', me: false, why: 'onCall' },
        { name: 'BOB', me: true, why: 'offline' },
      ],
      next: { at: next.at, names: ['carol'] },
    });
    at.log.append(
      utf8(decisionBy(at.org.alice, time, at.request.sha256, { verdict: 'deny' }).envelope),
    );
    at.take();
    expect(askedNow(at.entry(), 'bob', keyring)).toBeUndefined();
  });

  test('has until when this person is away, and who cannot be reached', () => {
    const { held } = opened();
    const until = time.iso(3600_000);
    const state = onCallState(
      {
        groups: [{ group: 'ops', now: [{ id: 'alice' }, { id: 'bob', trouble: 'noSurface' }] }],
        away: [{ id: 'alice', until }],
      },
      'alice',
      held.keyring,
    );
    expect(state).toEqual({
      groups: [
        {
          group: 'ops',
          now: [
            { name: 'alice', me: true },
            { name: 'bob', me: false, trouble: 'noSurface' },
          ],
        },
      ],
      away: until,
    });
  });
});

describe('what the broker is told of this machine', () => {
  function told() {
    const said: unknown[] = [];
    const state = { kind: 'online' };
    // Of a link two things are used here; the answers are as the broker's.
    const link = {
      state: () => state,
      send: async (t: string, body: unknown) => {
        said.push([t, body]);
        return t === 'away' ? { ok: false, code: 'tooLarge' } : { ok: true, value: {} };
      },
    } as unknown as Link;
    return { said, state, whereabouts: openWhereabouts(() => link) };
  }

  test('whether notifications work, when it changes and at each login', () => {
    const { said, whereabouts } = told();
    whereabouts.again();
    expect(said).toEqual([]);
    whereabouts.surface(false, 'noDaemon');
    whereabouts.surface(false, 'noDaemon');
    whereabouts.surface(true, undefined);
    whereabouts.again();
    expect(said).toEqual([
      ['surface', { works: false, why: 'noDaemon' }],
      ['surface', { works: true }],
      ['surface', { works: true }],
    ]);
  });

  test('while it cannot be reached nothing, and then the newest', () => {
    const { said, state, whereabouts } = told();
    state.kind = 'offline';
    whereabouts.surface(true, undefined);
    whereabouts.surface(false, 'notAllowed');
    expect(said).toEqual([]);
    whereabouts.again();
    expect(said).toEqual([['surface', { works: false, why: 'notAllowed' }]]);
  });

  test('until when its person is away, and the broker’s word on it comes back', async () => {
    const { said, whereabouts } = told();
    expect(await whereabouts.away(undefined)).toBe('tooLarge');
    expect(said).toEqual([['away', {}]]);
  });
});

describe('attention', () => {
  test('disturbs only whose turn it is, and at once when it becomes theirs', () => {
    const one = stage();
    const asked = row('medium', one.time, { turn: 'others' });
    one.attention.update([asked]);
    one.time.advance(MINUTE);
    expect(one.notifier.shown).toEqual([]);
    one.attention.update([{ ...asked, turn: 'mine' }]);
    expect(one.notifier.standing.size).toBe(1);
  });

  test('waits five seconds for whose turn it is, and then tells everybody', () => {
    const one = stage();
    one.attention.update([row('medium', one.time, { turn: 'unknown' })]);
    one.time.advance(4_999);
    expect(one.notifier.shown).toEqual([]);
    one.time.advance(1);
    expect(one.notifier.standing.size).toBe(1);
  });

  test('keeps the quiet that is wanted, whoever’s turn it turns out to be', () => {
    const until = new Date(stage().time.clock.now() + 10 * MINUTE).toISOString();
    const one = stage({ snoozeUntil: until });
    one.attention.update([row('medium', one.time, { turn: 'unknown' })]);
    one.time.advance(MINUTE);
    expect(one.notifier.shown).toEqual([]);
    expect(one.said.map((said) => said.split(' ')[0])).toEqual(['snoozed']);
  });

  test('takes down what turned out to be somebody else’s', () => {
    const one = stage();
    const asked = row('medium', one.time);
    one.attention.update([asked]);
    one.attention.update([{ ...asked, turn: 'others' }]);
    expect(one.notifier.standing.size).toBe(0);
  });

  test('snoozes and hands over only what is this person’s to leave', () => {
    const one = stage({
      snoozeUntil: new Date(stage().time.clock.now() + 10 * MINUTE).toISOString(),
    });
    const others = row('medium', one.time, { turn: 'others' });
    one.attention.update([others]);
    expect(one.said).toEqual([]);
    one.attention.update([{ ...others, turn: 'mine' }]);
    expect(one.said.map((said) => said.split(' ')[0])).toEqual(['snoozed']);
  });

  test('what was handed over stays so, and is said once', () => {
    const one = stage();
    const asked = row('medium', one.time);
    one.attention.update([asked]);
    expect(one.attention.leave(asked.digest, Number.POSITIVE_INFINITY)).toBe(true);
    one.attention.look();
    expect(one.said.filter((said) => said.startsWith('handedOver'))).toHaveLength(1);
    expect(one.notifier.standing.size).toBe(0);
  });
});
