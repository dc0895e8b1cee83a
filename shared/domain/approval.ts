// Who may decide a request, and whether the approvals so far are enough. Pure: guard, broker and app all ask here,
// and only the guard's answer lets anything run. Promise 4: nobody approves their own action; a quorum counts people.

import type { Need, Request } from '../statement/request.ts';
import type { Presence, Verdict } from '../statement/decision.ts';
import type { RefusalCode } from './refusals.ts';
import { approvalNeedsReason, atLeast, type Tier } from './tier.ts';

/** Every enrolled reviewer is in it. */
export const ANYONE = 'anyone';

export type Judge = {
  readonly id: string;
  readonly groups: readonly string[];
  /** The host id of the machine the decision was signed on. */
  readonly device: string;
};

export type Rules = {
  readonly solo: boolean;
  readonly owners: readonly { readonly agent: string; readonly owner: string }[];
};

type Asked = Pick<Request, 'agent' | 'guard' | 'policy'>;

/** Why this person may not approve, or undefined. A denial is anyone's who is asked. */
export function whyNotApprove(request: Asked, judge: Judge, rules: Rules): RefusalCode | undefined {
  if (!mayBeAsked(request.policy.needs, judge)) return 'notAllowed';
  if (rules.solo) return undefined;
  const owns = rules.owners.some((row) => row.agent === request.agent.id && row.owner === judge.id);
  if (request.agent.onBehalfOf === judge.id || owns) return 'ownAction';
  if (atLeast(request.policy.tier, 'high') && judge.device === request.guard.host)
    return 'sameHost';
  return undefined;
}

export const mayBeAsked = (needs: readonly Need[], judge: Pick<Judge, 'groups'>): boolean =>
  needs.some((need) => inGroup(need.group, judge));

const inGroup = (group: string, judge: Pick<Judge, 'groups'>): boolean =>
  group === ANYONE || judge.groups.includes(group);

const APPROVES: { readonly [T in Tier]: readonly Presence[] } = {
  low: [
    'channel',
    'notification',
    'click',
    'hold',
    'typed',
    'terminal',
    'passphrase',
    'os',
    'securityKey',
  ],
  medium: ['click', 'hold', 'typed', 'terminal', 'passphrase', 'os', 'securityKey'],
  high: ['hold', 'typed', 'passphrase', 'os', 'securityKey'],
  critical: ['passphrase', 'os', 'securityKey'],
};

/** The gesture table of the design: a denial takes any presence, an approval at least its tier's. */
export const presenceSuffices = (tier: Tier, verdict: Verdict, presence: Presence): boolean =>
  verdict === 'deny' || APPROVES[tier].includes(presence);

/**
 * What a channel's own key may sign (spec: Who sees what). It names no person, so it can be nobody's second approver,
 * and whatever gesture it claims, it is a chat's.
 */
export const channelSuffices = (
  policy: Pick<Request['policy'], 'tier' | 'needs'>,
  { verdict, presence }: { readonly verdict: Verdict; readonly presence: Presence },
): boolean =>
  verdict === 'deny' ||
  (policy.tier === 'low' &&
    presence === 'channel' &&
    policy.needs.reduce((sum, need) => sum + need.count, 0) === 1);

export const reasonSuffices = (tier: Tier, verdict: Verdict, reason: unknown): boolean =>
  verdict === 'deny' || !approvalNeedsReason(tier) || (reason !== undefined && reason !== '');

/** What is still missing. Each person fills at most one slot, whatever groups they are in. */
export function missingApprovals(
  needs: readonly Need[],
  people: readonly Pick<Judge, 'id' | 'groups'>[],
  rules: Pick<Rules, 'solo'>,
): readonly Need[] {
  const distinct = [...new Map(people.map((person) => [person.id, person])).values()];
  // Solo waives the head count, not the decision: one approval by the one person.
  if (rules.solo) return distinct.length > 0 ? [] : needs.slice(0, 1);
  const slots = needs.flatMap((need) => Array.from({ length: need.count }, () => need.group));
  const filledBy = matchSlots(slots, distinct);
  const open = slots.filter((_, slot) => filledBy[slot] === undefined);
  return needs
    .map((need) => ({
      group: need.group,
      count: open.filter((group) => group === need.group).length,
    }))
    .filter((need) => need.count > 0);
}

/** Bipartite matching by augmenting paths, so that no order of clicks can waste a person on the wrong slot. */
function matchSlots(
  slots: readonly string[],
  people: readonly Pick<Judge, 'groups'>[],
): readonly (number | undefined)[] {
  const slotOf: (number | undefined)[] = slots.map(() => undefined);
  const place = (person: number, tried: Set<number>): boolean =>
    slots.some((group, slot) => {
      const judge = people[person];
      if (judge === undefined || tried.has(slot) || !inGroup(group, judge)) return false;
      tried.add(slot);
      const holder = slotOf[slot];
      if (holder !== undefined && !place(holder, tried)) return false;
      slotOf[slot] = person;
      return true;
    });
  people.forEach((_, person) => {
    place(person, new Set());
  });
  return slotOf;
}
