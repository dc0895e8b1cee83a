// The words of a verdict: what happens, who is missing, which rule says so and where.

import { expect, test } from 'vitest';
import { explain, needsSay } from '../../../../main/policy/cedar/explain.ts';
import { explanationLines } from '../../../../main/cli/policy-voice.ts';
import { Settings } from '../../../../main/policy/cedar/settings.ts';
import { factsLike, opened, verdictOf } from './sample.ts';

const policy = opened(
  `// Reads run.
@id("reads") @reason("It only reads.")
permit (principal is Agent, action, resource) when { context.capabilities == ["read"] };

@id("deletes") @tier("high") @require("1 of dba and 1 of security") @ttl("10m")
@reason("It deletes something.")
forbid (principal is Agent, action, resource)
when { context.capabilities.contains("delete") } unless { context.approved };
`,
  Settings.parse({ version: 1, ticket: { prefixes: ['OPS-'] } }),
);
const lines = (given: Parameters<typeof factsLike>[0]): string => {
  const facts = factsLike(given);
  return explanationLines(explain(verdictOf(policy, facts), facts, policy)).join('\n');
};

test('of what is held: who, how, how long, why, and what was seen', () => {
  expect(lines({ capabilities: ['delete'], recursive: true, secretPath: true })).toBe(
    `Held at tier high until 1 of dba and 1 of security have approved.
  These are 2 different people.
  Press and hold approves, with a reason, and not from the machine that asked.
  It can be approved for 10 minutes.

because
  deletes (line 5)  It deletes something.

what the guard sees
  what it can do: delete
  it acts on a whole tree
  it names a file that holds secrets

checks
  Ticket failed: no ticket is named: say one like OPS-123 in the reason`,
  );
});

test('of what runs at once', () => {
  expect(lines({})).toMatch(
    /^Runs at once; nobody is asked\.\n\nbecause\n {2}reads \(line 2\) {2}It only reads\.\n/,
  );
});

test('of what no rule covers, and of what cannot be evaluated', () => {
  expect(lines({ capabilities: ['write'] })).toMatch(
    /^Held at tier medium until one person has approved\.\n.*\n\nbecause\n {2}no-rule {2}No rule allows it at once, so a person decides\./,
  );
  expect(lines({ invented: true })).toMatch(/^Refused: policy could not be evaluated\./);
});

test.each([
  [[{ group: 'anyone', count: 1 }], 'one person has'],
  [[{ group: 'anyone', count: 3 }], '3 people have'],
  [[{ group: 'dba', count: 1 }], '1 of dba has'],
  [
    [
      { group: 'dba', count: 1 },
      { group: 'anyone', count: 1 },
    ],
    '1 of dba and 1 more of anyone have',
  ],
])('%j: %s', (needs, says) => {
  expect(needsSay(needs)).toBe(says);
});
