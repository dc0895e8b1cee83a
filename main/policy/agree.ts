// Does a request say what policy says? Everybody who is shown one computes it again from the same bytes: facts, then the
// verdict over them at the request's own time. A guard that says less than policy demands is not believed.

import { isDeepStrictEqual } from 'node:util';
import type { Request } from '../../shared/statement/request.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { factsUnder, sameFacts } from './facts.ts';
import { circumstancesOf, type Policy, type Verdict } from './policy.ts';

const MAX_WHY = 1000;

/** The verdict's checks, as a request carries them. */
export const checksIn = ({ checks }: Pick<Verdict, 'checks'>): Request['checks'] =>
  checks.map(({ name, outcome, why }) => ({
    name,
    outcome,
    why: rawOfText(why.slice(0, MAX_WHY)),
  }));

/** The first difference in one sentence, or undefined. `policy` is the one that the request names. */
export function whyOtherVerdict(request: Request, policy: Policy): string | undefined {
  const { action, facts, evaluatedAt } = request;
  if (!sameFacts(factsUnder(policy, action), facts)) return 'its facts are not those of its action';
  const said = policy.evaluate(facts, evaluatedAt, circumstancesOf(request));
  if (!said.ok) return 'policy cannot be evaluated over it';
  const verdict = said.value;
  if (verdict.outcome !== 'hold') return `policy does not hold it: ${verdict.outcome}`;
  const { tier, needs, rules } = request.policy;
  if (verdict.tier !== tier) return `its tier is ${verdict.tier}, and it says ${tier}`;
  if (!isDeepStrictEqual(verdict.needs, needs)) return 'it names other approvals than policy needs';
  if (!isDeepStrictEqual(verdict.rules, rules))
    return 'it names other rules than those that decide';
  if (!isDeepStrictEqual(checksIn(verdict), request.checks))
    return 'its checks are not what policy finds';
  return verdict.ttlMs !== undefined && request.ttlMs > verdict.ttlMs
    ? 'it waits longer than policy lets it'
    : undefined;
}
