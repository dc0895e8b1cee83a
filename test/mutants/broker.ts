// Seeded bugs of the stored log and of the broker: what is acknowledged is on disk, who may say what, and login.

import { type Mutant, mutant } from './mutant.ts';

const INTAKE = 'main/broker/intake.ts';
const LEDGER_TEST = 'test/unit/ledger/ledger.test.ts';
const REFUSALS_FLOW = 'test/flow/broker-refusals.test.ts';
const LOGIN_FLOW = 'test/flow/broker-login.test.ts';

export const BROKER_MUTANTS: readonly Mutant[] = [
  mutant(
    'ack-before-commit',
    INTAKE,
    [
      'const indexes = ledger.append(',
      'for (const one of planned) for (const { peer, id } of one.answers) peer.ack(id, undefined);\n    const indexes = ledger.append(',
    ],
    'test/unit/broker/intake.test.ts',
    'what a guard was told is on disk would not be',
  ),
  mutant(
    'failed-commit-stays-in-memory',
    INTAKE,
    ['this.#ports.reload();\n    const [code, retry]', 'const [code, retry]'],
    'test/unit/broker/intake.test.ts',
    'the desk would show requests that the log does not have',
  ),
  {
    id: 'synchronous-normal',
    file: 'main/ledger/database.ts',
    edits: [
      { from: "db.pragma('synchronous = FULL');", to: "db.pragma('synchronous = NORMAL');" },
      { from: 'const FULL = 2;', to: 'const FULL = 1;' },
    ],
    red: [LEDGER_TEST],
    why: 'a power cut would lose what was acknowledged',
  },
  mutant(
    'durability-not-asserted',
    'main/ledger/database.ts',
    ["mode === 'wal' && level === FULL", "mode === 'wal'"],
    LEDGER_TEST,
    'a build of SQLite that falls back to NORMAL would go unseen',
  ),
  mutant(
    'head-signed-unread',
    'main/ledger/sealing.ts',
    [
      'const checked = this.#rehash(size, root, leaves);',
      'const checked: Result<void, DiskCode> = ok(undefined);',
    ],
    LEDGER_TEST,
    'a flipped bit on disk would be signed over',
  ),
  mutant(
    'head-not-stored',
    'main/ledger/sealing.ts',
    ['this.#statements.head.run(head.size, head.note);', ''],
    LEDGER_TEST,
    'a log that forgot its own head would fork',
  ),
  mutant(
    'signed-tree-not-compared-at-start',
    'main/ledger/sealing.ts',
    ['if (!agrees(connections.reader, head.value)) {', 'if (head.value.size < 0) {'],
    LEDGER_TEST,
    'a changed log would be served, and signed, after a restart',
  ),
  mutant(
    'failed-batch-in-the-frontier',
    'main/ledger/append.ts',
    ['if (!written) this.#restore(before);', ''],
    LEDGER_TEST,
    'the next head would be of leaves that are not on disk',
  ),
  mutant(
    'sender-not-checked',
    'main/broker/open-statement.ts',
    ['return own && session.id === id && session.device === device', 'return own'],
    REFUSALS_FLOW,
    'one session could bring decisions in for another person',
  ),
  mutant(
    'request-of-another-guard',
    'main/broker/rule-request.ts',
    ['if (signer.value.id !== session.id || !isOf(', 'if (!isOf('],
    REFUSALS_FLOW,
    'a guard could ask in the name of another',
  ),
  mutant(
    'request-names-anything',
    'main/broker/rule-request.ts',
    ['guard.host === row.host &&', ''],
    REFUSALS_FLOW,
    'a guard could claim another machine, and so escape the same-host rule',
  ),
  mutant(
    'broker-fact-mismatch',
    'main/broker/rule-request.ts',
    ["if (other !== undefined) return fail('badPolicy', other);", ''],
    REFUSALS_FLOW,
    'policy would be asked about facts that are not the action’s',
  ),
  mutant(
    'expired-request-decided',
    'main/broker/rule-decision.ts',
    ["if (bench.now >= expiresAt(request)) return fail('expired');", ''],
    REFUSALS_FLOW,
    'an expired request would be decided in the log',
  ),
  mutant(
    'decides-twice',
    'main/broker/rule-decision.ts',
    ["if (deciders.has(judge.id)) return fail('alreadyDecided');", ''],
    REFUSALS_FLOW,
    'one person would fill the log with decisions of one request',
  ),
  mutant(
    'broken-chain',
    'main/broker/rule-decision.ts',
    [
      "return follows({ seq, prev }, last) ? ok(undefined) : fail('badSequence');",
      "return follows({ seq, prev }, last) || seq > 0 ? ok(undefined) : fail('badSequence');",
    ],
    REFUSALS_FLOW,
    'a stolen key’s decisions would fit into its owner’s chain',
  ),
  mutant(
    'ends-anothers-request',
    'main/broker/rule-followups.ts',
    ["if (open.request.guard.id !== id) return fail('notYours');", ''],
    REFUSALS_FLOW,
    'a guard could withdraw the requests of another',
  ),
  mutant(
    'ending-by-unknown-decisions',
    'main/broker/rule-followups.ts',
    [
      'if (!decisions.every((one) => open.decisions.includes(one))) {',
      'if (decisions.length > 16) {',
    ],
    REFUSALS_FLOW,
    'an ending would name decisions that nobody made',
  ),
  mutant(
    'chat-denial-by-an-app',
    'main/broker/rule-followups.ts',
    ["if (what === 'chatDenied') return fail('wrongRole');", ''],
    REFUSALS_FLOW,
    'a reviewer’s session key, which decides nothing, would deny',
  ),
  mutant(
    'recorded-login',
    'main/broker/login.ts',
    ['login.serverNonce === this.nonce &&', ''],
    LOGIN_FLOW,
    'a recording of a login would log in',
  ),
  mutant(
    'login-for-another-broker',
    'main/broker/login.ts',
    ['login.brokerKeyId === this.#ports.key.keyId &&', ''],
    LOGIN_FLOW,
    'a broker in between could pass a login on',
  ),
  mutant(
    'unsigned-login',
    'main/broker/login.ts',
    [
      "if (!verifyEnvelope(opened.value.envelope, hit.key)) return fail('badLogin', 'signature');",
      '',
    ],
    LOGIN_FLOW,
    'a key id would be enough to be somebody',
  ),
  mutant(
    'revoked-key-logs-in',
    'main/broker/login.ts',
    ["if (!validNow(hit, size)) return fail('revoked');", ''],
    LOGIN_FLOW,
    'a revoked device would come back',
  ),
];
