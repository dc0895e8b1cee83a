// A request as the window lists it: plain values and safe text only. The card itself is made from the signed bytes.

import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { Receipt } from '../../shared/statement/followups.ts';
import type { Request } from '../../shared/statement/request.ts';
import { type Raw } from '../../shared/statement/text.ts';
import { escapeText } from '../../shared/statement/view/escape.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import { sha256Hex } from '../trust/digest.ts';
import { findKey } from '../trust/keyring.ts';
import { type Standing, whyNotApproveNow, whyNotDeny } from './can.ts';
import type { DeskDecision, DeskEntry } from './desk.ts';
import { askedNow } from './on-call.ts';

export function summarise(entry: DeskEntry, standing: Standing): RequestSummary {
  const { request, life } = entry;
  const { title, target } = headline(request);
  const approveOff = whyNotApproveNow(entry, standing);
  const denyOff = whyNotDeny(entry, standing);
  const exit = exitText(entry.receipt);
  const asked = askedNow(entry, standing.me.id, standing.keyring.keyring);
  return {
    digest: entry.digest,
    requestId: request.requestId,
    index: entry.index,
    title,
    target,
    reason: shown(request.reason),
    agent: request.agent.id,
    onBehalfOf: request.agent.onBehalfOf,
    guard: request.guard.id,
    host: request.guard.host,
    tier: request.policy.tier,
    createdAt: request.createdAt,
    expiresAt: new Date(Date.parse(request.createdAt) + request.ttlMs).toISOString(),
    stage: life.stage,
    ...(life.how ? { how: life.how } : {}),
    ...(life.run ? { run: life.run } : {}),
    ...(exit ? { exit } : {}),
    guardState: entry.guardState,
    repeats: likenessOf(request),
    decisions: entry.decisions.map((decision) => decisionSummary(decision, standing)),
    ...(request.parent === undefined ? {} : { parent: request.parent }),
    ...(entry.sending ? { sending: entry.sending } : {}),
    ...(approveOff ? { approveOff } : {}),
    ...(denyOff ? { denyOff } : {}),
    ...(asked ? { asked } : {}),
  };
}

/** An action may be large, and a row is summed up often. */
const likenesses = new WeakMap<Request, string>();

function likenessOf(request: Request): string {
  const known = likenesses.get(request);
  if (known !== undefined) return known;
  const { agent, guard, action, policy } = request;
  // An action is plain CJ-1 by its schema; whoever is asked for something else is no repeat.
  const same = [guard.id, agent.id, agent.onBehalfOf, policy.sha256, policy.tier, action as Cj];
  const likeness = sha256Hex(encodeCj(same));
  likenesses.set(request, likeness);
  return likeness;
}

/** Escaped as on the card: control and bidirectional characters become visible tokens. */
export const shown = (raw: Raw): string => escapeText(bytesOfRaw(raw), { ascii: false });

function decisionSummary({ sha256, says }: DeskDecision, { keyring }: Standing) {
  return {
    sha256,
    verdict: says.verdict,
    reviewer: findKey(keyring, says.reviewer.keyId)?.name ?? says.reviewer.id,
    presence: says.presence,
    ...(says.reason === undefined ? {} : { reason: shown(says.reason) }),
    ...(says.changes === undefined ? {} : { changes: says.changes }),
    at: says.issuedAt,
  };
}

export function exitText(receipt: Receipt | undefined): string | undefined {
  if (receipt?.exit === undefined) return receipt?.code;
  return 'code' in receipt.exit ? String(receipt.exit.code) : receipt.exit.signal;
}
