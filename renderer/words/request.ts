// What a request is and how it went, in words. Total over the unions of the contract.

import type { Tier } from '../../shared/domain/tier.ts';
import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import type { Presence } from '../../shared/statement/decision.ts';
import type { EndingHow, Receipt } from '../../shared/statement/followups.ts';

export const SOLO_LINE = 'solo: no separation of duties, no second witness';

export const TIER_NAME: { readonly [T in Tier]: string } = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

/** What an approval takes. `solo` waives the head count, never the gesture. */
export function tierTakes(tier: Tier, solo: boolean): string {
  switch (tier) {
    case 'low':
      return 'One person, one click.';
    case 'medium':
      return 'One person, one click, once everything has been on screen.';
    case 'high':
      return 'One person, a reason, press and hold.';
    case 'critical':
      return solo
        ? 'The target’s name and your passphrase.'
        : 'Two people, each with the target’s name and a passphrase.';
  }
}

export const ENDED: { readonly [H in EndingHow]: string } = {
  approved: 'Approved',
  approvedWithChanges: 'Approved with changes',
  denied: 'Denied',
  expiredUnseen: 'Expired, nobody saw it',
  expiredSeen: 'Expired without an answer',
  withdrawn: 'Withdrawn by the guard',
};

const RAN: { readonly [S in Receipt['state']]: string } = {
  consumed: 'about to run',
  started: 'running',
  finished: 'ran',
  refused: 'the guard refused to run it',
  unknown: 'nobody knows whether it ran',
};

export const PRESENCE_SAYS: { readonly [P in Presence]: string } = {
  channel: 'in a chat channel',
  notification: 'from a notification',
  click: 'with one click',
  hold: 'by press and hold',
  typed: 'by typing the target’s name',
  terminal: 'in a terminal',
  passphrase: 'with a passphrase',
  os: 'with the system’s presence check',
  securityKey: 'with a security key',
};

/** Where the request stands, in a few words: for a row and for the card's bar. */
export function standing(request: RequestSummary): string {
  const { stage, how, run, exit, sending, decisions } = request;
  if (stage === 'open' && sending !== undefined)
    return sending === 'approve' ? 'Sending your approval' : 'Sending your denial';
  if (stage === 'open' && request.guardState === 'gone') return 'Agent gone';
  if (stage === 'open') return 'Waiting';
  const verdict = decisions.some((one) => one.verdict === 'deny') ? 'Denied' : 'Approved';
  const ended = stage === 'decided' || how === undefined ? verdict : ENDED[how];
  if (run === undefined) return ended;
  return `${ended}, ${RAN[run]}${exit === undefined ? '' : ` (${exit})`}`;
}

/** How it came out, for the colour and the sign beside the words. */
export function outcomeOf(request: RequestSummary): 'waiting' | 'yes' | 'no' | 'nobody' {
  if (request.stage === 'open') return 'waiting';
  if (request.decisions.some((one) => one.verdict === 'deny') || request.how === 'denied')
    return 'no';
  if (request.run === 'refused') return 'no';
  if (request.stage === 'decided') return 'yes';
  return request.how === 'approved' || request.how === 'approvedWithChanges' ? 'yes' : 'nobody';
}

export const DENY_PRESETS = [
  'Not now',
  'Wrong target',
  'Not what I asked for',
  'Too broad',
  'Looks unsafe',
] as const;

/** Stands before the reason of a denial that reports: one fixed text in the log, in every language of the screen. */
export const REPORT_MARK = 'Reported';

export const reportReason = (why: string): string =>
  why === '' ? REPORT_MARK : `${REPORT_MARK}: ${why}`;
