// A request as the window lists it: plain values and safe text only. The card itself is made from the signed bytes.

import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import type { Receipt } from '../../shared/statement/followups.ts';
import { type Raw } from '../../shared/statement/text.ts';
import { escapeText } from '../../shared/statement/view/escape.ts';
import { headline } from '../../shared/statement/view/headline.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import { findKey } from '../trust/keyring.ts';
import { type Standing, whyNotApproveNow, whyNotDeny } from './can.ts';
import type { DeskDecision, DeskEntry } from './desk.ts';

export function summarise(entry: DeskEntry, standing: Standing): RequestSummary {
  const { request, life } = entry;
  const { title, target } = headline(request);
  const approveOff = whyNotApproveNow(entry, standing);
  const denyOff = whyNotDeny(entry, standing);
  const exit = exitText(entry.receipt);
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
    decisions: entry.decisions.map((decision) => decisionSummary(decision, standing)),
    ...(entry.sending ? { sending: entry.sending } : {}),
    ...(approveOff ? { approveOff } : {}),
    ...(denyOff ? { denyOff } : {}),
  };
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
    at: says.issuedAt,
  };
}

export function exitText(receipt: Receipt | undefined): string | undefined {
  if (receipt?.exit === undefined) return receipt?.code;
  return 'code' in receipt.exit ? String(receipt.exit.code) : receipt.exit.signal;
}
