// One request as attention sees it, from the row that every surface lists and the entry on the desk.

import type { Tier } from '../../../shared/domain/tier.ts';
import { mayBeAsked } from '../../../shared/domain/approval.ts';
import { utf8 } from '../../../shared/bytes.ts';
import type { RequestSummary, WhyNot } from '../../../shared/ipc/snapshot.ts';
import type { Action } from '../../../shared/statement/action.ts';
import { headline, type Headline } from '../../../shared/statement/view/headline.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { HeldKeyring, KeyHit } from '../../trust/keyring.ts';
import type { DeskEntry } from '../desk.ts';
import { type Routing, type WhoseTurn, whoseTurn } from '../on-call.ts';

export type AskedRow = {
  readonly digest: string;
  readonly headline: Headline;
  readonly action: Action;
  readonly host: string;
  readonly agent: string;
  readonly onBehalfOf: string;
  readonly tier: Tier;
  /** Wall clock, ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** It is open and this person is to decide it: without that it is nobody's business here. */
  readonly wants: boolean;
  readonly mayApprove: boolean;
  readonly mayDeny: boolean;
  readonly denied: boolean;
  /** The same for each request of one agent for the very same action. */
  readonly same: string;
  /** Whether this person is to be disturbed: by the rota, where there is one. */
  readonly turn: WhoseTurn;
  /** How many other people may decide it. */
  readonly others: number;
};

/** With these no notification could help this person decide it now. */
const NOT_TO_DENY: readonly (WhyNot | undefined)[] = [
  'notAllowed',
  'expired',
  'decided',
  'ended',
  'sending',
];
const NOT_TO_APPROVE: readonly (WhyNot | undefined)[] = [
  'ownAction',
  'agentGone',
  'unverified',
  'policyMissing',
  'policyForbids',
];

export function askedRow(
  summary: RequestSummary,
  entry: DeskEntry,
  me: Pick<KeyHit, 'id'>,
  keyring: HeldKeyring,
  routing?: Routing,
): AskedRow {
  const { request } = entry;
  const mine = entry.decisions.some(({ says }) => says.reviewer.id === me.id);
  return {
    digest: summary.digest,
    headline: headline(request),
    action: request.action,
    host: request.guard.host,
    agent: request.agent.id,
    onBehalfOf: request.agent.onBehalfOf,
    tier: request.policy.tier,
    createdAt: Date.parse(summary.createdAt),
    expiresAt: Date.parse(summary.expiresAt),
    wants:
      summary.stage === 'open' &&
      !mine &&
      !NOT_TO_DENY.includes(summary.denyOff) &&
      !NOT_TO_APPROVE.includes(summary.approveOff),
    mayApprove: summary.approveOff === undefined,
    mayDeny: summary.denyOff === undefined,
    denied: summary.how === 'denied' || entry.life.verdict === 'deny',
    same: sha256Hex(utf8(`${request.agent.id}\n${JSON.stringify(request.action)}`)),
    turn: whoseTurn(entry, me.id, routing),
    others: othersFor(request.policy.needs, me, keyring),
  };
}

/** People with a decision key of their own who may be asked, beside this one. */
function othersFor(
  needs: DeskEntry['request']['policy']['needs'],
  me: Pick<KeyHit, 'id'>,
  held: HeldKeyring,
): number {
  if (held.keyring.solo) return 0;
  const people = [...held.keys.values()].filter(
    (hit) =>
      hit.kind === 'reviewer' &&
      hit.use === 'decision' &&
      hit.untilIndex === undefined &&
      hit.id !== me.id &&
      mayBeAsked(needs, hit),
  );
  return new Set(people.map((hit) => hit.id)).size;
}
