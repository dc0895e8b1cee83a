// The explanation on a card: computed here from the pinned policy, with those who are still missing and who may fill their
// places; never from what the request says of itself.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainCard } from '../../../main/app/explain.ts';
import { openShelf } from '../../../main/policy/cedar/shelf.ts';
import type { Policy } from '../../../main/policy/policy.ts';
import { openFirstKeyring } from '../../../main/trust/keyring.ts';
import { invariant } from '../../../shared/result.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { decodeStatement } from '../../../shared/statement/statement.ts';
import { fromB64 } from '../../../shared/bytes.ts';
import { cedar, holding, NOT_ALICE, under } from '../../kit/test-policies.ts';
import { decisionBy, HandTime, makeOrg, type Org, requestBy } from '../../kit/wire-world.ts';
import { openWorld, WINDOW } from './world.ts';

const TWO = cedar(`@id("exports")
@tier("high")
@require("1 of ops and 1 of sales")
@reason("It takes data out.")
forbid (principal is Agent, action, resource) unless { context.approved };
`);

function stage(policy: Policy, change: (keyring: Keyring) => Keyring = (same) => same) {
  const org = makeOrg((keyring) =>
    change({ ...keyring, policies: [{ sha256: policy.sha256, name: 'test' }] }),
  );
  const held = openFirstKeyring(org.envelope, org.keyring);
  invariant(held.ok, 'the keyring is signed');
  const time = new HandTime();
  const plain = payloadOf('request', requestBy(org.guard, time).envelope);
  const request = under(plain, policy);
  const shelf = openShelf((sha256) => (sha256 === policy.sha256 ? policy.bytes : undefined));
  const explained = (...says: Decision[]) => {
    const decisions = says.map((one) => ({ sha256: '0'.repeat(64), says: one }));
    const life = { stage: 'open' as const };
    const said = explainCard({ request, decisions, life }, held.value, shelf, time.now());
    invariant(said.ok, `it is explained: ${said.ok ? '' : said.code}`);
    return said.value;
  };
  const by = (who: Org['alice'], verdict: 'approve' | 'deny' = 'approve'): Decision =>
    payloadOf('decision', decisionBy(who, time, 'a'.repeat(64), { verdict }).envelope);
  return { org, held: held.value, request, shelf, time, explained, by };
}

function payloadOf<T extends 'request' | 'decision'>(type: T, envelope: string) {
  const payload = fromB64((JSON.parse(envelope) as { payload: string }).payload);
  const read = decodeStatement(type, payload ?? new Uint8Array());
  invariant(read.ok, 'it was signed a moment ago');
  return read.value;
}

test('says which rule decides, with its reason and line, and what an approval takes', () => {
  expect(stage(TWO).explained()).toMatchObject({
    headline: 'Held at tier high until 1 of ops and 1 of sales have approved.',
    because: [{ rule: 'exports', says: 'It takes data out.', line: 1 }],
    takes: [
      'These are 2 different people.',
      'Press and hold approves, with a reason, and not from the machine that asked.',
    ],
    checks: [],
  });
});

test('names those who are missing, and no longer whoever has approved', () => {
  const { explained, org, by } = stage(TWO);
  expect(explained().missing).toEqual([
    '1 of ops is missing: alice.',
    '1 of sales is missing: bob.',
  ]);
  expect(explained(by(org.alice)).missing).toEqual(['1 of sales is missing: bob.']);
  expect(explained(by(org.alice), by(org.bob)).missing).toEqual([]);
});

test.each<[string, (keyring: Keyring) => Keyring]>([
  ['owns the agent', (one) => ({ ...one, owners: [{ agent: 'claude', owner: 'alice' }] })],
  [
    'sits on the guard’s machine',
    (one) => ({
      ...one,
      guards: one.guards.map((guard) => ({ ...guard, host: 'guard-1.host' })),
      reviewers: one.reviewers.map((who) => ({
        ...who,
        keys: who.keys.map((key) => ({ ...key, device: 'guard-1.host' })),
      })),
    }),
  ],
])('never names a person who %s, and says where nobody is left', (_, change) => {
  const [first] = stage(TWO, change).explained().missing;
  expect(first).toBe('1 of ops is missing, and nobody here may be it: this cannot be approved.');
});

test('never names a person whom policy does not let approve', () => {
  expect(stage(NOT_ALICE).explained().missing).toEqual(['1 person is missing: bob.']);
});

test('says so where two people are needed and one is left who may', () => {
  const owned = stage(holding('medium', '2 of anyone'), (one) => ({
    ...one,
    owners: [{ agent: 'claude', owner: 'alice' }],
  }));
  expect(owned.explained().missing).toEqual([
    '2 people are missing, and only bob may: this cannot be approved.',
  ]);
});

test('its words come from the pinned policy, not from what the request says of itself', () => {
  const { request, held, shelf, time } = stage(TWO);
  const { tier: _, ...rest } = request.policy;
  const liar = { ...request, policy: { ...rest, tier: 'low' as const }, checks: [] };
  const said = explainCard(
    { request: liar, decisions: [], life: { stage: 'open' } },
    held,
    shelf,
    time.now(),
  );
  expect(said).toMatchObject({
    ok: true,
    value: { headline: expect.stringContaining('tier high') },
  });
});

test('the app answers it for a card, and says where the policy is not on this machine', async () => {
  const gone = holding('high').sha256;
  await using world = await openWorld({
    before: (home) => rmSync(join(home.root, 'policies', gone), { force: true }),
  });
  const here = await world.answers.request.explain({ digest: await world.ask('medium') }, WINDOW);
  expect(here).toMatchObject({
    ok: true,
    value: {
      headline: 'Held at tier medium until one person has approved.',
      missing: ['1 person is missing: Maya Chen.'],
      because: [{ rule: 'hold-everything' }],
    },
  });
  const missing = await world.answers.request.explain({ digest: await world.ask('high') }, WINDOW);
  expect(missing).toMatchObject({ ok: false, code: 'policyMissing' });
  expect(await world.answers.request.explain({ digest: 'f'.repeat(64) }, WINDOW)).toMatchObject({
    ok: false,
    code: 'unknownRequest',
  });
});
