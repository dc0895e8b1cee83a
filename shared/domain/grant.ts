// When a grant lets something run unasked, and why not: the one set of rules that broker, app and guard ask, and only the
// guard's answer lets anything run. Pure; a doubt is a refusal, and what is refused is held and asked as ever.

import { LIMITS } from '../protocol/limits.ts';
import { GRANT_TIERS, type GrantTerms } from '../statement/grant.ts';
import type { Need, Request } from '../statement/request.ts';
import { mayErase } from './administrators.ts';
import { mayBeAsked } from './approval.ts';
import { atLeast } from './tier.ts';

const HOUR_MS = 3600 * 1000;

export const GRANT_REFUSALS = {
  tierTooHigh: 'only what takes at most tier medium can be allowed again',
  notUnderstood: 'part of the action is not understood, so each one is asked',
  secrets: 'it touches secrets, so each one is asked',
  otherPlace: 'the grant is of another organisation or another log',
  otherGuard: 'the grant is for another guard',
  otherAgent: 'the grant is for another agent, or for another person’s',
  otherPolicy: 'the grant was made under another policy',
  aboveItsTier: 'policy puts this action above the tier of the grant',
  otherAction: 'the grant is of another action',
  badCondition: 'the condition of the grant is not one valid condition',
  noMatch: 'the condition of the grant does not hold for this action',
  notYet: 'the grant has not begun',
  over: 'the grant is over',
  farAhead: 'the grant begins later than it was signed',
  issuedAhead: 'the grant was signed in the future or after its own end',
  ended: 'a person has ended the grant',
  usedUp: 'every use of the grant is used',
  hourUsedUp: 'the uses of this hour are used',
  clockBack: 'this machine’s clock went back since the last use',
  notAGrant: 'that is not a grant in its one byte form with one signature',
  unknownKey:
    'the grant is signed by a key that may not grant, or could not at its place in the log',
  badSignature: 'the signature does not fit the grant',
  wrongSigner: 'the grant names another reviewer, device or key than the one that signed',
  viewDiffers: 'its signer was shown other terms than these',
  keyringDiffers: 'the grant names a keyring that this machine does not have',
  keyringExpired: 'the keyring has expired: nobody can be trusted by it',
  notAllowed: 'its signer may not approve this action',
  presenceTooWeak: 'it was granted by a weaker gesture than its tier demands',
  notEnough: 'not everybody whose approval this takes has granted it',
  badCheckpoint: 'the checkpoint is not signed by this organisation’s log',
  otherHistory: 'the log shows two histories: somebody has rewritten it',
  notInLog: 'there is no proof that the grant is in the log',
  notWitnessed: 'not enough people have confirmed that they see the same log',
  useNotWritten: 'the use could not be written down here, so it was not used',
  useNotInLog: 'the use is not proven to be in the log, so nothing was done on it',
} as const satisfies { readonly [code: string]: string };

export type GrantRefusal = keyof typeof GRANT_REFUSALS;
export const grantRefusalSays = (code: GrantRefusal): string => GRANT_REFUSALS[code];

/** What can be allowed again at all, by anybody: at most medium, understood, and without secrets. */
export function whyNotGrantable({
  facts,
  policy,
}: {
  readonly facts: Request['facts'];
  readonly policy: Pick<Request['policy'], 'tier'>;
}): GrantRefusal | undefined {
  if (!GRANT_TIERS.some((tier) => tier === policy.tier)) return 'tierTooHigh';
  const capabilities = facts['capabilities'];
  // Facts that do not say so are not believed to be harmless.
  if (facts['unknown'] !== false || !Array.isArray(capabilities)) return 'notUnderstood';
  if (capabilities.includes('unknown')) return 'notUnderstood';
  const { secrets = 0, secretPath } = facts;
  if (capabilities.includes('secret') || secretPath !== false || secrets !== 0) return 'secrets';
  return undefined;
}

type Fitting = Pick<Request, 'org' | 'log' | 'facts'> & {
  readonly guard: Pick<Request['guard'], 'id'>;
  readonly agent: Pick<Request['agent'], 'id' | 'onBehalfOf'>;
  readonly policy: Pick<Request['policy'], 'sha256' | 'tier'>;
};

/**
 * Do these terms speak of this request? `action` is the SHA-256 of its action's CJ-1 bytes; `holds` evaluates a condition over its
 * facts, undefined where it is not one valid condition.
 */
export function whyNotFits(
  terms: GrantTerms,
  request: Fitting,
  action: string,
  holds: (condition: string) => boolean | undefined,
): GrantRefusal | undefined {
  const not = whyNotGrantable(request);
  if (not) return not;
  if (terms.org !== request.org || terms.log !== request.log) return 'otherPlace';
  if (terms.guard !== request.guard.id) return 'otherGuard';
  if (terms.agent !== request.agent.id || terms.onBehalfOf !== request.agent.onBehalfOf)
    return 'otherAgent';
  if (terms.policy !== request.policy.sha256) return 'otherPolicy';
  if (!atLeast(terms.tier, request.policy.tier)) return 'aboveItsTier';
  if ('same' in terms.actions) return terms.actions.same === action ? undefined : 'otherAction';
  const said = holds(terms.actions.when);
  if (said === undefined) return 'badCondition';
  return said ? undefined : 'noMatch';
}

/** `now` in milliseconds; the end itself is outside. */
export function whyNotNow(
  { from, until }: Pick<GrantTerms, 'from' | 'until'>,
  now: number,
): GrantRefusal | undefined {
  if (now >= Date.parse(until)) return 'over';
  return now < Date.parse(from) ? 'notYet' : undefined;
}

/** A grant is for now: who signs it can't put it off, and clocks may differ by two minutes. */
export function whyNotIssued(
  { from, until }: Pick<GrantTerms, 'from' | 'until'>,
  issuedAt: string,
  now: number,
): GrantRefusal | undefined {
  const at = Date.parse(issuedAt);
  if (Date.parse(from) > at + LIMITS.clockSkewMs) return 'farAhead';
  return at > now + LIMITS.clockSkewMs || at >= Date.parse(until) ? 'issuedAhead' : undefined;
}

/** May there be one more use after those at these times? A clock that was set back makes nobody's uses younger. */
export function whyNoUse(
  { uses, perHour }: Pick<GrantTerms, 'uses' | 'perHour'>,
  used: readonly number[],
  now: number,
): GrantRefusal | undefined {
  if (used.length >= uses) return 'usedUp';
  if (used.some((at) => !(at <= now + LIMITS.clockSkewMs))) return 'clockBack';
  if (perHour === undefined) return undefined;
  // What a clock within its skew calls the future counts too.
  const recent = used.filter((at) => at > now - HOUR_MS).length;
  return recent >= perHour ? 'hourUsedUp' : undefined;
}

/** Whoever may decide the request that it came from, and every administrator. */
export const mayEndGrant = (
  keyring: { readonly solo: boolean },
  needs: readonly Need[],
  reviewer: { readonly groups: readonly string[] },
): boolean => mayErase(keyring, reviewer) || mayBeAsked(needs, reviewer);
