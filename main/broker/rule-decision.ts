// A reviewer decides: signed by that reviewer's own decision key on the device that sends it, about an open request
// that is theirs to decide, once, and next in that key's chain. The guard checks all of it again and trusts none of it.

import { textOf } from '../../shared/bytes.ts';
import { whyNotApprove } from '../../shared/domain/approval.ts';
import { whyNotChanges } from '../../shared/domain/changes.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Decision, NO_DECISION } from '../../shared/statement/decision.ts';
import { mayBeAsked } from '../../shared/domain/approval.ts';
import { fromB64 } from '../trust/base64.ts';
import { deciderOf } from '../policy/policy.ts';
import { claimedSize } from '../trust/checkpoint.ts';
import type { KeyHit } from '../trust/keyring.ts';
import type { Bench, Rule } from './bench.ts';
import { decide, expiresAt, type OpenRequest } from './desk.ts';
import { draftOf, openReviewed } from './open-statement.ts';

export const judgeDecision: Rule = (bench, session, text) => {
  const reviewed = openReviewed(bench, session, 'decision', text);
  if (!reviewed.ok) return reviewed;
  const { held, desk } = bench.standing;
  const { opened, signer } = reviewed.value;
  const { statement, sha256 } = opened;
  const { keyId, seq } = statement.reviewer;
  const open = desk.get(statement.request);
  if (open === undefined) {
    return fail(bench.ledger.query.request(statement.request) ? 'notOpen' : 'unknownRequest');
  }
  const may = mayDecide(bench, open, signer, statement);
  if (!may.ok) return may;
  const { changes } = statement;
  const unfit = changes && whyNotChanges(open.request, changes);
  if (unfit !== undefined) return fail('badChanges', unfit);
  const moved = decide(open, signer, { verdict: statement.verdict, sha256 }, held.keyring.solo);
  if (!moved.ok) return moved;
  const chain = { keyId, seq, digest: sha256 };
  bench.chains.set(keyId, chain);
  const about = { request: statement.request, ends: false };
  return ok({
    entry: { leaf: draftOf(opened), about, chain },
    request: statement.request,
    does: 'decides',
    saw: claimedSize(textOf(fromB64(statement.checkpoint) ?? new Uint8Array()) ?? ''),
  });
};

function mayDecide(
  bench: Bench,
  { request, deciders }: OpenRequest,
  judge: KeyHit,
  decision: Decision,
): Result<void, WireCode> {
  const { keyring } = bench.standing.held;
  if (bench.now >= expiresAt(request)) return fail('expired');
  const allowed =
    decision.verdict === 'approve'
      ? whyNotApprove(request, judge, keyring) === undefined &&
        policyLets(bench, request, judge, decision.issuedAt)
      : mayBeAsked(request.policy.needs, judge);
  if (!allowed) return fail('notYours');
  if (deciders.has(judge.id)) return fail('alreadyDecided');
  const { keyId, seq, prev } = decision.reviewer;
  const last = bench.chains.get(keyId) ?? bench.ledger.query.chain(keyId);
  return follows({ seq, prev }, last) ? ok(undefined) : fail('badSequence');
}

/** Policy can only narrow who may approve; without its bytes nobody may. */
function policyLets(
  { policies, standing }: Bench,
  request: OpenRequest['request'],
  judge: KeyHit,
  issuedAt: string,
): boolean {
  const { keyring } = standing.held;
  const policy = policies.named(request.policy.sha256, keyring.policies);
  const decider = deciderOf(request, judge, keyring);
  return policy.ok && policy.value.mayDecide(request, decider, issuedAt).may;
}

/**
 * Numbers only go up. A number may be missing: its decision was signed and refused, and no number is ever signed
 * twice. The next in line names the one before it, and only a first decision names none.
 */
export function follows(
  { seq, prev }: Pick<Decision['reviewer'], 'seq' | 'prev'>,
  last: { readonly seq: number; readonly digest: string } | undefined,
): boolean {
  if ((prev === NO_DECISION) !== (seq === 1)) return false;
  const expected = (last?.seq ?? 0) + 1;
  return seq === expected ? prev === (last?.digest ?? NO_DECISION) : seq > expected;
}
