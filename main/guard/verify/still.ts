// Right before the act: does everybody who approved still count, and does policy still ask for what was met? A gate's answer is
// moments old, and a keyring, a clock or the facts may have moved since.

import { isDeepStrictEqual } from 'node:util';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import type { Action } from '../../../shared/statement/action.ts';
import { factsUnder, sameFacts } from '../../policy/facts.ts';
import { circumstancesOf } from '../../policy/policy.ts';
import { type Asked, guardEnded } from '../ask.ts';
import type { Identity } from '../state/identity.ts';
import { type Approved, judgeAgain } from './decision.ts';

/** The newest keyring's word on this guard and on everyone who approved: one that came after the gate counts too. */
export function whyNoLonger(
  decisions: readonly Approved[],
  asked: Pick<Asked, 'request' | 'policy'>,
  identity: Identity,
): RefusalCode | undefined {
  if (guardEnded(identity)) return 'guardRevoked';
  const { policies } = identity.trust().keyring.keyring;
  if (!policies.some(({ sha256 }) => sha256 === asked.request.policy.sha256))
    return 'policyForbids';
  const stand = decisions.every((one) => judgeAgain(one, asked, identity.trust()) !== undefined);
  return stand ? undefined : 'keyNotValid';
}

/** Policy again, by the guard's own clock, over the facts as they are now: what it asks for now must be what was met. */
export function whyPolicy(
  action: Action,
  { request, policy }: Pick<Asked, 'request' | 'policy'>,
  now: number,
): RefusalCode | undefined {
  const facts = factsUnder(policy, action);
  if (!sameFacts(facts, request.facts)) return 'factsChanged';
  const verdict = policy.evaluate(facts, new Date(now).toISOString(), circumstancesOf(request));
  if (!verdict.ok || verdict.value.outcome === 'forbid') return 'policyForbids';
  if (verdict.value.outcome === 'allow') return undefined;
  const { tier, needs } = verdict.value;
  const same = isDeepStrictEqual(
    { tier, needs },
    { tier: request.policy.tier, needs: request.policy.needs },
  );
  return same ? undefined : 'policyForbids';
}
