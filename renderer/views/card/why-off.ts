// Why approve or deny is off right now, as the sentence that stands beside it. Main has the last word; this only says so
// before a press, and adds what main cannot see: this window's own state.

import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import type { WireState } from '../../socket-wire.ts';
import { CARD, MISSING } from '../../words/card.ts';
import { unseenSay } from '../../words/counts.ts';
import { WHY_NOT_SAYS } from '../../words/decide.ts';
import { NOT_REACHED } from '../../words/failures.ts';
import type { CardState } from './use-card.ts';

export type Now = {
  readonly request: RequestSummary;
  readonly card: CardState;
  readonly wire: WireState;
  readonly asking: 'approve' | 'deny' | undefined;
  readonly unseen: number | undefined;
  readonly at: number;
};

export function whyApproveOff(now: Now): string | undefined {
  const { request, card } = now;
  if (card.state === 'failed') return CARD.cannot(card.says);
  if (card.state === 'loading') return CARD.reading;
  const shared = whyBothOff(now, request.approveOff);
  if (shared !== undefined) return shared;
  if (!card.view.approvable) return WHY_NOT_SAYS.notApprovable;
  if (request.tier === 'low' || now.unseen === 0) return undefined;
  return unseenSay(now.unseen ?? 1);
}

export const whyDenyOff = (now: Now): string | undefined => whyBothOff(now, now.request.denyOff);

function whyBothOff(now: Now, off: RequestSummary['approveOff']): string | undefined {
  if (now.wire !== 'open') return NOT_REACHED;
  if (now.asking !== undefined || now.request.sending !== undefined) return WHY_NOT_SAYS.sending;
  if (off !== undefined) return WHY_NOT_SAYS[off];
  return Date.parse(now.request.expiresAt) <= now.at ? WHY_NOT_SAYS.expired : undefined;
}

/** What the tier asks a person to enter before approving, as the first thing that is missing. */
export function missingInput(
  tier: RequestSummary['tier'],
  given: { readonly reason: string; readonly typed: string; readonly passphrase: string },
): string | undefined {
  if (tier !== 'high' && tier !== 'critical') return undefined;
  if (given.reason.trim() === '') return MISSING.reason;
  if (tier === 'high') return undefined;
  if (given.typed === '') return MISSING.target;
  return given.passphrase === '' ? MISSING.passphrase : undefined;
}
