// What the contract says about a request, made from its statement, and from what a row of history says.

import { toB64 } from '../../shared/bytes.ts';
import type { LogRow } from '../../shared/ipc/story.ts';
import type { RequestRow } from '../../shared/ipc/history.ts';
import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import type { Request } from '../../shared/statement/request.ts';
import { headline } from '../../shared/statement/view/headline.ts';

export function summaryOf(request: Request, digest: string, index: number): RequestSummary {
  const { title, target } = headline(request);
  return {
    digest,
    requestId: request.requestId,
    index,
    title,
    target,
    reason: typeof request.reason === 'string' ? request.reason : '',
    agent: request.agent.id,
    onBehalfOf: request.agent.onBehalfOf,
    guard: request.guard.id,
    host: request.guard.host,
    tier: request.policy.tier,
    createdAt: request.createdAt,
    expiresAt: new Date(Date.parse(request.createdAt) + request.ttlMs).toISOString(),
    stage: 'open',
    guardState: 'here',
    decisions: [],
    ...(request.parent === undefined ? {} : { parent: request.parent }),
  };
}

export function rowOf(
  summary: RequestSummary,
  kind: RequestRow['kind'],
  reviewer: string,
): RequestRow {
  const { index, digest, title, target, agent, guard, host, tier } = summary;
  const decision = summary.decisions[0];
  return {
    index,
    digest,
    at: summary.createdAt,
    title,
    kind,
    target,
    agent,
    person: summary.onBehalfOf,
    guard,
    host,
    tier,
    ending: summary.how ?? 'open',
    ...(decision === undefined
      ? {}
      : {
          verdict: decision.verdict,
          reviewer: { id: reviewer, name: decision.reviewer },
          decidedAt: decision.at,
          opened: true,
        }),
    ...(summary.run === undefined ? {} : { run: summary.run }),
  };
}

export const pastSummary = (row: RequestRow): RequestSummary => ({
  digest: row.digest,
  requestId: row.digest.slice(0, 32),
  index: row.index,
  title: row.title,
  target: row.target,
  reason: '',
  agent: row.agent,
  onBehalfOf: row.person,
  guard: row.guard,
  host: row.host,
  tier: row.tier,
  createdAt: row.at,
  expiresAt: row.at,
  stage: 'ended',
  ...(row.ending === 'open' ? {} : { how: row.ending }),
  ...(row.run === undefined ? {} : { run: row.run }),
  guardState: 'here',
  decisions:
    row.verdict === undefined
      ? []
      : [
          {
            sha256: row.digest,
            verdict: row.verdict,
            reviewer: row.reviewer?.name ?? '',
            presence: 'click',
            at: row.decidedAt ?? row.at,
          },
        ],
});

const FINGERPRINT = 'ab'.repeat(32);

export const stepOf = ({ index, type, at, who, says }: LogRow) => ({
  index,
  type,
  ...(at === undefined ? {} : { at }),
  signer: who,
  keyId: FINGERPRINT,
  signature: 'verified' as const,
  says,
});

/** What main says about the request that another one changes. */
export function parentIn(
  held: ReadonlyMap<string, { readonly payload: Uint8Array }>,
  { parent: digest }: Request,
  state: 'fits' | 'unread' | 'other',
) {
  if (digest === undefined) return {};
  const payload = state === 'unread' ? undefined : held.get(digest)?.payload;
  return { parent: { digest, state, ...(payload ? { payload: toB64(payload) } : {}) } };
}
