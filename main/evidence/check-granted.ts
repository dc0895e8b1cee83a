// Was what ran unasked on a grant granted, by enough people who may, within its bounds and before its end? Each use judged again from
// the grants that it names. A condition is policy's to evaluate, which no verifier without it can: that is said.

import { missingApprovals, presenceSuffices, whyNotApprove } from '../../shared/domain/approval.ts';
import {
  grantRefusalSays,
  whyNotFits,
  whyNotIssued,
  whyNotNow,
} from '../../shared/domain/grant.ts';
import type { AutoEntry } from '../../shared/statement/auto.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { GrantUse } from '../../shared/statement/grant.ts';
import { TERMS_RENDERER, termsBytes } from '../../shared/statement/terms-text.ts';
import { sha256Hex } from '../trust/digest.ts';
import { findKey, type KeyHit } from '../trust/keyring.ts';
import type { Book } from './book.ts';
import { type Chain, keyringBefore } from './chain.ts';
import type { Signers } from './check-signed.ts';
import type { Opened, SpokenOf } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';

type Auto = SpokenOf<'auto'>['says'];
type Grant = SpokenOf<'grant'>['says'];
type Judged = {
  readonly book: Book;
  readonly chain: Chain;
  readonly signers: Signers;
  readonly found: Findings;
};
/** One use, and when by its guard's clock. */
type Used = { readonly id: string; readonly use: number; readonly at: number };

const HOUR_MS = 3600 * 1000;
const SKEW_MS = 120_000;

export function checkGranted(by: Judged): void {
  const used = new Map<string, Used[]>();
  for (const entry of by.book.opened) {
    const { spoken, index } = entry;
    // One whose signature failed is nobody's word, and a failure already.
    if (!by.signers.has(index)) continue;
    if (spoken?.type === 'grant') checkTerms(entry, spoken.says, by);
    if (spoken?.type !== 'auto') continue;
    for (const one of spoken.says.entries)
      if (one.grant !== undefined) checkUse(entry, spoken.says, one, one.grant, used, by);
  }
}

/** What was on screen is what the terms say. */
function checkTerms({ index }: Opened, { view, terms }: Grant, { found }: Judged): void {
  if (view.renderer !== TERMS_RENDERER)
    return found.leaveOpen(
      `the terms of ${entryAt(index)}: they were rendered by ${view.renderer}, which this verifier does not have`,
    );
  if (view.sha256 !== sha256Hex(termsBytes(terms)))
    return found.fail(entryAt(index), 'the text that was on screen is not what its terms say');
  found.count('views');
}

function checkUse(
  entry: Opened,
  auto: Auto,
  one: AutoEntry,
  grant: GrantUse,
  used: Map<string, Used[]>,
  by: Judged,
): void {
  const { book, found } = by;
  const at = entryAt(entry.index);
  const named = grant.grants.map((digest) => ({ digest, here: book.byDigest.get(digest) }));
  const lost = named.filter(({ here }) => here === undefined);
  for (const { digest } of lost) found.fail(at, `the grant it rests on is not here (${digest})`);
  const here = named.flatMap((each) => each.here ?? []);
  const asked = book.byDigest.get(grant.request);
  if (asked?.payload === undefined || here.some(({ payload }) => payload === undefined))
    return found.leaveOpen(
      `whether ${at} was granted: the text of the request or of a grant is not here`,
    );
  if (lost.length > 0) return;
  const says = whyNotUsed(entry, auto, one, grant, here, by) ?? whyTooOften(one, grant, here, used);
  if (says !== undefined) return found.fail(at, says);
  const [first] = here;
  if (first?.spoken?.type === 'grant' && 'when' in first.spoken.says.terms.actions)
    found.leaveOpen(`whether the condition of ${entryAt(first.index)} held for ${at}`);
  if (here.some(({ index }) => index < book.selection.from))
    found.leaveOpen(`whether the grant that ${at} rests on had been ended before this range`);
  found.count('grants');
}

function whyNotUsed(
  entry: Opened,
  auto: Auto,
  one: AutoEntry,
  grant: GrantUse,
  here: readonly Opened[],
  by: Judged,
): string | undefined {
  const asked = by.book.byDigest.get(grant.request)?.spoken;
  if (asked?.type !== 'request') return 'the request that its grant names is none';
  const people: KeyHit[] = [];
  for (const each of here) {
    const judged = judge(entry, auto, one, grant, each, asked.says, by);
    if (typeof judged === 'string') return `it rests on ${entryAt(each.index)}: ${judged}`;
    people.push(judged);
  }
  const { solo } = keyringBefore(by.chain, entry.index).keyring;
  if (missingApprovals(asked.says.policy.needs, people, { solo }).length > 0)
    return grantRefusalSays('notEnough');
  const end = by.book.opened.find(
    ({ index, spoken }) =>
      index < entry.index &&
      by.signers.has(index) &&
      spoken?.type === 'grantEnd' &&
      spoken.says.terms === grant.terms,
  );
  return end === undefined ? undefined : `its grant had been ended at ${entryAt(end.index)}`;
}

/** A string is the sentence of why this grant does not count for this use. */
function judge(
  entry: Opened,
  auto: Auto,
  one: AutoEntry,
  use: GrantUse,
  granted: Opened,
  request: SpokenOf<'request'>['says'],
  { chain, signers }: Judged,
): KeyHit | string {
  const says = granted.spoken?.type === 'grant' ? granted.spoken.says : undefined;
  const signer = signers.get(granted.index);
  if (says === undefined || signer === undefined) return 'it is no signed grant';
  if (granted.index >= entry.index) return 'it came after what it is to have let run';
  if (says.request !== use.request || sha256Hex(encodeCj(says.terms as Cj)) !== use.terms)
    return 'it has other terms, or comes from another request';
  const { keyring } = keyringBefore(chain, granted.index);
  const hit = findKey(keyringBefore(chain, entry.index), signer.key.keyId);
  if (hit === undefined) return grantRefusalSays('unknownKey');
  const { terms } = says;
  const wanted = {
    org: auto.org,
    log: auto.log,
    guard: auto.guard,
    agent: one.agent,
    facts: one.facts,
    // The account does not say the tier: the highest that the terms reach.
    policy: { sha256: one.policy.sha256, tier: terms.tier },
  };
  const at = Date.parse(one.evaluatedAt);
  const refusal =
    whyNotFits(terms, wanted, one.action, () => true) ??
    // The guard judged it a moment later than it says, when it had found the grant.
    (at < Date.parse(terms.from) ? whyNotNow(terms, at + SKEW_MS) : whyNotNow(terms, at)) ??
    whyNotIssued(terms, says.issuedAt, at + SKEW_MS);
  if (refusal) return grantRefusalSays(refusal);
  if (whyNotApprove(request, hit, keyring) !== undefined) return grantRefusalSays('notAllowed');
  return presenceSuffices(terms.tier, 'approve', says.presence)
    ? hit
    : grantRefusalSays('presenceTooWeak');
}

/** Numbers are used once each, at most so many, and at most so many an hour; an entry that was sent twice is one entry. */
function whyTooOften(
  { id, evaluatedAt }: AutoEntry,
  { terms, use }: GrantUse,
  here: readonly Opened[],
  used: Map<string, Used[]>,
): string | undefined {
  const before = used.get(terms) ?? [];
  if (before.some((other) => other.id === id && other.use === use)) return undefined;
  const [first] = here;
  const bounds = first?.spoken?.type === 'grant' ? first.spoken.says.terms : undefined;
  if (bounds === undefined) return undefined;
  const at = Date.parse(evaluatedAt);
  used.set(terms, [...before, { id, use, at }]);
  if (use > bounds.uses) return `it is use ${use} of a grant of ${bounds.uses}`;
  if (before.some((other) => other.use === use)) return `use ${use} of its grant was used before`;
  const hour = before.filter((other) => other.at > at - HOUR_MS && other.at <= at).length + 1;
  return bounds.perHour !== undefined && hour > bounds.perHour
    ? `it is number ${hour} within an hour of a grant of ${bounds.perHour} an hour`
    : undefined;
}
