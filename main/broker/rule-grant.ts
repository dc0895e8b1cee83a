// A reviewer allows what they have approved to be done again, or somebody who may decide it takes that back: signed by their own
// decision key, next in its chain, about a request that the log has. The guard checks all of it again and trusts none of it.

import { presenceSuffices, whyNotApprove } from '../../shared/domain/approval.ts';
import { mayEndGrant, whyNotFits, whyNotIssued, whyNotNow } from '../../shared/domain/grant.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type Cj, encodeCj } from '../../shared/statement/cj1.ts';
import type { Grant, GrantUse } from '../../shared/statement/grant.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { TERMS_RENDERER, termsBytes } from '../../shared/statement/terms-text.ts';
import { conditionHolds } from '../policy/cedar/condition.ts';
import { circumstancesOf, deciderOf } from '../policy/policy.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { KeyHit } from '../trust/keyring.ts';
import type { Bench, Rule } from './bench.ts';
import { draftOf, openReviewed } from './open-statement.ts';
import { follows } from './rule-decision.ts';

export const judgeGrant: Rule = (bench, session, text) => {
  const reviewed = openReviewed(bench, session, 'grant', text);
  if (!reviewed.ok) return reviewed;
  const { opened, signer } = reviewed.value;
  const { statement, sha256 } = opened;
  const { terms } = statement;
  const asked = requestOf(bench, statement.request);
  if (!asked.ok) return asked;
  const refusal = whyNotGrant(bench, statement, asked.value, signer);
  if (refusal) return fail(refusal);
  const digest = sha256Hex(encodeCj(terms as Cj));
  const before = bench.ledger.query.grantsWith(digest);
  if (bench.granted.has(digest)) return fail('busy');
  if (before.some(({ ends }) => ends)) return fail('notGranted');
  const { guard, agent } = terms;
  if (bench.ledger.query.grantsOf(guard, agent, bench.now).length >= LIMITS.maxGrantsPerAgent)
    return fail('busy');
  const chain = chainOf(bench, statement.reviewer, sha256);
  if (!chain.ok) return chain;
  bench.granted.add(digest);
  const until = Date.parse(terms.until);
  return ok({
    entry: {
      leaf: draftOf(opened),
      about: { request: statement.request, ends: false },
      chain: chain.value,
      grant: { terms: digest, guard, agent, until, ends: false },
    },
    request: statement.request,
    does: 'grants',
  });
};

export const judgeGrantEnd: Rule = (bench, session, text) => {
  const reviewed = openReviewed(bench, session, 'grantEnd', text);
  if (!reviewed.ok) return reviewed;
  const { opened, signer } = reviewed.value;
  const { request, terms, reviewer } = opened.statement;
  const { query } = bench.ledger;
  const rows = query.grantsWith(terms);
  const [granted] = rows;
  if (granted === undefined || rows.some(({ ends }) => ends) || bench.granted.has(terms))
    return fail(bench.granted.has(terms) ? 'busy' : 'notGranted');
  if (granted.until <= bench.now) return fail('notGranted');
  if (!query.request(request)?.about.includes(granted.index)) return fail('unknownRequest');
  const asked = requestOf(bench, request);
  const { keyring } = bench.standing.held;
  const needs = asked.ok ? asked.value.policy.needs : [];
  if (!mayEndGrant(keyring, needs, signer)) return fail('notYours');
  const chain = chainOf(bench, reviewer, opened.sha256);
  if (!chain.ok) return chain;
  bench.granted.add(terms);
  const { guard, agent, until } = granted;
  return ok({
    entry: {
      leaf: draftOf(opened),
      about: { request, ends: false },
      chain: chain.value,
      grant: { terms, guard, agent, until, ends: true },
    },
    request,
    does: 'grants',
  });
};

/**
 * May this use be taken into the log? Only of terms that this very guard and agent were granted, that are neither over nor ended, by a
 * number that nobody has used. So an end that the log has is honoured even by a guard that heard of the grant before.
 */
export function whyNotUse(
  bench: Bench,
  { terms, use, request, grants }: GrantUse,
  by: { readonly guard: string; readonly agent: string },
): WireCode | undefined {
  const { query } = bench.ledger;
  const rows = query.grantsWith(terms);
  const known = rows.filter(
    ({ guard, agent, until }) => guard === by.guard && agent === by.agent && until > bench.now,
  );
  if (known.length === 0 || known.some(({ ends }) => ends)) return 'notGranted';
  // An end of the same batch came first.
  if (bench.granted.has(terms) || bench.granted.has(`${terms}/${use}`)) return 'notGranted';
  if (query.hasUse(terms, use)) return 'notGranted';
  const payloads = known.flatMap(({ index }) => grantAt(bench, index) ?? []);
  const [first] = payloads;
  if (first === undefined || use > first.grant.terms.uses) return 'notGranted';
  const named = grants.every((one) =>
    payloads.some(({ sha256, grant }) => sha256 === one && grant.request === request),
  );
  return named ? undefined : 'notGranted';
}

function grantAt(
  { ledger }: Bench,
  index: number,
): { readonly sha256: string; readonly grant: Grant } | undefined {
  const payload = ledger.query.leaf(index)?.payload;
  const grant = payload && decodeStatement('grant', payload);
  return payload && grant?.ok ? { sha256: sha256Hex(payload), grant: grant.value } : undefined;
}

function requestOf({ ledger }: Bench, digest: string): Result<Request, WireCode> {
  const payload = ledger.query.payload(digest);
  const request = payload && decodeStatement('request', payload);
  return request?.ok ? request : fail('unknownRequest');
}

function whyNotGrant(
  bench: Bench,
  grant: Grant,
  request: Request,
  signer: KeyHit,
): WireCode | undefined {
  const { terms, view } = grant;
  const { keyring } = bench.standing.held;
  const policy = bench.policies.inForce(keyring.policies);
  if (!policy.ok) return 'policyMissing';
  const action = sha256Hex(encodeCj(request.action as Cj));
  const holds = (text: string): boolean | undefined => {
    const { facts, evaluatedAt } = request;
    const by = circumstancesOf(request);
    const said = conditionHolds(text, policy.value, facts, evaluatedAt, by);
    return said.ok ? said.value : undefined;
  };
  const misfit =
    policy.value.sha256 !== terms.policy ||
    whyNotFits(terms, request, action, holds) !== undefined ||
    whyNotIssued(terms, grant.issuedAt, bench.now) !== undefined ||
    view.renderer !== TERMS_RENDERER ||
    view.sha256 !== sha256Hex(termsBytes(terms)) ||
    !hasApproved(bench, grant.request, signer.id);
  if (misfit) return 'badGrant';
  if (whyNotNow(terms, bench.now) === 'over') return 'expired';
  const decider = deciderOf(request, signer, keyring);
  const may =
    whyNotApprove(request, signer, keyring) === undefined &&
    policy.value.mayDecide(request, decider, grant.issuedAt).may &&
    presenceSuffices(terms.tier, 'approve', grant.presence);
  return may ? undefined : 'notYours';
}

/** Only what a person has approved themselves can they allow again. */
function hasApproved({ standing, ledger }: Bench, request: string, person: string): boolean {
  const open = standing.desk.get(request);
  if (open !== undefined) return open.deciders.get(person)?.verdict === 'approve';
  return (ledger.query.request(request)?.about ?? []).some((index) => {
    const payload = ledger.query.leaf(index)?.payload;
    const decision = payload && decodeStatement('decision', payload);
    if (!decision?.ok) return false;
    return decision.value.reviewer.id === person && decision.value.verdict === 'approve';
  });
}

function chainOf(
  bench: Bench,
  { keyId, seq, prev }: Grant['reviewer'],
  digest: string,
): Result<{ readonly keyId: string; readonly seq: number; readonly digest: string }, WireCode> {
  const last = bench.chains.get(keyId) ?? bench.ledger.query.chain(keyId);
  if (!follows({ seq, prev }, last)) return fail('badSequence');
  const chain = { keyId, seq, digest };
  bench.chains.set(keyId, chain);
  return ok(chain);
}
