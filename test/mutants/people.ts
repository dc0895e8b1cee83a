// Seeded bugs of people: the quorum, the one ending, the clocks at the guard, an agent's budget, what a card says and folds.

import { type Mutant, mutant } from './mutant.ts';

const HISTORIES = 'test/faults/histories.test.ts';
const GUARD_HISTORIES = 'test/faults/guard-histories.test.ts';
const QUESTIONS_FLOW = 'test/flow/questions.test.ts';
const WIRED = 'test/flow/peers/wired.test.ts';
const EXPLAIN_TEST = 'test/unit/app/explain.test.ts';

export const PEOPLE_MUTANTS: readonly Mutant[] = [
  mutant(
    'second-approval-of-one-person',
    'main/broker/rule-decision.ts',
    ["if (deciders.has(judge.id)) return fail('alreadyDecided');", ''],
    HISTORIES,
    'one person with two machines would be two decisions in the log',
  ),
  mutant(
    'any-approval-is-enough',
    'main/broker/desk.ts',
    ['enough: missing.length === 0,', 'enough: true,'],
    HISTORIES,
    'the broker would call a request approved without its people',
  ),
  mutant(
    'denial-waits-for-others',
    'shared/domain/life.ts',
    ["event.verdict === 'deny' || event.enough", 'event.enough'],
    HISTORIES,
    'a denial would not end it',
  ),
  mutant(
    'decided-after-its-time',
    'main/broker/rule-decision.ts',
    ["if (bench.now >= expiresAt(request)) return fail('expired');", ''],
    HISTORIES,
    'a clock that jumps would leave a request open for ever',
  ),
  mutant(
    'ended-key-decides',
    'main/trust/keyring.ts',
    [
      'hit.fromIndex <= index && (hit.untilIndex === undefined || index < hit.untilIndex);',
      'hit.fromIndex <= index;',
    ],
    HISTORIES,
    'a lost key would go on deciding',
  ),
  mutant(
    'broker-ends-approved',
    'main/broker/broker-ending.ts',
    [
      "if (open.life.verdict === 'approve') return { how: 'withdrawn', guidance: GUIDANCE.approved };",
      "if (open.life.verdict === 'approve') return { how: 'approved', guidance: GUIDANCE.approved };",
    ],
    HISTORIES,
    'the broker could end a request as approved',
  ),
  mutant(
    'guard-keeps-ended-approvals',
    'main/guard/gate.ts',
    [
      'approvals = approvals.flatMap((one) => judgeAgain(one, pending, identity.trust()) ?? []);',
      '',
    ],
    GUARD_HISTORIES,
    'an approval would outlive the key that made it',
  ),
  mutant(
    'guard-counts-one-person-twice',
    'main/guard/verify/decision.ts',
    [
      "approvals.some((one) => one.signer.id === next.signer.id) ? 'samePerson' : undefined",
      'undefined',
    ],
    'test/unit/guard/gate.test.ts',
    'the same person would be heard as somebody new',
  ),
  mutant(
    'guard-forgets-the-wall-clock',
    'main/guard/verify/decision.ts',
    ['if (Math.abs(Date.parse(decision.issuedAt) - at.now) > LIMITS.clockSkewMs)', 'if (false)'],
    GUARD_HISTORIES,
    'a decision of another day would release what waits now',
  ),
  mutant(
    'questions-not-counted',
    'main/broker/rule-request.ts',
    ['standing.questions.add(request);', ''],
    QUESTIONS_FLOW,
    'an agent could ask without end',
  ),
  mutant(
    'questions-of-this-run-only',
    'main/broker/rule-request.ts',
    ['standing.questions ??= questionsIn(ledger, now);', 'standing.questions ??= new Questions();'],
    QUESTIONS_FLOW,
    'a restart of the broker would give every agent new questions',
  ),
  mutant(
    'budget-of-the-named-policy',
    'main/broker/rule-request.ts',
    [
      'policies.inForce(standing.held.keyring.policies)',
      'policies.named(request.policy.sha256, standing.held.keyring.policies)',
    ],
    QUESTIONS_FLOW,
    'an older policy would be a way around the budget',
  ),
  mutant(
    'declared-name-has-its-own-budget',
    'main/policy/cedar/settings.ts',
    ["authn === 'declared' ? undefined : all", 'all'],
    QUESTIONS_FLOW,
    'whoever takes a better name would have a better budget',
  ),
  mutant(
    'witnesses-never-asked',
    'main/guard/gate.ts',
    ['if (people >= rule.count)', 'if (people >= 0)'],
    WIRED,
    'the witness rule would be written, tested and never in force',
  ),
  mutant(
    'presence-never-asked',
    'main/guard/verify/decision.ts',
    [
      "if (!presenceSuffices(tier, decision.verdict, decision.presence)) return fail('presenceTooWeak');",
      '',
    ],
    WIRED,
    'the gesture table would be written, tested and never in force',
  ),
  mutant(
    'reason-never-asked',
    'main/guard/verify/decision.ts',
    [
      "if (!reasonSuffices(tier, decision.verdict, decision.reason)) return fail('reasonMissing');",
      '',
    ],
    WIRED,
    'the reason of a high approval would be written, tested and never in force',
  ),
  mutant(
    'explains-what-the-request-says',
    'main/app/explain.ts',
    ['headline: shown(said.headline),', 'headline: `Held at tier ${request.policy.tier}.`,'],
    EXPLAIN_TEST,
    'a guard could put its own words into the explanation',
  ),
  mutant(
    'names-who-may-not',
    'main/app/explain.ts',
    ['if (whyNotApprove(request, hit, keyring) !== undefined) return false;', ''],
    EXPLAIN_TEST,
    'the card would send a person to somebody who may not approve it',
  ),
  mutant(
    'must-see-fact-put-away',
    'shared/statement/view/fold.ts',
    ["!must && path.startsWith('facts.')", "path.startsWith('facts.')"],
    'test/unit/statement/view-rows.test.ts',
    'a row that must be seen could be hidden among those that are not so',
  ),
];
