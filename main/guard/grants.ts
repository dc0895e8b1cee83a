// Before anybody is asked: does a grant let this run? The guard asks its broker for the grants of this agent, and believes only
// what it has checked itself: signatures, quorum, bounds, proof of inclusion, and a head that enough people have seen.

import { fromB64, utf8 } from '../../shared/bytes.ts';
import { missingApprovals } from '../../shared/domain/approval.ts';
import { type GrantRefusal, whyNotGrantable } from '../../shared/domain/grant.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { GrantTerms } from '../../shared/statement/grant.ts';
import type { Link } from '../link/link.ts';
import { type Checkpoint, openCheckpoint } from '../trust/checkpoint.ts';
import { keyringExpired } from '../trust/keyring.ts';
import { verifyInclusion } from '../trust/merkle.ts';
import { parseVkey } from '../trust/vkey.ts';
import { freshWitnesses, witnessRule } from '../trust/witness.ts';
import { proveBy } from './in-log.ts';
import type { GrantUses } from './state/grant-uses.ts';
import type { Identity } from './state/identity.ts';
import { endedTerms, type VerifiedGrant, verifyGrant, type Wanted } from './verify/grant.ts';
import { type Prove, sameHistory } from './verify/history.ts';
import type { LogAnchor } from './verify/log.ts';

/** The same terms by everybody who signed them, and enough of them for this request. */
export type Granted = {
  /** SHA-256 of the CJ-1 bytes of the terms. */
  readonly sha256: string;
  readonly terms: GrantTerms;
  /** The request that the terms came from. */
  readonly request: string;
  readonly by: readonly VerifiedGrant[];
};

export type GrantPorts = {
  readonly identity: Identity;
  readonly link: Pick<Link, 'send'>;
  readonly admit: LogAnchor['admit'];
  readonly uses: Pick<GrantUses, 'whyOver' | 'end'>;
  readonly now: () => number;
};

type Answer = ServerMessageOf<'granted'>['body'];
type Found = Result<readonly Granted[], GrantRefusal>;

/** Those that let it run, the one that is over first in front. A failure says why there is none, for whoever looks for it. */
export async function findGrants(
  wanted: Wanted,
  ports: GrantPorts,
  signal: AbortSignal,
): Promise<Found> {
  const not = whyNotGrantable(wanted.request);
  if (not) return fail(not);
  const agent = wanted.request.agent.id;
  const answer = await ports.link.send('grants', { agent }, { signal });
  if (!answer.ok) return fail('notInLog', answer.code);
  if (answer.value.grants.length === 0) return ok([]);
  return judge(answer.value, wanted, ports, proveBy(ports.link, signal));
}

async function judge(
  answer: Answer,
  wanted: Wanted,
  ports: GrantPorts,
  prove: Prove,
): Promise<Found> {
  const { identity, uses, now } = ports;
  const trust = identity.trust();
  // Whatever else is wrong with the answer, an authentic end counts, and is kept for every later run.
  for (const envelope of answer.ends) {
    const terms = endedTerms(utf8(envelope), trust.keyring);
    if (terms !== undefined) uses.end(terms, 'ended', now());
  }
  let last: GrantRefusal | undefined;
  const verified: VerifiedGrant[] = [];
  for (const { envelope, index } of answer.grants) {
    const grant = verifyGrant(utf8(envelope), index, wanted, trust, now());
    if (grant.ok) verified.push(grant.value);
    else last = grant.code;
  }
  if (verified.length === 0) return last === undefined ? ok([]) : fail(last);
  const head = await openHead(answer.note, ports, prove);
  if (!head.ok) return head;
  const proven: VerifiedGrant[] = [];
  for (const grant of verified) {
    const why = await whyNotInLog(grant, answer, head.value, prove);
    if (why) return fail(why);
    proven.push(grant);
  }
  return enough(proven, wanted, ports);
}

/** One history with all that is kept here, under a keyring that has not expired, seen by enough people. */
async function openHead(
  note: string,
  { identity, admit, now }: GrantPorts,
  prove: Prove,
): Promise<Result<Checkpoint, GrantRefusal>> {
  const held = identity.trust().keyring;
  if (keyringExpired(held, now())) return fail('keyringExpired');
  const vkey = parseVkey(held.keyring.log.vkey);
  const head = vkey.ok ? openCheckpoint(note, vkey.value) : undefined;
  if (!head?.ok) return fail('badCheckpoint');
  if ((await admit(head.value, prove)) !== 'admitted') return fail('otherHistory');
  const rule = witnessRule(held.keyring);
  const at = { now: now(), withinMs: rule.withinMs };
  const people = freshWitnesses(note, head.value.size, held, at).size;
  return people >= rule.count ? head : fail('notWitnessed');
}

async function whyNotInLog(
  grant: VerifiedGrant,
  answer: Answer,
  head: Checkpoint,
  prove: Prove,
): Promise<GrantRefusal | undefined> {
  if (!(await sameHistory(grant.seen, head, prove))) return 'otherHistory';
  // Of several rows of one statement any proof will do; each leaf is at one place.
  const row = answer.grants.find(({ index }) => index === grant.index);
  const proof = row?.proof.map((hash) => fromB64(hash) ?? new Uint8Array(0)) ?? [];
  const { size, root } = head;
  return verifyInclusion({ index: grant.index, size, root, leafHash: grant.leafHash, proof })
    ? undefined
    : 'notInLog';
}

/** Grants of the same terms count together, each person once; and never what has ended. */
function enough(
  proven: readonly VerifiedGrant[],
  { request }: Wanted,
  { identity, uses }: Pick<GrantPorts, 'identity' | 'uses'>,
): Found {
  const { keyring } = identity.trust().keyring;
  let last: GrantRefusal | undefined;
  const found = [...Map.groupBy(proven, ({ terms }) => terms)].flatMap(([sha256, all]) => {
    // Said twice, by whatever key or device, it is one person's grant.
    const by = [...new Map(all.map((one) => [one.signer.id, one])).values()];
    const [first] = by;
    if (first === undefined) return [];
    const { terms } = first.grant;
    const signers = by.map(({ signer }) => signer);
    const missing = missingApprovals(request.policy.needs, signers, keyring).length > 0;
    const why = uses.whyOver(sha256) ?? (missing ? 'notEnough' : undefined);
    last = why ?? last;
    if (why) return [];
    return [{ sha256, terms, request: first.grant.request, by }];
  });
  if (found.length === 0) return last === undefined ? ok([]) : fail(last);
  return ok(found.toSorted((a, b) => Date.parse(a.terms.until) - Date.parse(b.terms.until)));
}
