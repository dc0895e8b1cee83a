// A past log against a changed policy: what would have been asked, of whom, and how many more or fewer questions that
// is. It only reads; where an action is kept, its facts are computed again, as the guard would today.

import type { Action } from '../../../shared/statement/action.ts';
import type { Need, Request } from '../../../shared/statement/request.ts';
import type { Tier } from '../../../shared/domain/tier.ts';
import { NO_RULE, type PolicyOutcome, type Verdict } from '../../../shared/domain/policy.ts';
import { factsOf } from '../facts.ts';
import { type Circumstances, circumstancesOf, type Facts, type Policy } from '../policy.ts';
import { peopleIn } from './quorum.ts';

/** One thing that an agent asked for, as the log has it. */
export type Past = {
  readonly title: string;
  readonly at: string;
  readonly action?: Action;
  readonly facts: Facts;
  readonly by: Circumstances;
  readonly was: {
    readonly outcome: PolicyOutcome;
    readonly tier: Tier;
    readonly needs: readonly Need[];
  };
  /** One of the six endings; absent where it is still open or was never held. */
  readonly ended?: string;
};

export type Example = Pick<Past, 'title' | 'at' | 'ended'>;

export type Rehearsal = {
  readonly actions: number;
  readonly from?: string;
  readonly until?: string;
  readonly before: Tally;
  readonly after: Tally;
  /** By what would decide now; the most frequent first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly outcome: PolicyOutcome;
    readonly actions: number;
    /** How many of them were asked about before. */
    readonly askedBefore: number;
    readonly examples: readonly Example[];
  }[];
  /** The ones to look at first: a person said no, and now nobody would be asked. */
  readonly deniedThenAllowed: readonly (Example & { readonly rules: readonly string[] })[];
  /** Of the actions, how many the policy could not be evaluated over; they count as refused. */
  readonly errors: number;
};

export type Tally = {
  readonly prompts: number;
  /** People who have to say yes, in all. */
  readonly approvals: number;
  readonly allowed: number;
  readonly forbidden: number;
  readonly tiers: Readonly<Record<string, number>>;
  /** Questions by group. */
  readonly groups: Readonly<Record<string, number>>;
};

const EXAMPLES = 3;

export async function rehearse(
  policy: Pick<Policy, 'evaluate'>,
  log: AsyncIterable<Past> | Iterable<Past>,
): Promise<Rehearsal> {
  const [before, after] = [openTally(), openTally()];
  const rules = new Map<string, RuleCount>();
  const deniedThenAllowed: (Example & { rules: readonly string[] })[] = [];
  let [actions, errors] = [0, 0];
  let from: string | undefined;
  let until: string | undefined;
  for await (const past of log) {
    actions++;
    from = from === undefined || past.at < from ? past.at : from;
    until = until === undefined || past.at > until ? past.at : until;
    const verdict = judge(policy, past);
    if (verdict.code !== undefined) errors++;
    before.add(past.was);
    after.add(verdict);
    count(rules, past, verdict);
    if (past.ended === 'denied' && verdict.outcome === 'allow')
      deniedThenAllowed.push({ ...exampleOf(past), rules: verdict.rules });
  }
  return {
    actions,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    before: before.tally(),
    after: after.tally(),
    rules: [...rules.values()].toSorted(
      (a, b) => b.actions - a.actions || (a.rule < b.rule ? -1 : 1),
    ),
    deniedThenAllowed,
    errors,
  };
}

/** A request as the log has it, which was held: that is why there is a request. */
export const pastRequest = (request: Request, title: string, ended: string | undefined): Past => ({
  title,
  at: request.evaluatedAt,
  action: request.action,
  facts: request.facts,
  by: circumstancesOf(request),
  was: { outcome: 'hold', tier: request.policy.tier, needs: request.policy.needs },
  ...(ended === undefined ? {} : { ended }),
});

function judge(policy: Pick<Policy, 'evaluate'>, past: Past): Verdict {
  const now = past.action ? { ...factsOf(past.action), ...labelsIn(past.facts) } : past.facts;
  const verdict = policy.evaluate(now, past.at, past.by);
  if (verdict.ok) return verdict.value;
  const rules = [NO_RULE];
  const reason = verdict.detail ?? verdict.code;
  return {
    outcome: 'forbid',
    tier: 'medium',
    needs: [],
    rules,
    checks: [],
    reason,
    code: 'policyError',
  };
}

/** Labels are not in the action: what they were then is what they are. */
const labelsIn = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).filter(([name]) => name === 'environment' || name === 'dataClass'),
  );

type RuleCount = {
  rule: string;
  outcome: PolicyOutcome;
  actions: number;
  askedBefore: number;
  examples: Example[];
};

function count(rules: Map<string, RuleCount>, past: Past, verdict: Verdict): void {
  for (const rule of verdict.rules) {
    const { outcome } = verdict;
    const key = `${outcome} ${rule}`;
    const row = rules.get(key) ?? { rule, outcome, actions: 0, askedBefore: 0, examples: [] };
    rules.set(key, row);
    row.actions++;
    if (past.was.outcome === 'hold') row.askedBefore++;
    const known = row.examples.some((example) => example.title === past.title);
    if (!known && row.examples.length < EXAMPLES) row.examples.push(exampleOf(past));
  }
}

const exampleOf = ({ title, at, ended }: Past): Example => ({
  title,
  at,
  ...(ended === undefined ? {} : { ended }),
});

function openTally() {
  let [prompts, approvals, allowed, forbidden] = [0, 0, 0, 0];
  const tiers: Record<string, number> = {};
  const groups: Record<string, number> = {};
  return {
    add: ({ outcome, tier, needs }: Past['was']): void => {
      if (outcome === 'allow') allowed++;
      if (outcome === 'forbid') forbidden++;
      if (outcome !== 'hold') return;
      prompts++;
      approvals += peopleIn(needs);
      tiers[tier] = (tiers[tier] ?? 0) + 1;
      for (const { group } of needs) groups[group] = (groups[group] ?? 0) + 1;
    },
    tally: (): Tally => ({ prompts, approvals, allowed, forbidden, tiers, groups }),
  };
}
