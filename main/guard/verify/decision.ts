// Is this envelope an approval, or a denial, that this guard may act on? Steps 1 to 13 of security note 2.5, in that
// order, one line each, every doubt a refusal with its own code. The log's part (14, 15) is in `log.ts`.

import { sameFacts } from '../../policy/facts.ts';
import { deciderOf, type Policy } from '../../policy/policy.ts';
import {
  channelSuffices,
  presenceSuffices,
  reasonSuffices,
  whyNotApprove,
  mayBeAsked,
} from '../../../shared/domain/approval.ts';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { fail, ok, type Failure, type Result } from '../../../shared/result.ts';
import type { Decision } from '../../../shared/statement/decision.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { decodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { type Envelope, parseEnvelope, verifyEnvelope } from '../../trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  type KeyHit,
  keyringExpired,
  validAt,
} from '../../trust/keyring.ts';
import { leafOf } from '../../trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../trust/limits.ts';
import { leafHash } from '../../trust/merkle.ts';

/** A request this guard is waiting for, with what it computed itself when it asked. */
export type Pending = {
  readonly request: Request;
  /** The one that it was asked under. */
  readonly policy: Pick<Policy, 'mayDecide'>;
  /** SHA-256 of the request's payload. */
  readonly digest: string;
  readonly leafHash: Uint8Array;
  /** What the guard's own renderer makes of the request. */
  readonly view: { readonly renderer: string; readonly sha256: string };
  /** On the guard's own monotonic clock. */
  readonly deadlineMono: number;
  /** False once it has ended, whichever way. */
  readonly open: () => boolean;
};

export type Moment = { readonly now: number; readonly monotonic: number };

export type Trust = {
  readonly keyring: HeldKeyring;
  /** Digest by version of every keyring this guard has verified. */
  readonly keyrings: ReadonlyMap<number, string>;
};

export type Approved = {
  readonly decision: Decision;
  readonly sha256: string;
  readonly signer: KeyHit;
  readonly leafHash: Uint8Array;
  /** Where the broker places it: a claim until `log.ts` has proven it. */
  readonly index: number;
};

/** A denial needs no place. */
export type Denied = Pick<Approved, 'decision' | 'sha256' | 'signer'>;

type Checked<T> = Result<T, RefusalCode>;

/** Everything about a decision that can be checked without the log. `index` is the place the broker claims. */
export function verifyDecision(
  bytes: Uint8Array,
  index: number,
  pending: Pending,
  trust: Trust,
  at: Moment,
): Checked<Approved> {
  const envelope = openEnvelope(bytes);
  if (!envelope.ok) return envelope;
  const signer = findSigner(envelope.value, trust, index);
  if (!signer.ok) return signer;
  if (!verifyEnvelope(envelope.value, signer.value.key)) return fail('badSignature');
  const decision = openDecision(envelope.value, signer.value);
  if (!decision.ok) return decision;
  const refusal =
    whyOther(decision.value, pending) ??
    whyOtherRules(decision.value, pending, trust, at) ??
    whyNotThem(decision.value, signer.value, pending, trust) ??
    whyNotNow(decision.value, pending, at);
  if (refusal) return refusal;
  return ok({
    decision: decision.value,
    sha256: sha256Hex(envelope.value.payload),
    signer: signer.value,
    leafHash: leafHash(leafOf(envelope.value)),
    index,
  });
}

/** Step 11, for a quorum: the same person again, by whatever key or device, is nobody new. */
export const whySamePerson = (
  approvals: readonly Approved[],
  next: Approved,
): RefusalCode | undefined =>
  approvals.some((one) => one.signer.id === next.signer.id) ? 'samePerson' : undefined;

/** An approval as the newest keyring has it: undefined once its key, its person or its place no longer count. */
export function judgeAgain(
  approved: Approved,
  pending: Pick<Pending, 'request' | 'policy'>,
  trust: Trust,
): Approved | undefined {
  const { signer, index, decision } = approved;
  const hit = findKey(trust.keyring, signer.key.keyId);
  if (hit?.use !== 'decision' || hit.id !== signer.id || !validAt(hit, index)) return undefined;
  return whyNotThem(decision, hit, pending, trust) ? undefined : { ...approved, signer: hit };
}

/**
 * The denial that an envelope is, however it reached this guard: an authentic refusal is honoured at once, without
 * proof, place or clock (spec: Verification). It must be signed for this request by somebody who is asked.
 */
export function authenticDenial(
  bytes: Uint8Array,
  pending: Pending,
  trust: Trust,
): Denied | undefined {
  const envelope = openEnvelope(bytes);
  if (!envelope.ok) return undefined;
  const hit = findKey(trust.keyring, envelope.value.signatures[0]?.keyid ?? '');
  if (hit?.use !== 'decision' || !verifyEnvelope(envelope.value, hit.key)) return undefined;
  const decision = openDecision(envelope.value, hit);
  if (!decision.ok || decision.value.verdict !== 'deny') return undefined;
  if (decision.value.request !== pending.digest) return undefined;
  if (!mayBeAsked(pending.request.policy.needs, hit)) return undefined;
  return {
    decision: decision.value,
    sha256: sha256Hex(envelope.value.payload),
    signer: hit,
  };
}

/** Steps 1 to 4. */
function openEnvelope(bytes: Uint8Array): Checked<Envelope> {
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.decision);
  if (!envelope.ok)
    return fail(envelope.code === 'size' ? 'tooLarge' : 'notCanonical', envelope.detail);
  if (envelope.value.payloadType !== payloadTypeOf('decision')) return fail('wrongType');
  if (envelope.value.signatures.length !== 1) return fail('signatureCount');
  return envelope;
}

/** Step 5. The key id of the signature is a hint; step 8 compares it with the signed one. */
function findSigner(envelope: Envelope, trust: Trust, index: number): Checked<KeyHit> {
  const hit = findKey(trust.keyring, envelope.signatures[0]?.keyid ?? '');
  if (hit === undefined) return fail('unknownKey');
  if (hit.use !== 'decision') return fail('wrongKeyUse', `it is a ${hit.use} key`);
  if (!validAt(hit, index)) return fail('keyNotValid');
  return ok(hit);
}

/** Steps 7 and 8, on the very bytes that were verified. */
function openDecision(envelope: Envelope, signer: KeyHit): Checked<Decision> {
  const decision = decodeStatement('decision', envelope.payload);
  if (!decision.ok)
    return fail(decision.code === 'cj1' ? 'badPayload' : 'badSchema', decision.detail);
  const { id, keyId, device } = decision.value.reviewer;
  if (id !== signer.id || keyId !== signer.key.keyId || device !== signer.device)
    return fail('wrongSigner');
  return decision;
}

/** Step 9: this request, and what this guard's own renderer shows of it. */
function whyOther(decision: Decision, pending: Pending): Failure<RefusalCode> | undefined {
  if (decision.request !== pending.digest) return fail('otherRequest');
  if (!pending.open()) return fail('notPending');
  const { renderer, sha256 } = decision.view;
  if (renderer !== pending.view.renderer || sha256 !== pending.view.sha256)
    return fail('viewDiffers');
  return undefined;
}

/** Step 10. */
function whyOtherRules(
  decision: Decision,
  { request }: Pending,
  { keyring, keyrings }: Trust,
  at: Moment,
): Failure<RefusalCode> | undefined {
  const { sha256, rules } = decision.policy;
  // As facts are compared: same value in the same order.
  if (sha256 !== request.policy.sha256 || !sameFacts({ rules }, { rules: request.policy.rules }))
    return fail('policyDiffers');
  if (keyrings.get(decision.keyring.version) !== decision.keyring.sha256)
    return fail('keyringDiffers');
  if (keyringExpired(keyring, at.now)) return fail('keyringExpired');
  return undefined;
}

/** Steps 11 and 12. */
function whyNotThem(
  decision: Decision,
  signer: KeyHit,
  { request, policy }: Pick<Pending, 'request' | 'policy'>,
  { keyring }: Trust,
): Failure<RefusalCode> | undefined {
  const { tier } = request.policy;
  const refusal =
    decision.verdict === 'approve' ? whyNotApprove(request, signer, keyring.keyring) : undefined;
  if (refusal) return fail(refusal);
  if (!mayBeAsked(request.policy.needs, signer)) return fail('notAllowed');
  const decider = deciderOf(request, signer, keyring.keyring);
  const said = policy.mayDecide(request, decider, decision.issuedAt);
  // Policy narrows who may approve; who is asked may always deny.
  if (decision.verdict === 'approve' && !said.may) return fail('policyForbidsPerson', said.reason);
  if (!presenceSuffices(tier, decision.verdict, decision.presence)) return fail('presenceTooWeak');
  if (signer.kind === 'channel' && !channelSuffices(request.policy, decision))
    return fail(
      'presenceTooWeak',
      'a channel may approve only at tier low, alone, and as a channel',
    );
  if (!reasonSuffices(tier, decision.verdict, decision.reason)) return fail('reasonMissing');
  return undefined;
}

/** Step 13. The monotonic clock stops in suspend and the wall clock can be set back, so both deadlines count. */
function whyNotNow(
  decision: Decision,
  { request, deadlineMono }: Pending,
  at: Moment,
): Failure<RefusalCode> | undefined {
  if (Math.abs(Date.parse(decision.issuedAt) - at.now) > LIMITS.clockSkewMs)
    return fail('issuedOutside');
  if (at.now >= Date.parse(decision.expiresAt)) return fail('decisionExpired');
  if (at.now >= Date.parse(request.createdAt) + request.ttlMs || at.monotonic >= deadlineMono)
    return fail('requestExpired');
  return undefined;
}
