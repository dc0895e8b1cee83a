// Grants against a small model: people grant, repeat themselves and end in any order, the broker tells what it likes, clocks jump,
// runs come at once. Whatever happens, nothing is used that the model does not allow.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8 } from '../../../shared/bytes.ts';
import type { GrantTerms } from '../../../shared/statement/grant.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { openGrantUses } from '../../../main/guard/state/grant-uses.ts';
import { NOW } from '../../kit/gate-stage.ts';
import { type GrantStage, grantStage } from '../../kit/grant-stage.ts';
import {
  digestOf,
  grantEndOf,
  grantOf,
  sealGrant,
  sealGrantEnd,
  termsOf,
} from '../../kit/granting.ts';
import { person, type Person, reviewer } from '../../kit/guard-world.ts';
import { holding } from '../../kit/test-policies.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PEOPLE = ['alice', 'bob', 'carol', 'dora'] as const;
/** Of the same action, each with bounds of its own. */
const BOUNDS: readonly Partial<GrantTerms>[] = [
  { uses: 1 },
  { uses: 3 },
  { uses: 5, perHour: 2 },
  { uses: 2, until: new Date(NOW + 20 * MINUTE).toISOString() },
  { uses: 4, agent: 'gemini' },
  { uses: 4, guard: 'guard-2' },
  { uses: 4, tier: 'low' },
];

type Op =
  | { readonly what: 'grant'; readonly who: readonly number[]; readonly bounds: number }
  | { readonly what: 'again'; readonly row: number }
  | { readonly what: 'end'; readonly who: number; readonly bounds: number }
  | { readonly what: 'hideEnds' }
  | { readonly what: 'hideGrant'; readonly row: number }
  | { readonly what: 'clock'; readonly ms: number }
  | { readonly what: 'use'; readonly runs: number; readonly as: number };

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('grant' as const),
      who: fc.array(fc.nat(PEOPLE.length - 1), { minLength: 1, maxLength: 3 }),
      // Mostly such as may let something run.
      bounds: fc.oneof(
        { weight: 3, arbitrary: fc.nat(3) },
        { weight: 1, arbitrary: fc.nat(BOUNDS.length - 1) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('again' as const), row: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('end' as const),
      who: fc.nat(PEOPLE.length - 1),
      bounds: fc.nat(BOUNDS.length - 1),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'hideEnds' as const }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('hideGrant' as const), row: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('clock' as const),
      ms: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: -10_000, max: 10 * MINUTE }) },
        { weight: 1, arbitrary: fc.integer({ min: -90 * MINUTE, max: 90 * MINUTE }) },
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('use' as const),
      runs: fc.integer({ min: 1, max: 4 }),
      as: fc.nat(9),
    }),
  },
);

/** What is wanted: mostly the honest request, sometimes one that no grant may let run. */
const ASKED: readonly ((request: Request) => Request)[] = [
  (same) => same,
  (same) => same,
  (same) => same,
  (same) => same,
  (same) => ({ ...same, agent: { ...same.agent, id: 'mallory' } }),
  (same) => ({ ...same, guard: { ...same.guard, id: 'guard-3' } }),
  (same) => ({ ...same, policy: { ...same.policy, tier: 'high' } }),
  (same) => ({ ...same, facts: { ...same.facts, capabilities: ['secret'] } }),
  (same) => ({ ...same, facts: { ...same.facts, unknown: true } }),
  (same) => ({ ...same, action: { ...same.action, tool: 'other' } as Request['action'] }),
];
const HONEST = 4;

class Model {
  readonly signers = new Map<string, Set<string>>();
  /** Ends that the guard has been told of in a look. */
  readonly ended = new Set<string>();
  readonly used = new Map<string, number[]>();

  /** Why this use must not have been, or undefined. */
  wrong(sha256: string, terms: GrantTerms, asked: number, now: number): string | undefined {
    const used = this.used.get(sha256) ?? [];
    const signers = [...(this.signers.get(sha256) ?? [])].filter((id) => id !== 'carol');
    if (asked >= HONEST) return 'something that no grant may let run';
    if (terms.agent !== 'claude' || terms.guard !== 'guard-1') return 'another agent or guard';
    if (terms.tier !== 'medium') return 'above its tier';
    if (used.length >= terms.uses) return 'more uses than its bound';
    const { perHour } = terms;
    if (perHour !== undefined && used.filter((at) => at > now - HOUR).length >= perHour)
      return 'more uses in an hour than its bound';
    if (now < Date.parse(terms.from) || now >= Date.parse(terms.until)) return 'outside its time';
    if (this.ended.has(sha256)) return 'after its end';
    return signers.length < 2 ? 'by fewer people than it takes' : undefined;
  }
}

const HASH = 'f'.repeat(64);

async function play(ops: readonly Op[]): Promise<number> {
  const carol = person('carol');
  const dora = person('dora');
  const stage = grantStage({
    policy: holding('medium', '2 of anyone'),
    keyring: (keyring) => ({
      ...keyring,
      reviewers: [...keyring.reviewers, reviewer(carol), reviewer(dora)],
    }),
  });
  try {
    const { alice, bob } = stage.world.keys;
    return await follow(ops, stage, [alice, bob, carol, dora]);
  } finally {
    stage.world.remove();
  }
}

async function follow(ops: readonly Op[], stage: GrantStage, people: readonly Person[]) {
  const model = new Model();
  const terms = BOUNDS.map((bounds) => termsOf(stage.request, NOW, bounds));
  let count = 0;
  const whoOf = (at: number): Person => people[at] ?? stage.world.keys.alice;
  const termsAt = (at: number): GrantTerms => terms[at] ?? termsOf(stage.request, NOW);
  for (const one of ops) {
    if (one.what === 'grant') {
      const says = termsAt(one.bounds);
      for (const who of one.who.map(whoOf)) {
        const { keyring, log } = stage.world;
        const by = { who, keyring, note: log.note(), now: stage.clock.wall };
        stage.tell(sealGrant(grantOf(HASH, says, by), who.decision));
        const signers = model.signers.get(digestOf(says)) ?? new Set();
        model.signers.set(digestOf(says), signers.add(who.id));
      }
    } else if (one.what === 'again') {
      const row = stage.told.grants[one.row];
      if (row !== undefined) stage.told.grants.push({ ...row });
    } else if (one.what === 'hideGrant') stage.told.grants.splice(one.row, 1);
    else if (one.what === 'end') {
      const who = whoOf(one.who);
      const end = grantEndOf(HASH, termsAt(one.bounds), { who, now: stage.clock.wall });
      stage.told.ends.push(fromUtf8(sealGrantEnd(end, who.decision)));
    } else if (one.what === 'hideEnds') stage.told.ends.length = 0;
    else if (one.what === 'clock') stage.clock.wall += one.ms;
    else count += await use(one, stage, model, terms);
    for (const row of stage.told.grants) row.proof = stage.world.log.inclusion(row.index);
  }
  return count;
}

/** Runs at once: all look first, then each takes a number with a hand of its own. */
async function use(
  { runs, as }: Extract<Op, { what: 'use' }>,
  stage: GrantStage,
  model: Model,
  terms: readonly GrantTerms[],
): Promise<number> {
  const asked = ASKED[as]?.(stage.request) ?? stage.request;
  const told = new Set(stage.told.ends);
  const looks = await Promise.all(Array.from({ length: runs }, () => stage.look(asked)));
  // An end comes with an answer that names a grant: without one nothing was looked at.
  if (stage.told.grants.length > 0 && as !== 6 && as !== 7 && as !== 8)
    for (const says of terms)
      for (const end of told)
        if (
          Buffer.from(String(/"payload":"([^"]+)"/.exec(end)?.[1]), 'base64').includes(
            digestOf(says),
          )
        )
          model.ended.add(digestOf(says));
  let count = 0;
  for (const found of looks) {
    for (const { sha256, terms: says } of found.ok ? found.value : []) {
      const now = stage.clock.wall;
      const taken = openGrantUses(stage.world.home).take({ sha256, says }, HASH, now);
      if (!taken.ok) continue;
      const used = model.used.get(sha256) ?? [];
      expect(model.wrong(sha256, says, as, now)).toBeUndefined();
      expect(taken.value).toBe(used.length + 1);
      model.used.set(sha256, [...used, now]);
      count += 1;
      break;
    }
  }
  return count;
}

test('nothing is used that the model does not allow', { timeout: 120_000 }, async () => {
  let uses = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 6, maxLength: 30 }), async (ops) => {
      uses += await play(ops);
    }),
    { numRuns: 30, endOnFailure: true },
  );
  // A model that never lets anything run would agree with everything.
  expect(uses).toBeGreaterThan(3);
});
