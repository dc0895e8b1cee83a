// The broker's rules about changes, each by a statement that breaks exactly it: what may be proposed, and which request is a
// child of what was denied.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../shared/statement/action.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import { type Decision, NO_DECISION } from '../../shared/statement/decision.ts';
import type { Request } from '../../shared/statement/request.ts';
import type { WireClient } from '../kit/wire-client.ts';
import { type Visit, visit } from '../kit/wire-visit.ts';
import {
  decisionBy,
  endingBy,
  type GuardKeys,
  type HandTime,
  makeOrg,
  type Org,
  requestBy,
  type Signed,
} from '../kit/wire-world.ts';

const tool = (inputRaw: string, more: object = {}): Action => ({
  kind: 'tool',
  runtime: 'shell',
  tool: 'export',
  inputRaw,
  cwd: '/srv',
  ...more,
});
const FEWER: Changes = { kind: 'tool', inputRaw: 'ten customers' };

let org: Org;
let here: Visit;
let time: HandTime;
let guard: WireClient;
let alice: WireClient;
let chain: { seq: number; prev: string };
beforeEach(async () => {
  org = makeOrg();
  here = await visit(org);
  time = here.house.time;
  guard = await here.asGuard();
  alice = await here.asReviewer();
  chain = { seq: 1, prev: NO_DECISION };
});
afterEach(() => here.leave());

const send = (one: Signed, who = guard) => who.ask('request', { envelope: one.envelope });
const decide = async (request: string, change: Partial<Decision>) => {
  const one = decisionBy(org.alice, time, request, { ...change, chain });
  const answer = await alice.ask('decision', { envelope: one.envelope });
  if (typeof answer === 'number') chain = { seq: chain.seq + 1, prev: one.sha256 };
  return answer;
};
const deny = (request: string, changes?: Changes) =>
  decide(request, { verdict: 'deny', ...(changes === undefined ? {} : { changes }) });
async function opened(change: Partial<Request> = {}): Promise<string> {
  const one = requestBy(org.guard, time, change);
  expect(await send(one)).toBeTypeOf('number');
  return one.sha256;
}
/** A request that was denied with FEWER proposed. */
async function changedOne(change: Partial<Request> = {}): Promise<string> {
  const request = await opened({ action: tool('customers'), ...change });
  expect(await deny(request, FEWER)).toBeTypeOf('number');
  return request;
}
const child = (parent: string, change: Partial<Request> = {}, by: GuardKeys = org.guard) =>
  requestBy(by, time, { parent, action: tool('ten customers'), ...change });

describe('a denial that proposes', () => {
  test.each<[string, Changes]>([
    ['another kind of action', { kind: 'exec', argv: ['ls'] }],
    ['what was asked', { kind: 'tool', inputRaw: 'customers' }],
    [
      'a long value that the request does not have',
      { kind: 'tool', inputRaw: { attachment: 'a'.repeat(64), size: 5000 } },
    ],
  ])('%s is refused, and nothing is decided', async (_, changes) => {
    const request = await opened({ action: tool('customers') });
    expect(await deny(request, changes)).toBe('badChanges');
    expect(await deny(request)).toBeTypeOf('number');
  });
});

describe('a request that changes another', () => {
  test('is taken where exactly this was proposed, also after the parent has ended', async () => {
    const parent = await changedOne();
    expect(await send(child(parent))).toBeTypeOf('number');
    const ending = endingBy(org.guard, time, parent, { how: 'denied' });
    expect(await guard.ask('ending', { envelope: ending.envelope })).toBeTypeOf('number');
    await here.house.restart();
    guard = await here.asGuard();
    expect(await send(child(parent))).toBeTypeOf('number');
  });

  test('whose parent is not in the log is refused', async () => {
    expect(await send(child('0'.repeat(64)))).toBe('badChanges');
  });

  test('whose parent was not decided is refused', async () => {
    expect(await send(child(await opened({ action: tool('customers') })))).toBe('badChanges');
  });

  test('whose parent was approved is refused', async () => {
    const parent = await opened({ action: tool('customers') });
    expect(await decide(parent, { verdict: 'approve' })).toBeTypeOf('number');
    expect(await send(child(parent))).toBe('badChanges');
  });

  test('whose parent was denied without a proposal is refused', async () => {
    const parent = await opened({ action: tool('customers') });
    expect(await deny(parent)).toBeTypeOf('number');
    expect(await send(child(parent))).toBe('badChanges');
  });

  test.each<[string, Partial<Request>]>([
    ['asks something else than was proposed', { action: tool('all customers') }],
    ['asks what was denied', { action: tool('customers') }],
    ['is in another folder', { action: tool('ten customers', { cwd: '/' }) }],
    [
      'is for another agent',
      { agent: { id: 'other', session: 's1', onBehalfOf: 'carol', authn: 'declared' } },
    ],
  ])('that %s is refused', async (_, change) => {
    expect(await send(child(await changedOne(), change))).toBe('badChanges');
  });

  test('of another guard is refused', async () => {
    const parent = await changedOne();
    const other = await here.asGuard(org.other);
    expect(await send(child(parent, {}, org.other), other)).toBe('badChanges');
  });

  test('is one of three in a chain, and the fourth is refused', async () => {
    let parent = await opened({ action: tool('0') });
    for (const next of ['1', '2', '3', '4']) {
      expect(await deny(parent, { kind: 'tool', inputRaw: next })).toBeTypeOf('number');
      const one = requestBy(org.guard, time, { parent, action: tool(next) });
      const answer = await send(one);
      if (next === '4') expect(answer).toBe('badChanges');
      else expect(answer).toBeTypeOf('number');
      parent = one.sha256;
    }
  });
});

describe('an ending', () => {
  const end = (request: string, how: 'approved' | 'approvedWithChanges', decisions: string[]) =>
    guard.ask('ending', {
      envelope: endingBy(org.guard, time, request, { how, decisions }).envelope,
    });

  test('with changes is of a changed request, and of no other', async () => {
    const plain = await opened({ action: tool('customers') });
    await decide(plain, { verdict: 'approve' });
    expect(await end(plain, 'approvedWithChanges', [])).toBe('badStatement');
    expect(await end(plain, 'approved', [])).toBeTypeOf('number');
    const one = child(await changedOne());
    await send(one);
    await decide(one.sha256, { verdict: 'approve' });
    expect(await end(one.sha256, 'approved', [])).toBe('badStatement');
    expect(await end(one.sha256, 'approvedWithChanges', [])).toBeTypeOf('number');
  });
});
