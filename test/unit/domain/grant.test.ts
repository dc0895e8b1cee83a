// When a grant lets something run: one test a bound, each of which is red without it.

import { describe, expect, test } from 'vitest';
import {
  GRANT_REFUSALS,
  mayEndGrant,
  whyNotFits,
  whyNotGrantable,
  whyNotIssued,
  whyNotNow,
  whyNoUse,
} from '../../../shared/domain/grant.ts';
import { GrantTerms } from '../../../shared/statement/grant.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { SAMPLES } from '../../kit/sample-statements.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACTION = 'a'.repeat(64);
const FACTS: Request['facts'] = {
  capabilities: ['write'],
  unknown: false,
  secretPath: false,
  secrets: 0,
};
const TERMS: GrantTerms = {
  ...SAMPLES.grant.terms,
  actions: { same: ACTION },
};
const REQUEST = {
  org: TERMS.org,
  log: TERMS.log,
  guard: { id: TERMS.guard },
  agent: { id: TERMS.agent, onBehalfOf: TERMS.onBehalfOf },
  policy: { sha256: TERMS.policy, tier: 'medium' as const },
  facts: FACTS,
};
const never = (): boolean | undefined => undefined;

test('every refusal has one sentence', () => {
  for (const says of Object.values(GRANT_REFUSALS)) expect(says).toMatch(/^[a-z].*[^.]$/);
});

describe('what can be allowed again at all', () => {
  const about = (facts: Request['facts'], tier: Request['policy']['tier'] = 'medium') =>
    whyNotGrantable({ facts: { ...FACTS, ...facts }, policy: { tier } });

  test('is at most medium', () => {
    expect(about({})).toBeUndefined();
    expect(about({}, 'low')).toBeUndefined();
    expect(about({}, 'high')).toBe('tierTooHigh');
    expect(about({}, 'critical')).toBe('tierTooHigh');
  });

  test('is understood, and facts that do not say so are not believed', () => {
    expect(about({ unknown: true })).toBe('notUnderstood');
    expect(about({ capabilities: ['unknown', 'write'] })).toBe('notUnderstood');
    expect(whyNotGrantable({ facts: {}, policy: { tier: 'low' } })).toBe('notUnderstood');
    const { capabilities: _, ...rest } = FACTS;
    expect(whyNotGrantable({ facts: rest, policy: { tier: 'low' } })).toBe('notUnderstood');
  });

  test('touches no secrets: no capability, no file and no variable', () => {
    expect(about({ capabilities: ['read', 'secret'] })).toBe('secrets');
    expect(about({ secretPath: true })).toBe('secrets');
    expect(about({ secrets: 1 })).toBe('secrets');
  });
});

describe('terms fit a request', () => {
  type Change = Partial<Omit<typeof REQUEST, 'policy'>> & {
    readonly policy?: { readonly sha256: string; readonly tier: Request['policy']['tier'] };
  };
  const why = (change: Change, terms: Partial<GrantTerms> = {}, holds = never) =>
    whyNotFits({ ...TERMS, ...terms }, { ...REQUEST, ...change }, ACTION, holds);

  test('of the same place, guard, agent, person, policy and action', () => {
    expect(why({})).toBeUndefined();
    expect(why({ org: 'other' })).toBe('otherPlace');
    expect(why({ log: 'log.acme.example/two' })).toBe('otherPlace');
    expect(why({ guard: { id: 'guard-2' } })).toBe('otherGuard');
    expect(why({ agent: { id: 'gemini', onBehalfOf: 'otto' } })).toBe('otherAgent');
    expect(why({ agent: { id: 'claude-code', onBehalfOf: 'maya' } })).toBe('otherAgent');
    expect(why({ policy: { sha256: '0'.repeat(64), tier: 'medium' } })).toBe('otherPolicy');
    expect(why({}, { actions: { same: 'b'.repeat(64) } })).toBe('otherAction');
  });

  test('up to the tier that was granted', () => {
    expect(why({}, { tier: 'low' })).toBe('aboveItsTier');
    expect(why({ policy: { sha256: TERMS.policy, tier: 'low' } })).toBeUndefined();
    expect(why({ policy: { sha256: TERMS.policy, tier: 'high' } })).toBe('tierTooHigh');
  });

  test('by a condition that holds', () => {
    const actions = { when: 'context.program == "psql"' };
    expect(why({}, { actions }, () => true)).toBeUndefined();
    expect(why({}, { actions }, () => false)).toBe('noMatch');
    expect(why({}, { actions }, () => undefined)).toBe('badCondition');
  });

  test('never one that cannot be granted, whatever the terms say', () => {
    expect(why({ facts: { ...FACTS, unknown: true } })).toBe('notUnderstood');
    expect(why({ facts: { ...FACTS, secrets: 2 } })).toBe('secrets');
  });
});

describe('time', () => {
  test('begins at its beginning and is over at its end', () => {
    const from = Date.parse(TERMS.from);
    const until = Date.parse(TERMS.until);
    expect(whyNotNow(TERMS, from - 1)).toBe('notYet');
    expect(whyNotNow(TERMS, from)).toBeUndefined();
    expect(whyNotNow(TERMS, until - 1)).toBeUndefined();
    expect(whyNotNow(TERMS, until)).toBe('over');
  });

  test('cannot be put off by its signer, nor signed after its end or in the future', () => {
    const iso = (ms: number): string => new Date(ms).toISOString();
    const terms = { from: iso(NOW), until: iso(NOW + HOUR) };
    expect(whyNotIssued(terms, iso(NOW), NOW)).toBeUndefined();
    expect(whyNotIssued(terms, iso(NOW + 30 * MINUTE), NOW + 30 * MINUTE)).toBeUndefined();
    expect(whyNotIssued(terms, iso(NOW - 2 * MINUTE - 1), NOW)).toBe('farAhead');
    expect(whyNotIssued(terms, iso(NOW + 2 * MINUTE + 1), NOW)).toBe('issuedAhead');
    expect(whyNotIssued(terms, iso(NOW + HOUR), NOW + HOUR)).toBe('issuedAhead');
  });

  test('lasts at most 24 hours, by its schema', () => {
    const { from } = TERMS;
    const day = new Date(Date.parse(from) + 24 * HOUR).toISOString();
    const more = new Date(Date.parse(from) + 24 * HOUR + 1).toISOString();
    expect(GrantTerms.safeParse({ ...TERMS, until: day }).success).toBe(true);
    expect(GrantTerms.safeParse({ ...TERMS, until: more }).success).toBe(false);
    expect(GrantTerms.safeParse({ ...TERMS, until: from }).success).toBe(false);
  });
});

describe('uses', () => {
  test('are as many as granted, and not one more', () => {
    const bound = { uses: 2 };
    expect(whyNoUse(bound, [], NOW)).toBeUndefined();
    expect(whyNoUse(bound, [NOW - 9 * HOUR], NOW)).toBeUndefined();
    expect(whyNoUse(bound, [NOW - 9 * HOUR, NOW], NOW)).toBe('usedUp');
  });

  test('are as many in an hour as granted', () => {
    const bound = { uses: 9, perHour: 2 };
    expect(whyNoUse(bound, [NOW - HOUR, NOW - 1], NOW)).toBeUndefined();
    expect(whyNoUse(bound, [NOW - HOUR + 1, NOW - 1], NOW)).toBe('hourUsedUp');
  });

  test('stop where the clock went back, or a use has no time that can be read', () => {
    expect(whyNoUse({ uses: 9 }, [NOW + 2 * MINUTE], NOW)).toBeUndefined();
    expect(whyNoUse({ uses: 9 }, [NOW + 2 * MINUTE + 1], NOW)).toBe('clockBack');
    expect(whyNoUse({ uses: 9 }, [Number.NaN], NOW)).toBe('clockBack');
  });
});

test('a grant is ended by whoever may decide the request, an administrator, and nobody else', () => {
  const needs = [{ group: 'dba', count: 1 }];
  const who = (...groups: string[]) => mayEndGrant({ solo: false }, needs, { groups });
  expect(who('dba')).toBe(true);
  expect(who('admin')).toBe(true);
  expect(who('sales')).toBe(false);
  expect(mayEndGrant({ solo: true }, needs, { groups: [] })).toBe(true);
});
