// May this reviewer approve or deny this request now, and if not, why. The window shows it; `decide` enforces it.

import { mayBeAsked, whyNotApprove } from '../../shared/domain/approval.ts';
import type { WhyNot } from '../../shared/ipc/snapshot.ts';
import type { HeldKeyring, KeyHit } from '../trust/keyring.ts';
import { type DeskEntry, rulesOf } from './desk.ts';
import type { Parents } from './parents.ts';
import type { PolicyCheck } from './policies.ts';

export type Standing = {
  readonly unlocked: boolean;
  /** There is a passphrase to ask for. */
  readonly provable: boolean;
  readonly online: boolean;
  readonly alarmed: boolean;
  /** Entries that a verified checkpoint covers. */
  readonly proven: number;
  readonly keyring: HeldKeyring;
  readonly policies: Pick<PolicyCheck, 'check' | 'lets'>;
  readonly parents: Pick<Parents, 'check'>;
  /** This device's own decision key, as the keyring knows it. */
  readonly me: KeyHit;
  readonly now: number;
};

const APPROVE_REFUSALS = {
  notAllowed: 'notAllowed',
  ownAction: 'ownAction',
  sameHost: 'sameHost',
} as const;

export function whyNotDeny(entry: DeskEntry, standing: Standing): WhyNot | undefined {
  if (entry.life.stage !== 'open') return entry.life.stage;
  if (entry.sending) return 'sending';
  if (standing.now >= Date.parse(entry.request.createdAt) + entry.request.ttlMs) return 'expired';
  if (!mayBeAsked(entry.request.policy.needs, standing.me)) return 'notAllowed';
  if (!standing.unlocked) return 'locked';
  if (!standing.online) return 'offline';
  return undefined;
}

export function whyNotApproveNow(entry: DeskEntry, standing: Standing): WhyNot | undefined {
  if (standing.alarmed) return 'alarm';
  const off = whyNotDeny(entry, standing);
  if (off && off !== 'locked' && off !== 'offline') return off;
  if (entry.guardState === 'gone') return 'agentGone';
  // Keys in the computer's key store alone: nothing could show that it is this person (design: Gestures).
  if (entry.request.policy.tier === 'critical' && !standing.provable) return 'noPresence';
  if (!entry.signed || entry.index >= standing.proven) return 'unverified';
  const said = standing.policies.check(entry, standing.keyring);
  if (said !== 'agrees') return said === 'missing' ? 'policyMissing' : 'unverified';
  const parent = standing.parents.check(entry);
  if (parent === 'looking') return 'unverified';
  if (parent === 'other') return 'otherParent';
  const refusal = whyNotApprove(entry.request, standing.me, rulesOf(standing.keyring.keyring));
  // The three codes that whyNotApprove gives; a new one must be named here before it can be shown.
  if (refusal) return APPROVE_REFUSALS[refusal as keyof typeof APPROVE_REFUSALS] ?? 'notAllowed';
  if (!standing.policies.lets(entry, standing.keyring, standing.me, standing.now))
    return 'policyForbids';
  return off;
}
