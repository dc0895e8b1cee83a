// Promise 4: nobody approves their own action, and a quorum counts people.

import { assert, constantFrom, integer, array, property, record, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ANYONE,
  channelSuffices,
  type Judge,
  mayBeAsked,
  missingApprovals,
  presenceSuffices,
  reasonSuffices,
  whyNotApprove,
} from '../../../shared/domain/approval.ts';
import { approvalNeedsReason, atLeast, TIERS, type Tier } from '../../../shared/domain/tier.ts';
import { PRESENCES } from '../../../shared/statement/decision.ts';
import type { Need, Request } from '../../../shared/statement/request.ts';

const asked = (tier: Tier, change: Partial<Request['agent']> = {}, needs?: readonly Need[]) => ({
  agent: {
    id: 'claude',
    session: 's1',
    onBehalfOf: 'carol',
    authn: 'declared' as const,
    ...change,
  },
  guard: { id: 'guard-1', keyId: 'a'.repeat(64), host: 'build.host', mode: 'run' as const },
  policy: {
    sha256: '0'.repeat(64),
    rules: [],
    tier,
    needs: [...(needs ?? [{ group: ANYONE, count: 1 }])],
  },
});
const alice: Judge = { id: 'alice', groups: ['ops'], device: 'alice.laptop' };
const TEAM = { solo: false, owners: [] };
const SOLO = { solo: true, owners: [{ agent: 'claude', owner: 'alice' }] };

describe('who may approve', () => {
  test('somebody else, on another machine', () => {
    for (const tier of TIERS) expect(whyNotApprove(asked(tier), alice, TEAM)).toBeUndefined();
  });

  test('not the person the agent works for, at any tier', () => {
    for (const tier of TIERS)
      expect(whyNotApprove(asked(tier, { onBehalfOf: 'alice' }), alice, TEAM)).toBe('ownAction');
  });

  test("not the agent's owner; the owner of another agent may", () => {
    const owners = [
      { agent: 'other', owner: 'alice' },
      { agent: 'claude', owner: 'bob' },
    ];
    expect(whyNotApprove(asked('low'), alice, { solo: false, owners })).toBeUndefined();
    const own = [...owners, { agent: 'claude', owner: 'alice' }];
    for (const tier of TIERS)
      expect(whyNotApprove(asked(tier), alice, { solo: false, owners: own })).toBe('ownAction');
  });

  test("not from the guard's own machine, from high up", () => {
    const there = { ...alice, device: 'build.host' };
    const codes = TIERS.map((tier) => whyNotApprove(asked(tier), there, TEAM));
    expect(codes).toEqual([undefined, undefined, 'sameHost', 'sameHost']);
  });

  test('not who is not asked, solo or not', () => {
    const ops = [{ group: 'ops', count: 1 }];
    const stranger = { ...alice, groups: ['sales'] };
    for (const rules of [TEAM, SOLO]) {
      expect(whyNotApprove(asked('low', {}, ops), stranger, rules)).toBe('notAllowed');
      expect(whyNotApprove(asked('low', {}, ops), alice, rules)).toBeUndefined();
    }
    expect(mayBeAsked([], alice)).toBe(false);
    expect(mayBeAsked([{ group: 'sales', count: 1 }, ...ops], alice)).toBe(true);
  });

  test('solo, and only solo, waives person, owner and host', () => {
    const there = { ...alice, device: 'build.host' };
    const own = asked('critical', { onBehalfOf: 'alice' });
    expect(whyNotApprove(own, there, SOLO)).toBeUndefined();
    expect(whyNotApprove(own, there, { ...SOLO, solo: false })).toBe('ownAction');
  });
});

describe('the gesture', () => {
  // The design's table: what is enough for an approval, at each tier.
  const ENOUGH: { readonly [T in Tier]: readonly string[] } = {
    low: [...PRESENCES],
    medium: PRESENCES.filter((one) => one !== 'channel' && one !== 'notification'),
    high: ['hold', 'typed', 'passphrase', 'os', 'securityKey'],
    critical: ['passphrase', 'os', 'securityKey'],
  };

  test.each(TIERS)('of an approval at %s', (tier) => {
    const enough = PRESENCES.filter((one) => presenceSuffices(tier, 'approve', one));
    expect(enough).toEqual(ENOUGH[tier]);
  });

  test('of a denial is any, and never a reason is asked for', () => {
    for (const tier of TIERS) {
      for (const one of PRESENCES) expect(presenceSuffices(tier, 'deny', one)).toBe(true);
      expect(reasonSuffices(tier, 'deny', undefined)).toBe(true);
    }
  });

  test('an approval says why from high up', () => {
    expect(TIERS.filter(approvalNeedsReason)).toEqual(['high', 'critical']);
    for (const tier of TIERS) {
      const must = atLeast(tier, 'high');
      expect(reasonSuffices(tier, 'approve', undefined)).toBe(!must);
      expect(reasonSuffices(tier, 'approve', '')).toBe(!must);
      expect(reasonSuffices(tier, 'approve', 'because')).toBe(true);
    }
  });

  test("a channel's key approves at low, alone, and as a channel; it denies whatever it is asked", () => {
    const one = [{ group: ANYONE, count: 1 }];
    const yes = TIERS.flatMap((tier) =>
      PRESENCES.filter((presence) =>
        channelSuffices({ tier, needs: one }, { verdict: 'approve', presence }),
      ).map((presence) => `${tier} ${presence}`),
    );
    expect(yes).toEqual(['low channel']);
    const said = { verdict: 'approve', presence: 'channel' } as const;
    expect(channelSuffices({ tier: 'low', needs: [{ group: ANYONE, count: 2 }] }, said)).toBe(
      false,
    );
    expect(channelSuffices({ tier: 'low', needs: [...one, ...one] }, said)).toBe(false);
    expect(channelSuffices({ tier: 'critical', needs: one }, { ...said, verdict: 'deny' })).toBe(
      true,
    );
  });
});

describe('a quorum', () => {
  const who = (id: string, ...groups: string[]) => ({ id, groups });
  const team = { solo: false };

  test('counts people: the same one twice, in two groups, is one', () => {
    const needs = [
      { group: 'ops', count: 1 },
      { group: 'security', count: 1 },
    ];
    const both = who('alice', 'ops', 'security');
    expect(missingApprovals(needs, [both], team)).toHaveLength(1);
    expect(missingApprovals(needs, [both, both], team)).toHaveLength(1);
    expect(missingApprovals(needs, [both, who('bob', 'ops')], team)).toEqual([]);
    expect(missingApprovals(needs, [both, who('bob', 'security')], team)).toEqual([]);
    expect(missingApprovals(needs, [both, who('bob', 'sales')], team)).toHaveLength(1);
  });

  test('of anyone takes anyone, and of none has nothing missing', () => {
    const two = [{ group: ANYONE, count: 2 }];
    expect(missingApprovals(two, [], team)).toEqual(two);
    expect(missingApprovals(two, [who('a'), who('b')], team)).toEqual([]);
    expect(missingApprovals([], [], team)).toEqual([]);
  });

  test('in solo mode is one decision, and not none', () => {
    const needs = [
      { group: 'ops', count: 3 },
      { group: 'security', count: 2 },
    ];
    expect(missingApprovals(needs, [], { solo: true })).toHaveLength(1);
    expect(missingApprovals(needs, [who('alice')], { solo: true })).toEqual([]);
    expect(missingApprovals(needs, [who('alice')], team)).toEqual(needs);
  });

  /** Every way to give people slots, tried: the most slots that can be filled. */
  const bestFill = (
    slots: readonly string[],
    people: readonly { readonly groups: readonly string[] }[],
  ): number => {
    const [first, ...rest] = people;
    if (first === undefined) return 0;
    const fills = slots.map((group, i) =>
      group === ANYONE || first.groups.includes(group)
        ? 1 +
          bestFill(
            slots.filter((_, other) => other !== i),
            rest,
          )
        : 0,
    );
    return Math.max(bestFill(slots, rest), ...fills);
  };

  test('is enough exactly where some assignment of people to slots fills all (brute force)', () => {
    const group = constantFrom(ANYONE, 'ops', 'security', 'sales');
    const needs = array(record({ group, count: integer({ min: 1, max: 2 }) }), { maxLength: 3 });
    const people = uniqueArray(
      record({ id: constantFrom('a', 'b', 'c', 'd', 'e'), groups: uniqueArray(group) }),
      { selector: (one) => one.id, maxLength: 5 },
    );
    assert(
      property(needs, people, (wanted, given) => {
        const slots = wanted.flatMap(({ group: name, count }) =>
          Array.from({ length: count }, () => name),
        );
        const missing = missingApprovals(wanted, given, team);
        expect(missing.length === 0).toBe(bestFill(slots, given) === slots.length);
        // Nobody who comes on top, and no order, makes it less.
        const more = missingApprovals(wanted, [...given, ...given].reverse(), team);
        expect(more.length === 0).toBe(missing.length === 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
