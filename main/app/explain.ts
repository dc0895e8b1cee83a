// Why a request is held and what it still takes, in words, from the policy that the keyring pins and from facts that are
// computed here: neither the guard nor the broker is asked. Text that came with the request is escaped as on the card.

import {
  ANYONE,
  mayBeAsked,
  missingApprovals,
  whyNotApprove,
} from '../../shared/domain/approval.ts';
import type { CardExplanation } from '../../shared/ipc/explain.ts';
import { utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Need } from '../../shared/statement/request.ts';
import { escapeText } from '../../shared/statement/view/escape.ts';
import { bookOf } from '../policy/cedar/engine.ts';
import { explain } from '../policy/cedar/explain.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import { factsUnder } from '../policy/facts.ts';
import { circumstancesOf, deciderOf, type Policy } from '../policy/policy.ts';
import { findKey, type HeldKeyring, type KeyHit } from '../trust/keyring.ts';
import type { DeskEntry } from './desk.ts';

type Asked = Pick<DeskEntry, 'request' | 'decisions' | 'life'>;

/** Names of people beyond these are a count. */
const NAMED = 4;

/** `now` in ms: who may decide can depend on the time. */
export function explainCard(
  entry: Asked,
  held: HeldKeyring,
  shelf: Shelf,
  now: number,
): Result<CardExplanation, 'policyMissing' | 'policyError'> {
  const { request } = entry;
  const policy = shelf.named(request.policy.sha256, held.keyring.policies);
  if (!policy.ok) return fail('policyMissing', policy.detail);
  const facts = factsUnder(policy.value, request.action);
  const verdict = policy.value.evaluate(facts, request.evaluatedAt, circumstancesOf(request));
  if (!verdict.ok) return fail('policyError', verdict.detail);
  const said = explain(verdict.value, facts, bookOf(policy.value));
  return ok({
    headline: shown(said.headline),
    missing: entry.life.stage === 'open' ? [...missingSays(entry, held, policy.value, now)] : [],
    takes: said.missing.map(shown),
    because: said.because.map(({ rule, says, line }) => ({
      rule: shown(rule),
      says: shown(says),
      ...(line === undefined ? {} : { line }),
    })),
    checks: said.checks.map(({ name, outcome, says }) => ({ name, outcome, says: shown(says) })),
    found: said.found.map(shown),
  });
}

const shown = (text: string): string => escapeText(utf8(text), { ascii: false });

/** One sentence for each need that is not filled, with those who may fill it: nobody is a sentence too. */
function missingSays(
  { request, decisions }: Asked,
  held: HeldKeyring,
  policy: Policy,
  now: number,
): readonly string[] {
  const { needs } = request.policy;
  const decided = decisions.map(({ says }) => says.reviewer.id);
  const approved = decisions
    .filter(({ says }) => says.verdict === 'approve')
    .flatMap(({ says }) => findKey(held, says.reviewer.keyId) ?? []);
  const may = new Map<string, KeyHit>();
  for (const hit of held.keys.values())
    if (hit.kind === 'reviewer' && hit.use === 'decision' && hit.untilIndex === undefined)
      if (!decided.includes(hit.id) && mayApprove(request, hit, held, policy, now))
        may.set(hit.id, hit);
  return missingApprovals(needs, approved, held.keyring).map((need) =>
    needSays(
      need,
      [...may.values()].filter((person) => mayBeAsked([need], person)),
    ),
  );
}

function mayApprove(
  request: Asked['request'],
  hit: KeyHit,
  { keyring }: HeldKeyring,
  policy: Policy,
  now: number,
): boolean {
  if (whyNotApprove(request, hit, keyring) !== undefined) return false;
  const at = new Date(now).toISOString();
  return policy.mayDecide(request, deciderOf(request, hit, keyring), at).may;
}

function needSays({ group, count }: Need, people: readonly KeyHit[]): string {
  const who = group === ANYONE ? peopleSay(count) : `${count} of ${group}`;
  const verb = count === 1 ? 'is' : 'are';
  if (people.length < count)
    return people.length === 0
      ? `${who} ${verb} missing, and nobody here may be it: this cannot be approved.`
      : `${who} ${verb} missing, and only ${namesOf(people)} may: this cannot be approved.`;
  return `${who} ${verb} missing: ${namesOf(people)}.`;
}

const peopleSay = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

function namesOf(people: readonly KeyHit[]): string {
  const names = people.map(({ name }) => shown(name)).toSorted();
  const first = names.slice(0, NAMED);
  const more = names.length - first.length;
  if (more > 0) return `${first.join(', ')} or ${more} more`;
  return first.length < 2 ? first.join('') : `${first.slice(0, -1).join(', ')} or ${first.at(-1)}`;
}
