// Seeded bugs of grants: the bounds, who counts, the log's part, the numbers on disk, and the end.

import { type Mutant, mutant } from './mutant.ts';

const DOMAIN = 'shared/domain/grant.ts';
const DOMAIN_TEST = 'test/unit/domain/grant.test.ts';
const VERIFY = 'main/guard/verify/grant.ts';
const FIND = 'main/guard/grants.ts';
const VERIFY_TEST = 'test/unit/guard/verify-grant.test.ts';
const USES = 'main/guard/state/grant-uses.ts';
const USES_TEST = 'test/unit/guard/grant-uses.test.ts';
const RULE = 'main/broker/rule-grant.ts';
const BROKER_FLOW = 'test/flow/grants-broker.test.ts';
const CONDITION = 'main/policy/cedar/condition.ts';
const CONDITION_TEST = 'test/unit/policy/cedar/condition.test.ts';
const EVIDENCE = 'main/evidence/check-granted.ts';
const EVIDENCE_TEST = 'test/unit/evidence/granted.test.ts';

export const GRANT_MUTANTS: readonly Mutant[] = [
  mutant(
    'grant-above-medium',
    DOMAIN,
    ["return 'tierTooHigh';", 'return undefined;'],
    DOMAIN_TEST,
    'what takes a hold would run unasked',
  ),
  mutant(
    'grant-not-understood',
    DOMAIN,
    ["if (capabilities.includes('unknown')) return 'notUnderstood';", ''],
    DOMAIN_TEST,
    'what nobody understands would run unasked',
  ),
  mutant(
    'grant-of-secrets',
    DOMAIN,
    ["|| secrets !== 0) return 'secrets';", ") return 'secrets';"],
    DOMAIN_TEST,
    'a command that is handed a secret would run unasked',
  ),
  mutant(
    'grant-for-another-person',
    DOMAIN,
    ['terms.agent !== request.agent.id || terms.onBehalfOf', 'terms.onBehalfOf'],
    DOMAIN_TEST,
    'any agent of a person could use it',
  ),
  mutant(
    'grant-one-use-more',
    DOMAIN,
    ['if (used.length >= uses)', 'if (used.length > uses)'],
    USES_TEST,
    'there would be one use more than was signed',
  ),
  mutant(
    'grant-hour-unbounded',
    DOMAIN,
    ['if (perHour === undefined) return undefined;', 'return undefined;'],
    USES_TEST,
    'all uses could come at once',
  ),
  mutant(
    'grant-until-inclusive',
    DOMAIN,
    ["if (now >= Date.parse(until)) return 'over';", "if (now > Date.parse(until)) return 'over';"],
    DOMAIN_TEST,
    'the end would be inside',
  ),
  mutant(
    'grant-put-off',
    DOMAIN,
    ["if (Date.parse(from) > at + LIMITS.clockSkewMs) return 'farAhead';", ''],
    DOMAIN_TEST,
    'a grant could be signed for next year',
  ),
  mutant(
    'grant-signature-unread',
    VERIFY,
    ["if (!verifyEnvelope(parsed.value, signer.key)) return fail('badSignature');", ''],
    VERIFY_TEST,
    'the broker could write grants',
  ),
  mutant(
    'grant-by-any-key',
    VERIFY,
    ["if (signer?.kind !== 'reviewer' || signer.use !== 'decision')", 'if (signer === undefined)'],
    VERIFY_TEST,
    'a session key, which lies in a file, would grant',
  ),
  mutant(
    'grant-other-text',
    VERIFY,
    ['view.renderer === TERMS_RENDERER && view.sha256 === sha256Hex(termsBytes(terms))', 'true'],
    VERIFY_TEST,
    'a person would have signed what was not on screen',
  ),
  mutant(
    'grant-by-the-owner',
    VERIFY,
    ["if (whyNotApprove(request, signer, keyring) !== undefined) return 'notAllowed';", ''],
    VERIFY_TEST,
    'somebody would allow their own agent',
  ),
  mutant(
    'grant-policy-not-asked',
    VERIFY,
    [
      "if (!policy.mayDecide(request, decider, at).may) return 'notAllowed';",
      'void [policy, decider, at];',
    ],
    VERIFY_TEST,
    'a person whom policy does not let would grant',
  ),
  mutant(
    'grant-one-for-two',
    FIND,
    [
      'missingApprovals(request.policy.needs, signers, keyring).length > 0;',
      'missingApprovals(request.policy.needs, signers, keyring).length > 9;',
    ],
    VERIFY_TEST,
    'one person’s grant would do where two are needed',
  ),
  mutant(
    'grant-of-different-terms',
    FIND,
    ['Map.groupBy(proven, ({ terms }) => terms)', "Map.groupBy(proven, () => '')"],
    VERIFY_TEST,
    'two people’s different grants would count together',
  ),
  mutant(
    'grant-not-in-log',
    FIND,
    ["    : 'notInLog';", '    : undefined;'],
    VERIFY_TEST,
    'a grant that no other machine has would be used',
  ),
  mutant(
    'grant-unwitnessed',
    FIND,
    [
      "return people >= rule.count ? head : fail('notWitnessed');",
      'return people >= 0 ? head : head;',
    ],
    VERIFY_TEST,
    'a log that was made for this guard alone would do',
  ),
  mutant(
    'grant-end-unheard',
    FIND,
    ["if (terms !== undefined) uses.end(terms, 'ended', now());", 'void terms;'],
    VERIFY_TEST,
    'nobody could take a grant back',
  ),
  mutant(
    'grant-end-forgotten',
    USES,
    ['if (!existsSync(path)) return undefined;', 'if (path.length > 0) return undefined;'],
    USES_TEST,
    'a broker could hide an end that the guard has seen',
  ),
  mutant(
    'grant-number-not-exclusive',
    USES,
    [
      "if (made.code !== 'exists')",
      "if (made.code === 'exists') return ok(use);\n        if (made.code !== 'exists')",
    ],
    'test/flow/grants-race.test.ts',
    'two runs at once would have one number',
  ),
  mutant(
    'grant-used-before-logged',
    'main/guard/granted.ts',
    ['await whyNotLogged({ granted: one, use: use.value }, look, ports)', 'undefined'],
    'test/flow/grants.test.ts',
    'a use would run that the log never hears of',
  ),
  mutant(
    'grant-number-twice',
    RULE,
    ["if (query.hasUse(terms, use)) return 'notGranted';", ''],
    BROKER_FLOW,
    'a guard that lost its folder would use every number again',
  ),
  mutant(
    'grant-use-after-end',
    RULE,
    ['known.length === 0 || known.some(({ ends }) => ends)', 'known.length === 0'],
    BROKER_FLOW,
    'a run that had heard of a grant would outlive its end',
  ),
  mutant(
    'grant-of-the-unapproved',
    RULE,
    ['!hasApproved(bench, grant.request, signer.id)', 'false'],
    'test/flow/grants.test.ts',
    'somebody would allow again what they never allowed',
  ),
  mutant(
    'grant-end-by-anybody',
    RULE,
    ["if (!mayEndGrant(keyring, needs, signer)) return fail('notYours');", ''],
    BROKER_FLOW,
    'people who have no say would end grants',
  ),
  mutant(
    'condition-of-two-clauses',
    CONDITION,
    ['more.length > 0 || !isOneWhen(rule.json)', 'false'],
    CONDITION_TEST,
    'text in a condition could close the brace and add a clause',
  ),
  mutant(
    'condition-of-no-fact',
    CONDITION,
    ['if (!paths.some(isFact))', 'if (paths.length > 99)'],
    CONDITION_TEST,
    'a condition that is always true would pass for one',
  ),
  mutant(
    'evidence-use-after-end',
    EVIDENCE,
    ["spoken?.type === 'grantEnd' &&", 'false &&'],
    EVIDENCE_TEST,
    'an auditor would not see that an end was hidden',
  ),
  mutant(
    'evidence-number-twice',
    EVIDENCE,
    ['if (before.some((other) => other.use === use))', 'if (before.length > 999)'],
    EVIDENCE_TEST,
    'an auditor would not see a number that was used twice',
  ),
];
