// A past log against a changed policy: counts that add up, rules with examples, and what a person denied comes first.

import { expect, test } from 'vitest';
import { type Past, rehearse } from '../../../../main/policy/cedar/rehearse.ts';
import { rehearsalLines } from '../../../../main/cli/policy-voice.ts';
import { BY, factsLike, opened } from './sample.ts';

const policy = opened(`@id("reads") @tier("low") permit (principal is Agent, action, resource)
when { context.capabilities == ["read"] };
@id("deletes") @tier("high") @require("1 of sre and 1 of dba")
forbid (principal is Agent, action, resource)
when { context.capabilities.contains("delete") } unless { context.approved };
@id("never") forbid (principal is Agent, action, resource) when { context.rootPath };`);

const past = (title: string, capability: string, more: Partial<Past> = {}, facts = {}): Past => ({
  title,
  at: '2026-11-20T09:00:00.000Z',
  facts: factsLike({ capabilities: [capability], ...facts }),
  by: BY,
  was: { outcome: 'hold', tier: 'medium', needs: [{ group: 'anyone', count: 1 }] },
  ...more,
});

async function* log(): AsyncGenerator<Past> {
  yield past('run ls', 'read', { ended: 'approved', at: '2026-10-23T09:00:00.000Z' });
  yield past('run ls', 'read');
  yield past('run cat keys', 'read', { ended: 'denied' });
  yield past('run rm x', 'delete', { ended: 'approved' });
  yield past('run rm -rf /', 'delete', { ended: 'denied' }, { rootPath: true });
  yield past('run touch x', 'write', { at: '2026-11-22T09:00:00.000Z' });
  yield past('run odd', 'read', {}, { invented: true });
}

test('what would have been asked, of whom, and how many more or fewer', async () => {
  const found = await rehearse(policy, log());
  expect(found).toMatchObject({
    actions: 7,
    from: '2026-10-23T09:00:00.000Z',
    until: '2026-11-22T09:00:00.000Z',
    before: { prompts: 7, approvals: 7, allowed: 0, forbidden: 0, groups: { anyone: 7 } },
    after: {
      prompts: 2,
      approvals: 3,
      allowed: 3,
      forbidden: 2,
      tiers: { high: 1, medium: 1 },
      groups: { sre: 1, dba: 1, anyone: 1 },
    },
    deniedThenAllowed: [{ title: 'run cat keys', rules: ['reads'] }],
    errors: 1,
  });
  expect(found.rules.map(({ rule, outcome, actions }) => [rule, outcome, actions])).toEqual([
    ['reads', 'allow', 3],
    ['deletes', 'hold', 1],
    ['never', 'forbid', 1],
    ['no-rule', 'hold', 1],
    ['policy-error', 'forbid', 1],
  ]);
  expect(found.rules[0]?.examples).toEqual([
    { title: 'run ls', at: '2026-10-23T09:00:00.000Z', ended: 'approved' },
    { title: 'run cat keys', at: '2026-11-20T09:00:00.000Z', ended: 'denied' },
  ]);
});

test('is printed with what a person denied before the rules', async () => {
  expect(rehearsalLines(await rehearse(policy, log())).join('\n')).toBe(
    `7 requests, 2026-10-23 to 2026-11-22

                       before   after
people asked                7       2   5 fewer prompts
approvals needed            7       3
run at once                 0       3
refused                     0       2
  of anyone                 7       1
  of dba                    0       1
  of sre                    0       1

1 action that a person denied would now run at once:
  2026-11-20  run cat keys  (reads)

by rule
  reads         runs at once       3
      run ls  [approved]
      run cat keys  [denied]
  deletes       held               1
      run rm x  [approved]
  never         refused            1
      run rm -rf /  [denied]
  no-rule       held               1
      run touch x
  policy-error  refused            1
      run odd

1 request could not be evaluated and would be refused`,
  );
});

test('an empty log says so', async () => {
  expect(rehearsalLines(await rehearse(policy, []))).toEqual([
    'no requests in this log: there is nothing to compare',
  ]);
});
