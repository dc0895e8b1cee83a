// From the rules that Cedar named to the answer: which outcome, tier, people, time and words. A tier is the highest that
// any matching rule says; people are what all of them together demand; a demanded check that failed is a refusal.

import type { Check, Verdict } from '../../../shared/domain/policy.ts';
import { NO_RULE, POLICY_ERROR } from '../../../shared/domain/policy.ts';
import { atLeast, TIERS, type Tier } from '../../../shared/domain/tier.ts';
import { composeNeeds, defaultNeeds } from './quorum.ts';
import type { Rule } from './rules.ts';

/** Of a rule that holds and says nothing, and of what no rule covers. */
const DEFAULT_TIER: Tier = 'medium';

export function allowed(rules: readonly Rule[], checks: readonly Check[]): Verdict {
  return (
    unmet(rules, checks) ?? {
      outcome: 'allow',
      tier: highest(rules.map((rule) => rule.tier ?? 'low')),
      needs: [],
      rules: rules.map((rule) => rule.id),
      checks,
      reason: sentences(rules, 'It may run at once'),
    }
  );
}

export function forbidden(rules: readonly Rule[], checks: readonly Check[]): Verdict {
  return {
    outcome: 'forbid',
    tier: highest(rules.map((rule) => rule.tier ?? DEFAULT_TIER)),
    needs: [],
    rules: rules.map((rule) => rule.id),
    checks,
    reason: sentences(rules, 'It is never allowed'),
  };
}

/** `waiting` are the rules that wait for people; `anyway` those that would let it run, were it not for them. */
export function held(
  waiting: readonly Rule[],
  anyway: readonly Rule[],
  checks: readonly Check[],
  unknown: boolean,
): Verdict {
  const refusal = unmet([...waiting, ...anyway], checks);
  if (refusal) return refusal;
  const tier = highest([
    ...(waiting.length === 0 || unknown ? [DEFAULT_TIER] : []),
    ...waiting.map((rule) => rule.tier ?? DEFAULT_TIER),
    ...anyway.flatMap((rule) => rule.tier ?? []),
  ]);
  const times = waiting.flatMap((rule) => rule.ttlMs ?? []);
  return {
    outcome: 'hold',
    tier,
    needs: composeNeeds(
      waiting.map((rule) => rule.needs ?? defaultNeeds(rule.tier ?? DEFAULT_TIER)),
      tier,
    ),
    rules: waiting.length === 0 ? [NO_RULE] : waiting.map((rule) => rule.id),
    checks,
    ...(times.length === 0 ? {} : { ttlMs: Math.min(...times) }),
    reason:
      waiting.length === 0
        ? 'No rule allows it at once, so a person decides.'
        : sentences(waiting, 'A person decides'),
  };
}

/** Nothing runs, and nobody is asked: no approval can make an answer out of an error. */
export function policyError(detail: string): Verdict {
  return {
    outcome: 'forbid',
    tier: DEFAULT_TIER,
    needs: [],
    rules: [POLICY_ERROR],
    checks: [],
    reason: `Policy could not be evaluated: ${detail}.`,
    code: 'policyError',
  };
}

/** The refusal where a matching rule demands a check that failed. */
function unmet(rules: readonly Rule[], checks: readonly Check[]): Verdict | undefined {
  const failed = checks.filter((check) => check.outcome === 'failed');
  const demanding = rules.filter((rule) => failed.some(({ name }) => rule.checks.includes(name)));
  if (demanding.length === 0) return undefined;
  const missed = failed.filter(({ name }) => demanding.some((rule) => rule.checks.includes(name)));
  return {
    ...forbidden(demanding, checks),
    reason: missed.map(({ name, why }) => `The check ${name} failed: ${why}.`).join(' '),
  };
}

const highest = (tiers: readonly Tier[]): Tier =>
  tiers.reduce((best, tier) => (atLeast(tier, best) ? tier : best), TIERS[0]);

/** The rules' own reasons, each once. */
function sentences(rules: readonly Rule[], otherwise: string): string {
  const said = rules.map((rule) => rule.reason ?? `${otherwise}: rule ${rule.id}.`);
  return [...new Set(said)].join(' ');
}
