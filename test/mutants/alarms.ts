// Seeded bugs of what is said and kept when something is wrong: the log, this device's key, a guard's folders; and of how the
// app ends.

import { type Mutant, mutant } from './mutant.ts';

const ALARMS = 'main/app/alarms.ts';
const ALARMS_TEST = 'test/unit/app/alarms.test.ts';
const SITUATION = 'main/hosts/terminal/situation.ts';
const SITUATION_TEST = 'test/unit/hosts/terminal-situation.test.ts';
const HAD = 'main/guard/state/had.ts';
const HAD_TEST = 'test/unit/guard/state-had.test.ts';
const SHOWN_FLOW = 'test/flow/judgement-shown.test.ts';

export const ALARM_MUTANTS: readonly Mutant[] = [
  mutant(
    'condemned-log-shows-no-head',
    'main/broker/broker.ts',
    ["note: () => ledger.lastSigned ?? ''", "note: () => ledger.head?.note ?? ''"],
    SHOWN_FLOW,
    'nobody could prove what a condemned log had signed',
  ),
  mutant(
    'read-only-unsaid',
    'main/broker/routes.ts',
    [
      "if (!ledger.health.ok) peer.refuse(id, 'readOnly');\n}\n\nfunction takeGot",
      '}\n\nfunction takeGot',
    ],
    SHOWN_FLOW,
    'an app of a damaged log would look as if nothing were asked',
  ),
  mutant(
    'late-proof-dropped',
    'main/broker/judgement.ts',
    ['this.#later = text;', ''],
    SHOWN_FLOW,
    'proof of two histories would stay with the one who found it',
  ),
  mutant(
    'cut-log-not-kept',
    ALARMS,
    [
      "key === undefined ? ['otherHistory', 'logCut'] : KEPT_CODES",
      "key === undefined ? ['otherHistory'] : KEPT_CODES",
    ],
    ALARMS_TEST,
    'a restart would forget that the log was cut',
  ),
  mutant(
    'own-key-not-kept',
    ALARMS,
    ['] : KEPT_CODES;', "] : ['otherHistory', 'logCut'];"],
    ALARMS_TEST,
    'a restart would turn approvals on under a key that somebody else has',
  ),
  mutant(
    'failed-store-is-a-thief',
    'main/app/session.ts',
    ['error instanceof Error && error.message.includes(NEVER_PUT)', 'error instanceof Error'],
    ALARMS_TEST,
    'an app that is being closed would call its own key stolen',
  ),
  mutant(
    'proof-hidden-by-suspicion',
    ALARMS,
    ['if (alarm === undefined || (fork && !proven)) alarm = next;', 'alarm ??= next;'],
    ALARMS_TEST,
    'proof of two histories would not be shown after a lesser alarm',
  ),
  mutant(
    'terminal-opens-without-alarm',
    'main/hosts/terminal/review.ts',
    ['for (const line of situation(mirror.now())) lines.print(line);', ''],
    SITUATION_TEST,
    'who comes to a terminal after an alarm would not hear of it',
  ),
  mutant(
    'plain-network-unsaid-in-terminal',
    SITUATION,
    ["if (link.state === 'online' && link.exposed === true)", 'if (false)'],
    SITUATION_TEST,
    'a terminal would not say that others can read along',
  ),
  mutant(
    'lost-folder-begins-anew',
    HAD,
    ["return isFolder(path) ? ok(path) : fail('lost', lost(home, name));", ''],
    HAD_TEST,
    'a guard would count uses from one again after its folder was taken away',
  ),
  mutant(
    'opened-without-its-folders',
    HAD,
    ['return gone === undefined ? undefined : lost(home, gone);', 'return undefined;'],
    HAD_TEST,
    'a guard would ask on without what it knew of the log',
  ),
  mutant(
    'timers-outlive-the-app',
    'main/app/compose.ts',
    ['      own.stop();\n', ''],
    'test/unit/app/own-timers.test.ts',
    'a stopped app would hold its process for twelve hours',
  ),
];
