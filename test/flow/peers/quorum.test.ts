// Defects that were found in other products, about quorums: each as a rule that theirs would break. A real broker, a real
// guard, a real command; the people are keys that sign whatever a test wants.

import { afterEach, describe, expect, test } from 'vitest';
import { toB64 } from '../../../shared/bytes.ts';
import { missingApprovals, whyNotApprove } from '../../../shared/domain/approval.ts';
import { TIERS } from '../../../shared/domain/tier.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { generateKeyPair } from '../../../main/trust/ed25519.ts';
import { codeOf, reach } from '../../kit/gate-stage.ts';
import { nextKeyring } from '../../kit/guard-world.ts';
import { openTeamHouse, type TeamHouse } from '../../kit/team-house.ts';
import { holding } from '../../kit/test-policies.ts';

let house: TeamHouse | undefined;
afterEach(async () => {
  await house?.stop();
  house = undefined;
});
const open = async (options: Parameters<typeof openTeamHouse>[0] = {}): Promise<TeamHouse> => {
  house = await openTeamHouse(options);
  return house;
};

const TWO = holding('medium', '2 of anyone');
const inGroups =
  (groups: Readonly<Record<string, string[]>>) =>
  (keyring: Keyring): Keyring => ({
    ...keyring,
    groups: [...new Set(Object.values(groups).flat())].map((id) => ({ id, name: id })),
    reviewers: keyring.reviewers.map((one) => ({ ...one, groups: groups[one.id] ?? [] })),
  });

describe('a quorum counts people', () => {
  test('one person in two groups, with two machines and two approvals, is one person: nothing runs', async () => {
    const second = generateKeyPair();
    const at = await open({
      policy: TWO,
      keyring: (keyring) => {
        const grouped = inGroups({ alice: ['ops', 'dba', 'admin'], bob: ['ops'] })(keyring);
        return {
          ...grouped,
          reviewers: grouped.reviewers.map((one) =>
            one.id === 'alice'
              ? {
                  ...one,
                  keys: [
                    ...one.keys,
                    {
                      keyId: second.keyId,
                      spki: toB64(second.spki),
                      fromIndex: 0,
                      use: 'decision' as const,
                      device: 'alice.laptop',
                    },
                  ],
                }
              : one,
          ),
        };
      },
    });
    const running = at.run({ ttlMs: 2_500 });
    const alice = await at.hand(at.world.keys.alice);
    const seen = await alice.sees();
    expect(await alice.signs(seen)).toEqual(expect.any(Number));
    const again = { id: 'alice', keyId: second.keyId, device: 'alice.laptop' };
    const reviewer = { ...again, seq: 1, prev: '0'.repeat(64) };
    expect(await alice.signs(seen, { reviewer }, second)).toBe('alreadyDecided');
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });

  test('is met by enough people or by more, in any order: at least, never exactly', () => {
    const needs = [
      { group: 'dba', count: 1 },
      { group: 'security', count: 1 },
    ];
    const person = (id: string, ...groups: string[]) => ({ id, groups });
    const all = [
      person('a', 'dba'),
      person('b', 'dba'),
      person('c', 'dba', 'security'),
      person('d', 'security'),
      person('e'),
    ];
    expect(missingApprovals(needs, all, { solo: false })).toEqual([]);
    expect(missingApprovals(needs, all.toReversed(), { solo: false })).toEqual([]);
  });

  test('two names of one person are not two people: the keyring has a person and a key once', async () => {
    const at = await open();
    const [alice] = at.world.keyring.reviewers;
    const twice = [...at.world.keyring.reviewers, { ...alice, id: 'alice2' }];
    const named = nextKeyring(at.world, { reviewers: twice as Keyring['reviewers'] });
    expect(at.world.identity.offerKeyring(named)).toBe(false);
  });
});

describe('a quorum that is written down is enforced', () => {
  test('of two: one approval alone runs nothing', async () => {
    const at = await open({ policy: TWO });
    const running = at.run({ ttlMs: 2_500 });
    const alice = await at.hand(at.world.keys.alice);
    const seen = await alice.sees();
    await alice.signs(seen);
    const run = await running;
    expect(run).toMatchObject({ ran: 0, end: { how: 'expired' } });
    expect(run.events).toContainEqual({ what: 'partly', who: 'alice' });
  });

  test('of two: the second person lets it run, once', async () => {
    const at = await open({ policy: TWO });
    const running = at.run();
    const [alice, bob] = [await at.hand(at.world.keys.alice), await at.hand(at.world.keys.bob)];
    await alice.signs(await alice.sees());
    await bob.signs(await bob.sees());
    expect(await running).toMatchObject({ ran: 1, end: { how: 'ran', who: 'alice and bob' } });
  });

  test('of a group: an approval from outside of it is refused by the broker', async () => {
    const at = await open({
      policy: holding('medium', '1 of ops'),
      keyring: inGroups({ alice: ['ops'], bob: ['sales', 'admin'] }),
    });
    const running = at.run({ ttlMs: 2_500 });
    const alice = await at.hand(at.world.keys.alice);
    const bob = await at.hand(at.world.keys.bob);
    const seen = await alice.sees();
    expect(await bob.signs(seen)).toBe('notYours');
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });
});

describe('the first denial ends it', () => {
  test('although the other approvals are there and more could come', async () => {
    const at = await open({ policy: TWO });
    const running = at.run();
    const [alice, bob] = [await at.hand(at.world.keys.alice), await at.hand(at.world.keys.bob)];
    const seen = await alice.sees();
    await alice.signs(seen);
    const denied = await bob.signs(await bob.sees(), { verdict: 'deny', reason: 'not tonight' });
    expect(denied).toEqual(expect.any(Number));
    expect(await running).toMatchObject({ ran: 0, end: { how: 'denied', who: 'bob' } });
    expect(['notOpen', 'alreadyDecided']).toContain(await alice.signs(seen));
  });
});

describe('nobody is exempt', () => {
  test('an administrator may not approve what an agent does for them: the broker refuses it, and nothing runs', async () => {
    // carol, for whom the agent of these runs works, has alice's keys under her own name.
    const at = await open({
      keyring: (keyring) => ({
        ...inGroups({ alice: ['admin'], bob: [] })(keyring),
        reviewers: keyring.reviewers.map((one) =>
          one.id === 'alice' ? { ...one, id: 'carol', name: 'carol', groups: ['admin'] } : one,
        ),
      }),
    });
    const running = at.run({ ttlMs: 2_500 });
    const carol = await at.hand({ ...at.world.keys.alice, id: 'carol' });
    expect(await carol.signs(await carol.sees())).toBe('notYours');
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });

  test('nor one who answers for the agent', async () => {
    const at = await open({
      keyring: (keyring) => ({
        ...inGroups({ alice: ['admin'], bob: [] })(keyring),
        owners: [{ agent: 'claude', owner: 'alice' }],
      }),
    });
    const running = at.run({ ttlMs: 2_500 });
    const alice = await at.hand(at.world.keys.alice);
    expect(await alice.signs(await alice.sees())).toBe('notYours');
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });

  test('nor by a broker that lets it through: the guard refuses it by itself', async () => {
    const admin = (keyring: Keyring): Keyring => ({
      ...inGroups({ alice: ['admin'], bob: [] })(keyring),
      owners: [{ agent: 'claude', owner: 'alice' }],
    });
    expect(codeOf(await reach({ keyring: admin }))).toBe('ownAction');
  });

  test('at any tier, in any group: the rule has no member for an administrator', () => {
    for (const tier of TIERS) {
      const asked = {
        agent: { id: 'claude', session: 's', onBehalfOf: 'carol', authn: 'declared' as const },
        guard: { id: 'g', keyId: '0'.repeat(64), host: 'h', mode: 'run' as const },
        policy: { sha256: '0'.repeat(64), rules: [], tier, needs: [{ group: 'admin', count: 1 }] },
      };
      const admin = { id: 'carol', groups: ['admin', 'root', 'owner'], device: 'd' };
      expect(whyNotApprove(asked, admin, { solo: false, owners: [] })).toBe('ownAction');
    }
  });
});
