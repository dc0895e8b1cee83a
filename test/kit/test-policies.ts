// Policies that hold everything in one way each, for worlds whose requests must say what policy says of them.

import { openPolicy } from '../../main/policy/cedar/engine.ts';
import { factsUnder } from '../../main/policy/facts.ts';
import { circumstancesOf, holdEverything, type Policy } from '../../main/policy/policy.ts';
import { openPolicyFiles } from '../../main/state/policy-files.ts';
import { utf8 } from '../../shared/bytes.ts';
import { TIERS, type Tier } from '../../shared/domain/tier.ts';
import { invariant } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';

export function cedar(text: string): Policy {
  const opened = openPolicy(utf8(text), { name: 'test' });
  invariant(opened.ok, `a test's policy is valid: ${opened.ok ? '' : opened.problems[0]?.says}`);
  return opened.value;
}

/** `needs` as `@require` writes it. */
export const holding = (tier: Tier, needs?: string): Policy =>
  cedar(`@id("hold")
@tier("${tier}")${needs === undefined ? '' : `\n@require("${needs}")`}
forbid (principal is Agent, action, resource) unless { context.approved };
`);

export const ALLOWS = cedar(`@id("all")
permit (principal is Agent, action, resource);
`);

export const FORBIDS = cedar(`@id("never")
@reason("Nothing runs here.")
forbid (principal is Agent, action, resource);
`);

/** Holds, and lets one person approve nothing. */
export const NOT_ALICE = cedar(`@id("hold")
forbid (principal is Agent, action, resource) unless { context.approved };
@id("not-alice")
@reason("They are away.")
forbid (principal is Person, action, resource) when {
  principal == Person::"alice" || principal == Person::"maya"
};
`);

const EXTRA = ['1 of ops', '2 of anyone', '1 of ops and 1 of sec'] as const;
export const TEST_POLICIES: readonly Policy[] = [
  ALLOWS,
  FORBIDS,
  NOT_ALICE,
  ...TIERS.map((tier) => holding(tier)),
  ...(['medium', 'high'] as const).flatMap((tier) => EXTRA.map((needs) => holding(tier, needs))),
];

/** In force is hold-everything; the others may be named. */
export const PINNED: Keyring['policies'] = [...TEST_POLICIES, holdEverything()].map(
  ({ sha256, name }) => ({ sha256, name }),
);

/** As a machine that has all of them. */
export function keepTestPolicies(home: { readonly root: string }): void {
  const files = openPolicyFiles(home);
  for (const { bytes } of TEST_POLICIES) invariant(files.keep(bytes).ok, 'a policy is kept');
}

/** What a request says of a policy that holds everything in one way. */
export const saidBy = (
  policy: Policy,
  tier: Tier,
  group = 'anyone',
  count = 1,
): Request['policy'] => ({
  sha256: policy.sha256,
  rules: ['hold'],
  tier,
  needs: [{ group, count }],
});

/** What an honest guard says under this policy. */
export function under(request: Request, policy: Policy): Request {
  const facts = factsUnder(policy, request.action);
  const said = policy.evaluate(facts, request.evaluatedAt, circumstancesOf(request));
  invariant(said.ok && said.value.outcome === 'hold', 'the policy holds it');
  const { tier, needs, rules } = said.value;
  const names = { sha256: policy.sha256, tier, needs: [...needs], rules: [...rules] };
  return { ...request, facts, policy: names };
}
