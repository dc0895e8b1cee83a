// Seeded bugs of the rota: who is asked at all, who says so, what it may never give, and that nobody is waited for in vain.

import { type Mutant, mutant } from './mutant.ts';

const LADDER = 'shared/domain/escalation.ts';
const UNIT = 'test/unit/domain/escalation.test.ts';
const APP = 'test/unit/app/on-call.test.ts';
const FLOW = 'test/flow/on-call.test.ts';
const BOUNDS = 'test/flow/on-call-bounds.test.ts';

export const ON_CALL_MUTANTS: readonly Mutant[] = [
  mutant(
    'asks-who-may-not',
    LADDER,
    [
      '(device) => whyNotApprove(request, { ...person, device }, rules) === undefined,',
      '() => true,',
    ],
    UNIT,
    'the requester would be asked about their own action, and waited for',
  ),
  mutant(
    'asks-who-has-decided',
    LADDER,
    ['  person.verdict === undefined &&\n', ''],
    UNIT,
    'whoever approved would stand for the second person who is missing',
  ),
  mutant(
    'unseen-never-comes',
    LADDER,
    ["return unseen ? 'unseen' : undefined;", 'return undefined;'],
    UNIT,
    'a request would wait for one person who does not look, until it expires',
  ),
  mutant(
    'offline-is-waited-for',
    LADDER,
    ["if (person.offlineFrom !== undefined && at >= person.offlineFrom) return 'offline';", ''],
    UNIT,
    'a minute would be lost on somebody who is not there',
  ),
  mutant(
    'stops-at-the-rota',
    LADDER,
    [
      ': [line.onCall, ...line.following.map((id) => [id]), free.map(({ id }) => id)];',
      ': [line.onCall, ...line.following.map((id) => [id])];',
    ],
    UNIT,
    'everybody else who may decide would be asked last of all, as if they were away',
  ),
  mutant(
    'anybody-escalates',
    'main/trust/signed-by.ts',
    [
      "escalation: [['broker', 'log']],",
      "escalation: [['broker', 'log'], ['guard', 'guard'], ['reviewer', 'session']],",
    ],
    APP,
    'a guard could say whom to disturb, and that nobody else needs to look',
  ),
  mutant(
    'escalation-names-anybody',
    'main/app/desk.ts',
    ["return spoken.says.by.keyId === keyId && signer?.use === 'log';", 'return true;'],
    APP,
    'the story would name another signer than its key',
  ),
  mutant(
    'escalation-unnamed-in-evidence',
    'main/evidence/check-signed.ts',
    ["    case 'escalation':\n      return named(is(spoken.says.by));\n", ''],
    'test/unit/evidence/escalation.test.ts',
    'an auditor would be told that another broker asked these people',
  ),
  mutant(
    'everybody-is-disturbed',
    'main/app/on-call.ts',
    ["return asked.some(({ id }) => id === me) ? 'mine' : 'others';", "return 'mine';"],
    APP,
    'a rota that wakes everybody is none',
  ),
  mutant(
    'a-silent-broker-silences',
    'main/app/attention.ts',
    ["(row.turn === 'unknown' && clock.monotonic() - since >= TURN_MS)", 'false'],
    APP,
    'a broker that never says whose turn it is would keep every notification away',
  ),
  mutant(
    'guards-are-away',
    'main/broker/routes.ts',
    [
      "  if (peer.session?.kind !== 'reviewer') return peer.refuse(id, 'wrongRole');\n  if (Date.parse(body.until",
      '  if (peer.session === undefined) return;\n  if (Date.parse(body.until',
    ],
    BOUNDS,
    'a guard could send the person of its own name away',
  ),
  mutant(
    'restart-forgets-the-step',
    'main/broker/standing.ts',
    [
      '    ask(open, said.value.asked, { at: Date.parse(said.value.at), why: said.value.why });\n',
      '',
    ],
    FLOW,
    'after a restart everybody would be asked from the beginning again',
  ),
  mutant(
    'shift-twice-in-autumn',
    'shared/domain/wall-clock.ts',
    ['for (const at of [first, last]) if', 'for (const at of [last, first]) if'],
    'test/unit/domain/on-call.test.ts',
    'a handover inside the repeated hour would come an hour late, or twice',
  ),
];
