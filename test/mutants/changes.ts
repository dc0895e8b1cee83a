// Seeded bugs of approve with changes: what may be proposed, what is a child of it, and that nothing else comes of a denial.

import { type Mutant, mutant } from './mutant.ts';

const RULES = 'shared/domain/changes.ts';
const RULES_TEST = 'test/unit/domain/changes.test.ts';
const CHILD = 'main/broker/rule-child.ts';
const BROKER_FLOW = 'test/flow/changes-broker.test.ts';
const PARENTS = 'main/app/parents.ts';
const APP_TEST = 'test/unit/app/changes.test.ts';
const GUARD = 'main/guard/changes.ts';
const GUARD_FLOW = 'test/flow/changes-guard.test.ts';
const FLOW = 'test/flow/changes.test.ts';
const EVIDENCE = 'main/evidence/check-changes.ts';
const EVIDENCE_TEST = 'test/unit/evidence/changes.test.ts';

export const CHANGES_MUTANTS: readonly Mutant[] = [
  mutant(
    'changes-with-an-approval',
    'shared/statement/decision.ts',
    ["verdict === 'deny' || changes === undefined", 'verdict !== undefined'],
    'test/unit/statement/changes.test.ts',
    'an approval would say two things at once',
  ),
  mutant(
    'changes-any-action-is-the-child',
    RULES,
    ['    same(editable, changes) &&\n', ''],
    RULES_TEST,
    'a guard could ask anything in the name of a proposal',
  ),
  mutant(
    'changes-child-in-any-folder',
    RULES,
    [' &&\n    same(keptOf(after), keptOf(before))', ''],
    RULES_TEST,
    'what a person proposed would run elsewhere',
  ),
  mutant(
    'changes-child-of-any-guard',
    RULES,
    [
      "  if (guard.id !== parent.guard.id || guard.mode !== parent.guard.mode) return 'otherGuard';\n",
      '',
    ],
    RULES_TEST,
    'another guard could take over what was proposed to this one',
  ),
  mutant(
    'changes-child-for-any-agent',
    RULES,
    ["  if (!same(child.agent, parent.agent)) return 'otherAgent';\n", ''],
    RULES_TEST,
    'another agent could take over what was proposed to this one',
  ),
  mutant(
    'changes-broker-takes-any-parent',
    'main/broker/rule-request.ts',
    ['  if (!child.ok) return child;\n', ''],
    BROKER_FLOW,
    'a request could name any other as its parent',
  ),
  mutant(
    'changes-broker-without-end',
    CHILD,
    ['depthOf(ledger, parent) < MAX_CHANGES', 'depthOf(ledger, parent) >= 0'],
    BROKER_FLOW,
    'one action could be changed without end',
  ),
  mutant(
    'changes-broker-takes-any-proposal',
    'main/broker/rule-decision.ts',
    ["  if (unfit !== undefined) return fail('badChanges', unfit);\n", ''],
    BROKER_FLOW,
    'a denial could propose what its request cannot become',
  ),
  mutant(
    'changes-broker-ends-it-as-it-likes',
    'main/broker/rule-followups.ts',
    ['if (!endingFits(how, open.request)) {', 'if (how === undefined) {'],
    BROKER_FLOW,
    'a changed action could end as if it had been asked so',
  ),
  mutant(
    'changes-app-takes-any-parent',
    'main/app/can.ts',
    ["  if (parent === 'other') return 'otherParent';\n", ''],
    APP_TEST,
    'a broker could show any request as what somebody proposed',
  ),
  mutant(
    'changes-app-believes-the-guard',
    PARENTS,
    [
      'whyNotChild(child.request, parent.request, changes) !== undefined',
      "whyNotChild(child.request, parent.request, changes) === 'otherGuard'",
    ],
    APP_TEST,
    'a reviewer would take the guard’s word for what was proposed',
  ),
  mutant(
    'changes-app-without-end',
    PARENTS,
    ['(await depthOf(parent)) < MAX_CHANGES', '(await depthOf(parent)) >= 0'],
    APP_TEST,
    'one action could be changed without end',
  ),
  mutant(
    'changes-app-signs-any-proposal',
    'main/app/make-decision.ts',
    ["  if (unfit !== undefined) return fail('badChanges', CHANGES_CODES[unfit]);\n", ''],
    APP_TEST,
    'a person would sign a proposal that nobody can ask',
  ),
  mutant(
    'changes-app-drops-the-proposal',
    'main/app/decide.ts',
    ['...(wish.changes === undefined ? {} : { changes: wish.changes }),', ''],
    APP_TEST,
    'a proposal would be signed as a plain denial',
  ),
  mutant(
    'changes-guard-refuses-none',
    GUARD,
    ["  if (ports.changes === 'refuse') return fail('notWanted');\n", ''],
    FLOW,
    'a run that takes no changes would be changed',
  ),
  mutant(
    'changes-guard-without-end',
    GUARD,
    ["  if (made >= MAX_CHANGES) return fail('tooMany');\n", ''],
    FLOW,
    'one action could be changed without end',
  ),
  mutant(
    'changes-guard-takes-what-is-there',
    GUARD,
    [
      'if (isChanged(changed.value.action, request.action, changes)) return changed;',
      'if (changed.ok) return changed;',
    ],
    GUARD_FLOW,
    'the guard would ask for what it found, not for what was proposed',
  ),
  mutant(
    'changes-guard-forgets-the-parent',
    'main/guard/ask.ts',
    ['...(asking.parent === undefined ? {} : { parent: asking.parent }),', ''],
    GUARD_FLOW,
    'nobody could see that it was changed',
  ),
  mutant(
    'changes-guard-tells-it-late',
    GUARD,
    ["      ports.tell({ what: 'changed', who: end.who, digest: parent, lines });\n", ''],
    FLOW,
    'the agent would not hear what was changed',
  ),
  mutant(
    'changes-evidence-takes-any-link',
    EVIDENCE,
    ['  if (why !== undefined)\n', "  if (why === 'otherGuard')\n"],
    EVIDENCE_TEST,
    'an auditor would believe a link that is none',
  ),
];
