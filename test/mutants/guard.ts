// Seeded bugs of the guard, of what it measures and of the rules it shares with broker and app: promises 1, 2 and 4.

import { type Mutant, mutant } from './mutant.ts';

const DECISION = 'main/guard/verify/decision.ts';
const LOG = 'main/guard/verify/log.ts';
const REFUSALS_TEST = 'test/unit/guard/gate-refusals.test.ts';
const GATE_FLOW = 'test/flow/gate.test.ts';
const APPROVAL = 'shared/domain/approval.ts';
const APPROVAL_TEST = 'test/unit/domain/approval.test.ts';

export const GUARD_MUTANTS: readonly Mutant[] = [
  mutant(
    'nothing-consumed',
    'main/guard/run.ts',
    ['if (used) return refuse(used.code, used.detail);', ''],
    GATE_FLOW,
    'one approval would run as often as it is said',
  ),
  mutant(
    'consumed-row-not-exclusive',
    'main/state/atomic-file.ts',
    [
      'fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);',
      'fd = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);',
    ],
    'test/unit/state/atomic-file.test.ts',
    'two processes would both be told that they were the first',
  ),
  mutant(
    'unaccounted-run',
    'main/guard/run.ts',
    ['if (!owed)\n', 'if (ports.reachMs < 0 && !owed)\n'],
    GATE_FLOW,
    'something would run that the log never hears of',
  ),
  mutant(
    'late-after-measuring',
    'main/guard/run.ts',
    ["if (by.late()) return refuse('requestExpired');", ''],
    GATE_FLOW,
    'an approval would run after the machine slept through its deadline',
  ),
  mutant(
    'world-not-measured-again',
    'main/guard/run.ts',
    [
      "return action.kind === 'exec' ? remeasure(world, action) : 'programChanged';",
      "return action.kind === 'exec' ? undefined : 'programChanged';",
    ],
    GATE_FLOW,
    'another program than the approved one would run',
  ),
  mutant(
    'folder-by-its-name',
    'main/guard/exec/remeasure.ts',
    ["if (now.folder.id !== world.held.folder.id) return 'folderChanged';", ''],
    'test/unit/guard/exec/world.test.ts',
    'the same path could be another folder',
  ),
  mutant(
    'policy-not-asked-again',
    'main/guard/verify/still.ts',
    [
      "if (!verdict.ok || verdict.value.outcome === 'forbid') return 'policyForbids';",
      "if (!verdict.ok) return 'policyForbids';",
    ],
    REFUSALS_TEST,
    'what policy has come to forbid would still run',
  ),
  mutant(
    'facts-not-compared',
    'main/guard/verify/still.ts',
    ["if (!sameFacts(facts, request.facts)) return 'factsChanged';", ''],
    REFUSALS_TEST,
    'policy would have been asked about another action',
  ),
  mutant(
    'signature-not-checked',
    DECISION,
    ["if (!verifyEnvelope(envelope.value, signer.value.key)) return fail('badSignature');", ''],
    REFUSALS_TEST,
    'the broker could write decisions',
  ),
  mutant(
    'any-key-decides',
    DECISION,
    ["if (hit.use !== 'decision') return fail('wrongKeyUse', `it is a ${hit.use} key`);", ''],
    REFUSALS_TEST,
    'a session key, which lies in a plain file, could approve',
  ),
  mutant(
    'key-valid-for-ever',
    DECISION,
    ["if (!validAt(hit, index)) return fail('keyNotValid');", ''],
    REFUSALS_TEST,
    'a revoked key would approve',
  ),
  mutant(
    'signed-in-anothers-name',
    DECISION,
    [
      'if (id !== signer.id || keyId !== signer.key.keyId || device !== signer.device)',
      'if (keyId !== signer.key.keyId)',
    ],
    REFUSALS_TEST,
    'a reviewer could sign as somebody else',
  ),
  mutant(
    'brokers-digest-trusted',
    DECISION,
    ["if (decision.request !== pending.digest) return fail('otherRequest');", ''],
    REFUSALS_TEST,
    'an approval of one request would let another run, on the broker’s word',
  ),
  mutant(
    'view-not-compared',
    DECISION,
    [
      'renderer !== pending.view.renderer || sha256 !== pending.view.sha256',
      'renderer !== pending.view.renderer',
    ],
    REFUSALS_TEST,
    'the reviewer could have seen something else (promise 3)',
  ),
  mutant(
    'keyring-not-compared',
    DECISION,
    [
      'if (keyrings.get(decision.keyring.version) !== decision.keyring.sha256)',
      'if (!keyrings.has(decision.keyring.version))',
    ],
    REFUSALS_TEST,
    'the reviewer could have decided under another keyring',
  ),
  mutant(
    'expired-keyring',
    DECISION,
    ["if (keyringExpired(keyring, at.now)) return fail('keyringExpired');", ''],
    'test/unit/guard/verify-decision.test.ts',
    'a keyring that was never renewed would be believed for ever',
  ),
  mutant(
    'request-never-expires',
    DECISION,
    [
      'if (at.now >= Date.parse(request.createdAt) + request.ttlMs || at.monotonic >= deadlineMono)',
      'if (at.now < 0)',
    ],
    REFUSALS_TEST,
    'an expired request would be approved',
  ),
  mutant(
    'one-clock-only',
    DECISION,
    [' || at.monotonic >= deadlineMono', ''],
    REFUSALS_TEST,
    'a wall clock that was set back would keep a request alive',
  ),
  mutant(
    'stale-decision',
    DECISION,
    [
      'if (Math.abs(Date.parse(decision.issuedAt) - at.now) > LIMITS.clockSkewMs)',
      'if (Number.isNaN(at.now))',
    ],
    REFUSALS_TEST,
    'a decision could be kept and used much later',
  ),
  mutant(
    'denial-of-anybody',
    DECISION,
    [
      "if (hit?.use !== 'decision' || !verifyEnvelope(envelope.value, hit.key)) return undefined;",
      "if (hit?.use !== 'decision') return undefined;",
    ],
    'test/unit/guard/gate-forged-denial.test.ts',
    'a denial would be put into a reviewer’s mouth',
  ),
  mutant(
    'embedded-checkpoint-not-compared',
    LOG,
    ["if (!(await sameHistory(seen.value, proven.value, prove))) return fail('otherHistory');", ''],
    REFUSALS_TEST,
    'a broker could show reviewer and guard two histories',
  ),
  mutant(
    'kept-checkpoint-not-compared',
    LOG,
    [
      "if ((await anchor.admit(proven.value, prove)) !== 'admitted') return fail('otherHistory');",
      '',
    ],
    REFUSALS_TEST,
    'a log could be rolled back between two runs',
  ),
  mutant(
    'good-head-under-any-key',
    LOG,
    ['const name = `${vkeyText}\\n${note}`;', 'const name = note;'],
    'test/unit/guard/verify-log.test.ts',
    'a head of the log before would stand for the log of now',
  ),
  mutant(
    'given-proof-for-another-tree',
    'main/guard/verify/history.ts',
    ['given.find((one) => one.first === first)?.proof', 'given[0]?.proof'],
    REFUSALS_TEST,
    'a proof of one tree would be taken for that of another',
  ),
  mutant(
    'decision-not-in-the-log',
    LOG,
    [
      'if (!verifyInclusion({ index, size, root, leafHash: hashes.decision, proof }))',
      'if (proof.length > size)',
    ],
    REFUSALS_TEST,
    'an approval would run that no log has (promise 1)',
  ),
  mutant(
    'inclusion-index-not-compared',
    LOG,
    ["if (placed.requestIndex >= placed.index) return fail('otherIndex');", ''],
    REFUSALS_TEST,
    'a decision could stand before the request that it decides',
  ),
  mutant(
    'self-approval',
    APPROVAL,
    [
      "if (request.agent.onBehalfOf === judge.id || owns) return 'ownAction';",
      "if (owns) return 'ownAction';",
    ],
    APPROVAL_TEST,
    'people would approve their own actions (promise 4)',
  ),
  mutant(
    'owner-approves',
    APPROVAL,
    [
      "if (request.agent.onBehalfOf === judge.id || owns) return 'ownAction';",
      "if (request.agent.onBehalfOf === judge.id) return 'ownAction';",
    ],
    APPROVAL_TEST,
    'whoever answers for an agent would approve for it',
  ),
  mutant(
    'same-host',
    APPROVAL,
    [
      "if (atLeast(request.policy.tier, 'high') && judge.device === request.guard.host)",
      "if (request.guard.host === '')",
    ],
    APPROVAL_TEST,
    'what runs on the agent’s machine could approve itself',
  ),
  mutant(
    'quorum-counts-devices',
    APPROVAL,
    ['[...new Map(people.map((person) => [person.id, person])).values()]', '[...people]'],
    APPROVAL_TEST,
    'one person with two devices would be two people',
  ),
  mutant(
    'quorum-counts-groups',
    APPROVAL,
    [
      'if (judge === undefined || tried.has(slot) || !inGroup(group, judge)) return false;',
      'if (judge === undefined || tried.has(slot)) return false;',
    ],
    APPROVAL_TEST,
    'anybody would fill the place of any group',
  ),
  mutant(
    'presence-tier-ignored',
    APPROVAL,
    [
      "verdict === 'deny' || APPROVES[tier].includes(presence)",
      "verdict === 'deny' || presence.length > 0",
    ],
    APPROVAL_TEST,
    'one click would do what takes two people and a passphrase',
  ),
  mutant(
    'solo-by-default',
    APPROVAL,
    ['if (rules.solo) return undefined;', 'if (!rules.solo || rules.solo) return undefined;'],
    APPROVAL_TEST,
    'a team would be waived what only solo mode waives',
  ),
  mutant(
    'reopened-after-ending',
    'shared/domain/life.ts',
    [
      "if (life.stage !== 'open') return fail('notOpen');",
      "if (life.stage === 'decided') return fail('notOpen');",
    ],
    'test/unit/domain/life.test.ts',
    'a decision after the ending would open the request again',
  ),
  mutant(
    'ended-twice',
    'shared/domain/life.ts',
    ["if (life.stage === 'ended') return fail('notOpen');", ''],
    'test/unit/domain/life.test.ts',
    'a second ending would rewrite the first',
  ),
  mutant(
    'ends-approved-unapproved',
    'shared/domain/life.ts',
    ["if (APPROVED.includes(event.how) && life.verdict !== 'approve') return fail('notOpen');", ''],
    'test/unit/domain/life.test.ts',
    'the log would say approved of what nobody approved',
  ),
];
