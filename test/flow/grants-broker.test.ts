// The broker's side of grants by hand: each guard hears of its own alone, a number is taken once, an end stops what comes after it,
// and who may not read the request hears nothing of the uses.

import { afterEach, expect, test } from 'vitest';
import { fromB64, toHex, utf8 } from '../../shared/bytes.ts';
import type { AutoEntry } from '../../shared/statement/auto.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { invariant } from '../../shared/result.ts';
import { digestOf, grantEndOf, grantOf, termsOf } from '../kit/granting.ts';
import { holding, saidBy } from '../kit/test-policies.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import type { WireClient } from '../kit/wire-client.ts';
import {
  decisionBy,
  makeOrg,
  type Org,
  ORIGIN,
  type Person,
  requestBy,
  signed,
} from '../kit/wire-world.ts';

const OPS = holding('medium', '1 of ops');
let here: Visit;
let org: Org;
afterEach(() => here.leave());

type Granted = { readonly request: string; readonly terms: GrantTerms; readonly grant: string };

/** Asked by the first guard, approved and granted by alice, who is in ops; bob is not. */
async function begin(change: Partial<GrantTerms> = {}) {
  org = makeOrg((keyring) => ({
    ...keyring,
    policies: [{ sha256: OPS.sha256, name: 'test' }],
  }));
  here = await visit(org);
  const { time } = here.house;
  const guard = await here.asGuard();
  const alice = await here.asReviewer();
  const asked = requestBy(org.guard, time, {
    policy: saidBy(OPS, 'medium', 'ops'),
    action: SHELL,
  });
  expect(await guard.ask('request', { envelope: asked.envelope })).toEqual(expect.any(Number));
  const decided = decisionBy(org.alice, time, asked.sha256);
  expect(await alice.ask('decision', { envelope: decided.envelope })).toEqual(expect.any(Number));
  const payload = fromB64(JSON.parse(asked.envelope).payload) ?? new Uint8Array();
  const request = decodeStatement('request', payload);
  invariant(request.ok, 'it was signed a moment ago');
  const terms = termsOf(request.value, time.now(), change);
  const says = grantOf(asked.sha256, terms, {
    ...by(org.alice, 2, decided.sha256),
    keyring: org.keyring,
    note: 'note\n',
    now: time.now(),
  });
  const grant = signed('grant', says, org.alice.decision);
  return { guard, alice, time, terms, grant, says, request: request.value, asked };
}

/** Two reads of the desk's own folder: understood, and no secret. */
const SHELL: Request['action'] = {
  kind: 'tool',
  runtime: 'claude-code',
  tool: 'Bash',
  inputRaw: '{"command":"touch made"}',
  cwd: '/srv',
};

const by = (who: Person, seq: number, prev: string) => ({
  who: { ...who, decision: who.decision, session: who.session, witness: who.witness },
  chain: { seq, prev },
});

async function granted(client: WireClient, agent = 'claude') {
  const id = client.tell('grants', { agent });
  return (await client.wait('granted', (one) => one.ref === id)).body;
}

function useOf(
  { request, terms, grant }: Granted,
  asked: Request,
  use: number,
  change: Partial<AutoEntry> = {},
): string {
  const entry: AutoEntry = {
    id: toHex(utf8(`use number ${String(use).padStart(5, '0')}`)),
    action: digestOf(asked.action),
    agent: asked.agent,
    mode: 'run',
    facts: asked.facts,
    evaluatedAt: asked.evaluatedAt,
    policy: { sha256: asked.policy.sha256, rules: asked.policy.rules },
    outcome: 'allow',
    grant: { request, terms: digestOf(terms), grants: [grant], use },
    ...change,
  };
  const guard = { id: 'guard-1', keyId: org.guard.guard.keyId, host: 'guard-1.host' };
  const auto = { org: 'org', log: ORIGIN, guard, entries: [entry], at: asked.evaluatedAt };
  return signed('auto', auto, org.guard.guard).envelope;
}

test('a guard hears of its own grants alone, of the agent that it names', async () => {
  const { guard, alice, grant } = await begin();
  expect(await alice.ask('grant', { envelope: grant.envelope })).toEqual(expect.any(Number));
  expect((await granted(guard)).grants).toHaveLength(1);
  expect((await granted(guard, 'gemini')).grants).toEqual([]);
  expect((await granted(await here.asGuard(org.other))).grants).toEqual([]);
  expect(await alice.ask('grants', { agent: 'claude' })).toBe('wrongRole');
  await here.house.restart();
  expect((await granted(await here.asGuard())).grants).toHaveLength(1);
});

test('takes each number of a use once, for its guard and agent, up to the bound, and none after the end', async () => {
  const made = await begin({ uses: 2 });
  const { guard, alice, grant, terms, request, asked, time } = made;
  await alice.ask('grant', { envelope: grant.envelope });
  const one = { request: asked.sha256, terms, grant: grant.sha256 };
  const say = (envelope: string) => guard.ask('auto', { envelope });
  expect(await say(useOf(one, request, 1))).toEqual(expect.any(Number));
  const twice = { evaluatedAt: new Date(time.now() + 1).toISOString() };
  expect(await say(useOf(one, request, 1, twice))).toBe('notGranted');
  expect(await say(useOf(one, request, 3))).toBe('notGranted');
  const other = { agent: { ...request.agent, id: 'gemini' } };
  expect(await say(useOf(one, request, 2, other))).toBe('notGranted');
  const unknown = { ...one, grant: '0'.repeat(64) };
  expect(await say(useOf(unknown, request, 2))).toBe('notGranted');
  const end = grantEndOf(asked.sha256, terms, {
    ...by(org.alice, 3, grant.sha256),
    now: time.now(),
  });
  const ended = signed('grantEnd', end, org.alice.decision);
  expect(await alice.ask('grantEnd', { envelope: ended.envelope })).toEqual(expect.any(Number));
  expect(await say(useOf(one, request, 2))).toBe('notGranted');
  const told = await granted(guard);
  expect([told.grants.length, told.ends.length]).toEqual([0, 1]);
});

test('takes none of its uses once it is over, and tells the guard of it no more', async () => {
  const { alice, grant, terms, request, asked, time } = await begin();
  await alice.ask('grant', { envelope: grant.envelope });
  time.advance(3_600_000);
  const one = { request: asked.sha256, terms, grant: grant.sha256 };
  const again = await here.asGuard();
  expect((await granted(again)).grants).toEqual([]);
  expect(await again.ask('auto', { envelope: useOf(one, request, 1) })).toBe('notGranted');
});

test('takes a grant from nobody but its signer, next in the chain of their key, and an end from nobody who may not decide', async () => {
  const { alice, grant, says, terms, asked, time } = await begin();
  const bob = await here.asReviewer(org.bob);
  expect(await bob.ask('grant', { envelope: grant.envelope })).toBe('notYours');
  const late = { ...says, reviewer: { ...says.reviewer, seq: 1, prev: '0'.repeat(64) } };
  const envelope = signed('grant', late, org.alice.decision).envelope;
  expect(await alice.ask('grant', { envelope })).toBe('badSequence');
  const forged = signed('grant', says, org.alice.session).envelope;
  expect(await alice.ask('grant', { envelope: forged })).toBe('unknownKey');
  expect(await alice.ask('grant', { envelope: grant.envelope })).toEqual(expect.any(Number));
  const end = grantEndOf(asked.sha256, terms, {
    ...by(org.bob, 1, '0'.repeat(64)),
    now: time.now(),
  });
  const ended = signed('grantEnd', end, org.bob.decision).envelope;
  expect(await bob.ask('grantEnd', { envelope: ended })).toBe('notYours');
});

test('shows a use to whoever may read the request that its grant came from, and to nobody else', async () => {
  const { guard, alice, grant, terms, request, asked } = await begin();
  const bob = await here.asReviewer(org.bob);
  await alice.ask('grant', { envelope: grant.envelope });
  const one = { request: asked.sha256, terms, grant: grant.sha256 };
  const index = await guard.ask('auto', { envelope: useOf(one, request, 1) });
  invariant(typeof index === 'number', 'it was taken');
  await Promise.all([alice.leaf(index), bob.leaf(index)]);
  expect(alice.leaves().get(index)?.payload).toEqual(expect.any(String));
  expect(bob.leaves().get(index)?.payload).toBeUndefined();
  expect(bob.leaves().get(index - 1)?.payload).toBeUndefined();
});
