// The app asks policy itself: a request that says less than policy demands, one whose policy is not here, and a person
// whom policy does not let approve.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Request } from '../../../shared/statement/request.ts';
import { holdEverything } from '../../../main/policy/policy.ts';
import { holding, NOT_ALICE, saidBy } from '../../kit/test-policies.ts';
import { factsUnder } from '../../../main/policy/facts.ts';
import { EXEC } from '../statement/view-samples.ts';
import { openWorld } from './world.ts';

const plain = holdEverything();
const says: Request['policy'] = {
  sha256: plain.sha256,
  rules: ['hold-everything'],
  tier: 'medium',
  needs: [{ group: 'anyone', count: 1 }],
};

test.each<[string, Partial<Request>]>([
  ['a lower tier', { policy: saidBy(holding('high'), 'medium') }],
  ['fewer people', { policy: saidBy(holding('high', '2 of anyone'), 'high') }],
  ['other rules', { policy: { ...says, rules: ['reads'] } }],
  ['other facts', { facts: { kind: 'exec', unknown: false } }],
  ['a check that nobody made', { checks: [{ name: 'pci', outcome: 'passed', why: 'fine' }] }],
])('a request that names %s than policy does cannot be approved', async (_, change) => {
  await using world = await openWorld();
  const digest = await world.ask('medium', { policy: says, ...change });
  expect(world.row(digest)).toMatchObject({ approveOff: 'unverified' });
  expect(world.row(digest)?.denyOff).toBeUndefined();
});

test('without the bytes of its policy a request can only be denied', async () => {
  const gone = holding('high').sha256;
  await using world = await openWorld({
    before: (home) => rmSync(join(home.root, 'policies', gone), { force: true }),
  });
  const digest = await world.ask('high');
  expect(world.row(digest)).toMatchObject({ approveOff: 'policyMissing' });
  expect(world.row(digest)?.denyOff).toBeUndefined();
});

test('policy can keep a person from approving, and never from denying', async () => {
  await using world = await openWorld();
  const facts = factsUnder(NOT_ALICE, EXEC);
  const digest = await world.ask('medium', { policy: saidBy(NOT_ALICE, 'medium'), facts });
  expect(world.row(digest)).toMatchObject({ approveOff: 'policyForbids' });
  expect(world.row(digest)?.denyOff).toBeUndefined();
});
