// Was it approved, by enough people who may? Each approved ending and each receipt of something that ran, judged again from
// the decisions that it names by the rules that the guard went by (security note 2.5, steps 9 to 13).

import {
  channelSuffices,
  missingApprovals,
  presenceSuffices,
  reasonSuffices,
  whyNotApprove,
} from '../../shared/domain/approval.ts';
import { type RefusalCode, refusalSays } from '../../shared/domain/refusals.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { findKey, type HeldKeyring, type KeyHit } from '../trust/keyring.ts';
import type { Book } from './book.ts';
import { type Chain, keyringBefore } from './chain.ts';
import type { Signers } from './check-signed.ts';
import type { Opened, SpokenOf } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';

type Request = SpokenOf<'request'>['says'];
type Decision = SpokenOf<'decision'>['says'];
type Judged = {
  readonly book: Book;
  readonly chain: Chain;
  readonly signers: Signers;
  readonly found: Findings;
};

export function checkApproved(by: Judged): void {
  const consumed = new Map<string, string>();
  for (const entry of by.book.opened) {
    const { spoken, index, parsed } = entry;
    // One whose signature failed is nobody's word, and a failure already.
    if (!by.signers.has(index)) continue;
    if (spoken?.type === 'decision') checkCard(entry, spoken.says, by);
    if (spoken?.type === 'ending' && spoken.says.how.startsWith('approved')) {
      if (wasApproved(entry, spoken.says, by, Date.parse(spoken.says.at)))
        by.found.count('approvals');
    }
    if (spoken?.type !== 'receipt') continue;
    const { state, request, at } = spoken.says;
    if (state !== 'consumed' && state !== 'started' && state !== 'finished') continue;
    if (state === 'consumed') {
      const other = consumed.get(request);
      if (other !== undefined && other !== parsed.payloadSha256)
        by.found.fail(entryAt(index), 'the same approval was used before: it counts once');
      consumed.set(request, parsed.payloadSha256);
      sayDenials(entry, request, by);
    }
    // What started in time may end later.
    const when = state === 'consumed' ? Date.parse(at) : undefined;
    if (wasApproved(entry, spoken.says, by, when)) by.found.count('actions');
  }
}

/** A guard that had the denial would not have run it; when a denial reached it stands nowhere. */
function sayDenials({ index }: Opened, request: string, { book, signers, found }: Judged): void {
  for (const one of book.opened) {
    const { spoken } = one;
    if (one.index >= index || !signers.has(one.index) || spoken?.type !== 'decision') continue;
    if (spoken.says.request === request && spoken.says.verdict === 'deny')
      found.leaveOpen(
        `${entryAt(index)} ran although ${signers.get(one.index)?.name} had denied it at ${entryAt(one.index)}: whether the guard could know by then`,
      );
  }
}

/** The decision is about the text that the request's own bytes give. */
function checkCard({ index }: Opened, { request, view }: Decision, { book, found }: Judged): void {
  const card = book.cards.get(request);
  const short = request.slice(0, 12);
  if (card === undefined) {
    if (book.byDigest.has(request))
      found.leaveOpen(`the view of request ${short}: the request’s text is not here`);
    return;
  }
  if ('lacks' in card)
    return found.leaveOpen(
      `the view of request ${short}: ${card.lacks.length} of its attachments are not here (${card.lacks.map((one) => one.slice(0, 12)).join(', ')})`,
    );
  if ('trouble' in card)
    return found.fail(entryAt(index), `what it is about has no view (${card.trouble})`);
  if (view.renderer !== card.renderer)
    return found.leaveOpen(
      `the view of request ${short}: it was rendered by ${view.renderer}, which this verifier does not have`,
    );
  if (view.sha256 !== card.sha256)
    return found.fail(entryAt(index), 'the text that was on screen is not what the request says');
  found.count('views');
}

type Claim = { readonly request: string; readonly decisions: readonly string[] };

/** True where enough people had approved before; what is wrong or cannot be told is said. */
function wasApproved(
  entry: Opened,
  { request: digest, decisions }: Claim,
  by: Judged,
  when: number | undefined,
): boolean {
  const { book, found, signers } = by;
  const asked = book.byDigest.get(digest);
  if (asked === undefined) {
    found.fail(entryAt(entry.index), `the request it is about is not here (${digest})`);
    return false;
  }
  const lost = decisions.filter((one) => !book.byDigest.has(one));
  for (const one of lost)
    found.fail(entryAt(entry.index), `the decision it rests on is not here (${one})`);
  const named = [...new Set(decisions)].flatMap((one) => book.byDigest.get(one) ?? []);
  if (asked.payload === undefined || named.some(({ payload }) => payload === undefined)) {
    found.leaveOpen(
      `whether ${entryAt(entry.index)} was approved: the text of the request or of a decision is not here`,
    );
    return false;
  }
  if (asked.spoken?.type !== 'request' || !signers.has(asked.index) || lost.length > 0)
    return false;
  const people: KeyHit[] = [];
  for (const one of named) {
    const judged = judge(entry, asked, one, asked.spoken.says, by, when);
    if (typeof judged !== 'string') people.push(judged);
    else found.fail(entryAt(entry.index), `it rests on entry ${one.index}: ${judged}`);
  }
  const { solo } = keyringBefore(by.chain, entry.index).keyring;
  const missing = missingApprovals(asked.spoken.says.policy.needs, people, { solo });
  if (missing.length > 0)
    found.fail(
      entryAt(entry.index),
      `approvals are missing: ${missing.map(({ group, count }) => `${count} of ${group}`).join(', ')}`,
    );
  return missing.length === 0 && people.length === named.length;
}

/** The person whose approval it is, or the sentence of why it is none for this. */
function judge(
  claim: Opened,
  asked: Opened,
  one: Opened,
  request: Request,
  { chain, signers, book }: Judged,
  when: number | undefined,
): KeyHit | string {
  const signer = signers.get(one.index);
  if (one.spoken?.type !== 'decision' || signer === undefined) return 'no signed decision';
  const decision = one.spoken.says;
  if (!(asked.index < one.index && one.index < claim.index))
    return 'not in the order of request, decision and what followed';
  if (decision.verdict !== 'approve') return 'it is a denial';
  const held = keyringBefore(chain, one.index);
  const hit = findKey(held, signer.key.keyId);
  if (hit === undefined) return refusalSays('unknownKey');
  const code =
    whyOther(decision, asked, request, book, chain, one.index) ??
    whyNotThem(decision, hit, request, held) ??
    whyNotThen(decision, request, keyringBefore(chain, claim.index), when);
  return code === undefined ? hit : refusalSays(code);
}

function whyOther(
  decision: Decision,
  asked: Opened,
  request: Request,
  { cards }: Book,
  { versions }: Chain,
  index: number,
): RefusalCode | undefined {
  const digest = asked.parsed.payloadSha256;
  if (decision.request !== digest) return 'otherRequest';
  const card = cards.get(digest);
  const { renderer, sha256 } = decision.view;
  if (card !== undefined && 'text' in card && card.renderer === renderer && card.sha256 !== sha256)
    return 'viewDiffers';
  const { policy } = decision;
  const sameRules =
    policy.rules.length === request.policy.rules.length &&
    policy.rules.every((rule, i) => rule === request.policy.rules[i]);
  if (policy.sha256 !== request.policy.sha256 || !sameRules) return 'policyDiffers';
  const { version, sha256: keyring } = decision.keyring;
  const named = versions.find(({ held }) => held.keyring.version === version);
  return named?.held.sha256 === keyring && named.index < index ? undefined : 'keyringDiffers';
}

function whyNotThem(
  decision: Decision,
  hit: KeyHit,
  request: Request,
  { keyring }: HeldKeyring,
): RefusalCode | undefined {
  const { tier } = request.policy;
  const refusal = whyNotApprove(request, hit, keyring);
  if (refusal !== undefined) return refusal;
  if (!presenceSuffices(tier, 'approve', decision.presence)) return 'presenceTooWeak';
  if (hit.kind === 'channel' && !channelSuffices(request.policy, decision))
    return 'presenceTooWeak';
  return reasonSuffices(tier, 'approve', decision.reason) ? undefined : 'reasonMissing';
}

/** By the signers' own clocks, with what they may differ. */
function whyNotThen(
  decision: Decision,
  request: Request,
  { keyring }: HeldKeyring,
  when: number | undefined,
): RefusalCode | undefined {
  const skew = LIMITS.clockSkewMs;
  const deadline = Date.parse(request.createdAt) + request.ttlMs;
  if (Date.parse(decision.issuedAt) > deadline + skew) return 'requestExpired';
  if (when === undefined) return undefined;
  if (when > deadline + skew) return 'requestExpired';
  if (when > Date.parse(decision.expiresAt) + skew) return 'decisionExpired';
  return when > Date.parse(keyring.expires) + skew ? 'keyringExpired' : undefined;
}
