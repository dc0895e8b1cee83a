// Is this envelope a grant that counts for this request, or the end of one? Checked here in full, whatever the broker says of it;
// the log's part is below. Every doubt has its code, and each of them means that people are asked as ever.

import { fromB64, textOf } from '../../../shared/bytes.ts';
import { presenceSuffices, whyNotApprove } from '../../../shared/domain/approval.ts';
import {
  type GrantRefusal,
  whyNotFits,
  whyNotIssued,
  whyNotNow,
} from '../../../shared/domain/grant.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import type { Grant, GrantTerms } from '../../../shared/statement/grant.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { decodeStatement, payloadTypeOf } from '../../../shared/statement/statement.ts';
import { TERMS_RENDERER, termsBytes } from '../../../shared/statement/terms-text.ts';
import { conditionHolds } from '../../policy/cedar/condition.ts';
import { circumstancesOf, deciderOf, type Policy } from '../../policy/policy.ts';
import { type Checkpoint, openCheckpoint } from '../../trust/checkpoint.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { type Envelope, parseEnvelope, verifyEnvelope } from '../../trust/envelope.ts';
import { findKey, type HeldKeyring, type KeyHit, validAt } from '../../trust/keyring.ts';
import { leafOf } from '../../trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../../trust/limits.ts';
import { leafHash } from '../../trust/merkle.ts';
import { parseVkey } from '../../trust/vkey.ts';
import type { Trust } from './decision.ts';

/** What it would be used for: a request that the guard has made and not sent. */
export type Wanted = {
  readonly request: Request;
  readonly policy: Policy;
  /** SHA-256 of the CJ-1 bytes of its action. */
  readonly action: string;
};

export type VerifiedGrant = {
  readonly grant: Grant;
  readonly sha256: string;
  /** SHA-256 of the CJ-1 bytes of its terms: the same terms by several people count together. */
  readonly terms: string;
  readonly signer: KeyHit;
  readonly leafHash: Uint8Array;
  /** A claim until its inclusion is proven. */
  readonly index: number;
  /** The head that its signer had verified: signed by this log, and not later than the grant. */
  readonly seen: Checkpoint;
};

type Checked<T> = Result<T, GrantRefusal>;

export const termsDigest = (terms: GrantTerms): string =>
  // Terms are plain CJ-1 by their schema.
  sha256Hex(encodeCj(terms as Cj));

export function wantedOf(request: Request, policy: Policy): Wanted {
  return { request, policy, action: sha256Hex(encodeCj(request.action as Cj)) };
}

/** Everything that can be checked without the log. `now` in milliseconds by this machine's clock. */
export function verifyGrant(
  bytes: Uint8Array,
  index: number,
  wanted: Wanted,
  trust: Trust,
  now: number,
): Checked<VerifiedGrant> {
  const opened = openSigned(bytes, 'grant', trust.keyring);
  if (!opened.ok) return opened;
  const { envelope, signer, says: grant } = opened.value;
  if (!validAt(signer, index)) return fail('unknownKey');
  const { terms } = grant;
  const seen = seenBy(grant.checkpoint, trust.keyring);
  const refusal =
    whyOtherView(grant) ??
    whyOtherKeyring(grant, trust) ??
    whyNotFits(terms, wanted.request, wanted.action, (text) => holds(text, wanted, now)) ??
    whyNotNow(terms, now) ??
    whyNotIssued(terms, grant.issuedAt, now) ??
    whyNotThem(grant, signer, wanted, trust.keyring, now);
  if (refusal) return fail(refusal);
  if (seen === undefined || seen.size > index) return fail('badCheckpoint');
  return ok({
    grant,
    sha256: sha256Hex(envelope.payload),
    terms: termsDigest(terms),
    signer,
    leafHash: leafHash(leafOf(envelope)),
    index,
    seen,
  });
}

/**
 * The digest of the terms that an authentic end ends. A refusal is honoured at once: any enrolled person's decision key will do, without
 * proof, place or clock; who may end what is the broker's to keep.
 */
export function endedTerms(bytes: Uint8Array, keyring: HeldKeyring): string | undefined {
  const opened = openSigned(bytes, 'grantEnd', keyring);
  return opened.ok ? opened.value.says.terms : undefined;
}

type Opened<T extends 'grant' | 'grantEnd'> = {
  readonly envelope: Envelope;
  readonly signer: KeyHit;
  readonly says: Extract<ReturnType<typeof decodeStatement<T>>, { ok: true }>['value'];
};

/** One signature by a person's decision key over exactly these bytes, by the very person and device that they name. */
function openSigned<T extends 'grant' | 'grantEnd'>(
  bytes: Uint8Array,
  type: T,
  keyring: HeldKeyring,
): Checked<Opened<T>> {
  const parsed = parseEnvelope(bytes, ENVELOPE_LIMITS[type]);
  if (!parsed.ok) return fail('notAGrant', parsed.detail);
  const { payloadType, payload, signatures } = parsed.value;
  const [signature, ...more] = signatures;
  if (payloadType !== payloadTypeOf(type) || signature === undefined || more.length > 0)
    return fail('notAGrant');
  const signer = findKey(keyring, signature.keyid);
  if (signer?.kind !== 'reviewer' || signer.use !== 'decision') return fail('unknownKey');
  if (!verifyEnvelope(parsed.value, signer.key)) return fail('badSignature');
  const says = decodeStatement(type, payload);
  if (!says.ok) return fail('notAGrant', says.detail);
  const { id, keyId, device } = says.value.reviewer;
  if (id !== signer.id || keyId !== signer.key.keyId || device !== signer.device)
    return fail('wrongSigner');
  return ok({ envelope: parsed.value, signer, says: says.value });
}

/** What this guard's own renderer makes of the terms. */
const whyOtherView = ({ view, terms }: Grant): GrantRefusal | undefined =>
  view.renderer === TERMS_RENDERER && view.sha256 === sha256Hex(termsBytes(terms))
    ? undefined
    : 'viewDiffers';

/** Older keyrings may have gone before this run began: the signer is judged by the newest one in any case. */
function whyOtherKeyring({ keyring }: Grant, trust: Trust): GrantRefusal | undefined {
  if (keyring.version > trust.keyring.keyring.version) return 'keyringDiffers';
  const known = trust.keyrings.get(keyring.version);
  return known === undefined || known === keyring.sha256 ? undefined : 'keyringDiffers';
}

function holds(text: string, { request, policy }: Wanted, now: number): boolean | undefined {
  const at = new Date(now).toISOString();
  const said = conditionHolds(text, policy, request.facts, at, circumstancesOf(request));
  return said.ok ? said.value : undefined;
}

/** Would this person's approval count for this request, as it did when they signed and as it would now? */
function whyNotThem(
  grant: Grant,
  signer: KeyHit,
  { request, policy }: Wanted,
  { keyring }: HeldKeyring,
  now: number,
): GrantRefusal | undefined {
  if (whyNotApprove(request, signer, keyring) !== undefined) return 'notAllowed';
  const decider = deciderOf(request, signer, keyring);
  for (const at of [grant.issuedAt, new Date(now).toISOString()])
    if (!policy.mayDecide(request, decider, at).may) return 'notAllowed';
  return presenceSuffices(grant.terms.tier, 'approve', grant.presence)
    ? undefined
    : 'presenceTooWeak';
}

/** The head that its signer had verified, if this organisation's log has signed it. */
function seenBy(b64: string, { keyring }: HeldKeyring): Checkpoint | undefined {
  const bytes = fromB64(b64);
  const note = bytes && textOf(bytes);
  const vkey = parseVkey(keyring.log.vkey);
  const head = note !== undefined && vkey.ok ? openCheckpoint(note, vkey.value) : undefined;
  return head?.ok ? head.value : undefined;
}
