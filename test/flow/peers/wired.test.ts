// Defects that were found in other products: a check that was written, tested and never called, and a silence that passed.
// Each check here is met by a real run over a real broker, with keys that sign what no honest app would: taking the call
// out lets the command run, and turns its test red.

import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../main/link/system-ports.ts';
import type { Policy } from '../../../main/policy/policy.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Notice } from '../../../shared/statement/followups.ts';
import { HOST } from '../../kit/guard-world.ts';
import { type Hand, openTeamHouse, type TeamHouse } from '../../kit/team-house.ts';
import { holding, NOT_ALICE } from '../../kit/test-policies.ts';
import { signed } from '../../kit/wire-world.ts';

let house: TeamHouse | undefined;
afterEach(async () => {
  await house?.stop();
  house = undefined;
});
const open = async (options: Parameters<typeof openTeamHouse>[0] = {}): Promise<TeamHouse> => {
  house = await openTeamHouse(options);
  return house;
};

describe('wired in, end to end', () => {
  test('without anything wrong it runs: the checks below are what stops it', async () => {
    const at = await open();
    const running = at.run();
    const alice = await at.hand(at.world.keys.alice);
    await alice.signs(await alice.sees());
    expect(await running).toMatchObject({ ran: 1, end: { how: 'ran' } });
  });

  test.each<[string, Partial<Decision> | ((now: number) => Partial<Decision>), string, Policy?]>([
    [
      'the gesture of the tier',
      { presence: 'click', reason: 'fine' },
      'presenceTooWeak',
      holding('high'),
    ],
    ['the reason of the tier', { presence: 'hold' }, 'reasonMissing', holding('high')],
    [
      'the presence check of critical',
      { presence: 'hold', reason: 'fine' },
      'presenceTooWeak',
      holding('critical'),
    ],
    [
      'what was on the screen',
      { view: { renderer: 'countersign-view/1', sha256: '1'.repeat(64), flags: [] } },
      'viewDiffers',
    ],
    [
      'the policy that it was shown under',
      { policy: { sha256: '1'.repeat(64), rules: [] } },
      'policyDiffers',
    ],
    [
      'the keyring that the reviewer held',
      { keyring: { version: 1, sha256: '1'.repeat(64) } },
      'keyringDiffers',
    ],
    ['the decision’s own expiry', (now) => ({ expiresAt: iso(now - 1) }), 'decisionExpired'],
    ['the reviewer’s clock', (now) => ({ issuedAt: iso(now - 180_000) }), 'issuedOutside'],
  ])('%s is checked by the guard', async (_, change, code, policy) => {
    const at = await open(policy === undefined ? {} : { policy });
    const running = at.run();
    const alice = await at.hand(at.world.keys.alice);
    const seen = await alice.sees();
    const wrong = typeof change === 'function' ? change(Date.now()) : change;
    expect(await alice.signs(seen, wrong)).toEqual(expect.any(Number));
    expect(await running).toMatchObject({ ran: 0, end: { how: 'refused', code } });
  });

  test('witnesses: approved, and confirmed by nobody, it does not run', async () => {
    const at = await open({
      keyring: (keyring) => ({ ...keyring, witnesses: { count: 1, withinMs: 60_000 } }),
    });
    const running = at.run({ ttlMs: 3_000 });
    const alice = await at.hand(at.world.keys.alice);
    await alice.signs(await alice.sees());
    const run = await running;
    expect(run).toMatchObject({ ran: 0, end: { how: 'refused', code: 'notWitnessed' } });
    expect(run.events).toContainEqual({ what: 'unwitnessed', missing: 1 });
  });

  test('the request’s expiry: an approval after it comes too late, by the guard’s own clock', async () => {
    const at = await open();
    let ahead = 0;
    const running = at.run({
      ttlMs: 60_000,
      on: (event) => {
        if (event.what === 'held') ahead = 59_999_000;
      },
      ports: { clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead } },
    });
    const alice = await at.hand(at.world.keys.alice);
    await alice.signs(await alice.sees());
    expect(await running).toMatchObject({
      ran: 0,
      end: { how: 'refused', code: 'requestExpired' },
    });
  });

  test('whom policy lets decide, at the broker', async () => {
    const at = await open({ policy: NOT_ALICE });
    const running = at.run();
    const [alice, bob] = [await at.hand(at.world.keys.alice), await at.hand(at.world.keys.bob)];
    expect(await alice.signs(await alice.sees())).toBe('notYours');
    await bob.signs(await bob.sees());
    expect(await running).toMatchObject({ ran: 1, end: { who: 'bob' } });
  });

  test('the machine that asked, at the broker', async () => {
    const at = await open({
      policy: holding('high'),
      keyring: (keyring) => ({
        ...keyring,
        reviewers: keyring.reviewers.map((one) => ({
          ...one,
          keys: one.keys.map((key) => ({ ...key, device: HOST })),
        })),
      }),
    });
    const running = at.run({ ttlMs: 2_500 });
    const alice = await at.hand({ ...at.world.keys.alice, device: HOST });
    const seen = await alice.sees();
    expect(await alice.signs(seen, { presence: 'hold', reason: 'fine' })).toBe('notYours');
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });
});

describe('silence never approves, and a step that was skipped never passed', () => {
  const ways: readonly (readonly [
    string,
    Policy | undefined,
    (at: TeamHouse) => Promise<unknown>,
  ])[] = [
    ['nobody is there', undefined, async () => {}],
    [
      'everybody has seen it',
      undefined,
      async (at) => {
        for (const hand of await both(at)) await notes(hand, at, ['delivered', 'shown', 'opened']);
      },
    ],
    [
      'everybody has handed it over',
      undefined,
      async (at) => {
        for (const hand of await both(at)) await notes(hand, at, ['handedOver']);
      },
    ],
    [
      'everybody sleeps over it',
      undefined,
      async (at) => {
        for (const hand of await both(at)) await notes(hand, at, ['snoozed']);
      },
    ],
    [
      'one of two has approved, and the other handed it over',
      holding('medium', '2 of anyone'),
      async (at) => {
        const [alice, bob] = await both(at);
        await alice?.signs(await alice.sees());
        if (bob) await notes(bob, at, ['handedOver']);
      },
    ],
  ];
  test.each(ways)('%s: it expires, and nothing runs', async (_, policy, act) => {
    const at = await open(policy === undefined ? {} : { policy });
    const running = at.run({ ttlMs: 2_500 });
    await act(at);
    expect(await running).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });

  test('the broker goes away while it is asked: nothing runs', async () => {
    const at = await open();
    house = undefined;
    const running = at.run({
      ttlMs: 2_500,
      on: (event) => {
        if (event.what === 'held') void at.stopBroker();
      },
    });
    const run = await running;
    await at.stop();
    expect(run.ran).toBe(0);
    expect(['expired', 'unreachable']).toContain(run.end.how);
  });
});

const iso = (ms: number): string => new Date(ms).toISOString();

const both = async (at: TeamHouse): Promise<readonly Hand[]> => [
  await at.hand(at.world.keys.alice),
  await at.hand(at.world.keys.bob),
];

async function notes({ who, client, sees }: Hand, _: TeamHouse, all: readonly Notice['what'][]) {
  const { digest } = await sees();
  const by = { id: who.id, keyId: who.session.keyId, device: who.device };
  for (const what of all) {
    const notice = { request: digest, what, by, at: iso(Date.now()) };
    const { envelope } = signed('notice', notice, who.session);
    expect(['number', 'string']).toContain(typeof (await client.ask('notice', { envelope })));
  }
}
