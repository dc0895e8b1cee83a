// A guard asks: its own key, its own name, host, agents and tier, this organisation's log, attachments complete,
// room on the desk, and still time to answer. Only then does the request become a leaf.

import { atLeast } from '../../shared/domain/tier.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import type { Request } from '../../shared/statement/request.ts';
import { whyOtherVerdict } from '../policy/agree.ts';
import type { KeyHit } from '../trust/keyring.ts';
import type { Bench, Refusal, Rule } from './bench.ts';
import { expiresAt } from './desk.ts';
import { draftOf, openStatement, signerOf } from './open-statement.ts';
import { checkParent } from './rule-child.ts';
import { questionsIn } from './questions.ts';

export const judgeRequest: Rule = (bench, session, text) => {
  if (session.kind !== 'guard') return fail('wrongRole');
  const opened = openStatement('request', text);
  if (!opened.ok) return opened;
  const { held } = bench.standing;
  const { statement, sha256 } = opened.value;
  const index = bench.nextIndex;
  const signer = signerOf(opened.value, held, { kind: 'guard', use: 'guard', index });
  if (!signer.ok) return signer;
  if (signer.value.id !== session.id || !isOf(statement, signer.value, held.keyring)) {
    return fail('wrongGuard');
  }
  const stored = bench.ledger.query.request(sha256);
  if (stored !== undefined) return ok({ known: stored.index, request: sha256 });
  // Twice in one batch under two message ids: the second asks again once the first is stored.
  if (bench.standing.desk.get(sha256) !== undefined) return fail('busy');
  // Facts and verdict are computed here too: a difference is a refusal (spec: Verification).
  const policy = bench.policies.named(statement.policy.sha256, held.keyring.policies);
  if (!policy.ok) return fail('policyMissing', policy.detail);
  const other = whyOtherVerdict(statement, policy.value);
  if (other !== undefined) return fail('badPolicy', other);
  const child = checkParent(bench.ledger, statement);
  if (!child.ok) return child;
  const fits = checkRoom(bench, statement);
  if (!fits.ok) return fits;
  const early = checkBudget(bench, statement);
  if (early !== undefined) return early;
  bench.standing.desk.put(sha256, statement);
  const attachments = statement.attachments.map((one) => one.sha256);
  const opens = { request: sha256, guard: signer.value.id, attachments };
  return ok({ entry: { leaf: draftOf(opened.value), opens }, request: sha256, does: 'opens' });
};

function isOf(
  { guard, agent, org, log, policy }: Request,
  signer: KeyHit,
  keyring: Keyring,
): boolean {
  const row = keyring.guards.find((one) => one.id === signer.id);
  return (
    row !== undefined &&
    guard.id === row.id &&
    guard.keyId === signer.key.keyId &&
    guard.host === row.host &&
    org === keyring.org &&
    log === keyring.log.origin &&
    (row.agents.length === 0 || row.agents.includes(agent.id)) &&
    atLeast(row.maxTier, policy.tier)
  );
}

/** Last of all: a question that is refused for something else has not been asked. */
function checkBudget(bench: Bench, request: Request): Refusal | undefined {
  const { standing, policies, ledger, now } = bench;
  // Of the policy in force: an older one that a guard may still name is no way around it.
  const policy = policies.inForce(standing.held.keyring.policies);
  const budget = policy.ok ? policy.value.budgetOf(request.agent) : undefined;
  if (budget === undefined) {
    // What is asked from now on is not counted; a later budget begins with what the log says then.
    delete standing.questions;
    return undefined;
  }
  standing.questions ??= questionsIn(ledger, now);
  const retryAfterMs = standing.questions.waitOf(request, budget, now);
  if (retryAfterMs > 0) return { ...fail('tooManyQuestions'), retryAfterMs };
  standing.questions.add(request);
  return undefined;
}

function checkRoom({ standing, ledger, now }: Bench, request: Request): Result<void, WireCode> {
  if (now >= expiresAt(request)) return fail('expired');
  if (Date.parse(request.createdAt) > now + LIMITS.clockSkewMs) {
    return fail('badStatement', 'made in the future');
  }
  const { desk } = standing;
  if (desk.size >= LIMITS.maxPending) return fail('busy');
  if (desk.pendingOf(request) >= LIMITS.maxPendingPerAgent) return fail('busy');
  const total = request.attachments.reduce((sum, one) => sum + one.size, 0);
  if (total > LIMITS.maxAttachmentsBytes) return fail('tooLarge');
  const here = request.attachments.every((one) =>
    ledger.attachments.isComplete(request.guard.id, one.sha256, one.size),
  );
  return here ? ok(undefined) : fail('attachmentMissing');
}
