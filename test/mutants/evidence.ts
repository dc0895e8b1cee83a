// Seeded bugs of evidence: who has seen a head reaches the bundle, is counted by people, and what does not fit is said.

import { type Mutant, mutant } from './mutant.ts';

const TEAM_TEST = 'test/flow/evidence-team.test.ts';
const WITNESSED = 'main/evidence/check-witnessed.ts';
const WITNESSED_TEST = 'test/unit/evidence/witnessed.test.ts';
const NAMES_TEST = 'test/unit/app/head-names.test.ts';
const BUNDLE_TEST = 'test/unit/app/evidence.test.ts';
const STOCK = 'main/evidence/verify-text.ts';
const STOCK_TEST = 'test/unit/evidence/stock.test.ts';

export const EVIDENCE_MUTANTS: readonly Mutant[] = [
  mutant(
    'names-stay-at-the-broker',
    'main/broker/broker.ts',
    ['grew: () => this.#house.grew(),', 'grew: () => {},'],
    TEAM_TEST,
    'every bundle would say that nobody else has seen its head',
  ),
  mutant(
    'names-lost-at-a-restart',
    'main/broker/witnesses.ts',
    ['lines: this.#keptLines(head), note', 'lines: new Map(), note'],
    TEAM_TEST,
    'a machine that comes after a restart of the broker would not hear who has cosigned',
  ),
  mutant(
    'head-of-before-is-nobodys',
    'main/broker/witnesses.ts',
    ['if (head !== undefined)\n', 'if (head !== undefined && head.size < 0)\n'],
    TEAM_TEST,
    'after a restart of the broker its head could not be cosigned, and who waits for that would wait in vain',
  ),
  mutant(
    'copy-takes-any-name',
    'main/app/head-names.ts',
    ['return found.ok && found.value.length === 1;', 'return true;'],
    NAMES_TEST,
    'a broker could spoil the evidence with one line that nobody signed',
  ),
  mutant(
    'names-cosigned-again',
    'main/app/replica.ts',
    [
      'else if (checkpoint.size === held.size) await keepNames(named, checkpoint);',
      'else if (checkpoint.size === held.size) {\n        await keepNames(named, checkpoint);\n        tell?.(checkpoint);\n      }',
    ],
    NAMES_TEST,
    'each name would bring another cosignature of every machine, and each of those another name',
  ),
  mutant(
    'devices-are-people',
    WITNESSED,
    ['new Set(lines.map(({ hit }) => hit.id)).size', 'lines.length'],
    WITNESSED_TEST,
    'one person with two devices would be two witnesses (promise 4)',
  ),
  mutant(
    'old-names-count',
    WITNESSED,
    ['<= withinMs + LIMITS.clockSkewMs', '<= Infinity'],
    WITNESSED_TEST,
    'an action would pass as witnessed by names from long before',
  ),
  mutant(
    'ended-witness-counts',
    WITNESSED,
    ['since !== undefined && validAt(since, size)', 'since !== undefined'],
    WITNESSED_TEST,
    'a witness whom the roots have sent away since would count',
  ),
  mutant(
    'carried-names-unread',
    WITNESSED,
    ['for (const entry of book.opened) checkCarried(entry, by);', ''],
    WITNESSED_TEST,
    'a wrong line in a receipt would pass, and what ran unwitnessed would not be said',
  ),
  mutant(
    'unknown-is-not-ended',
    'main/evidence/manifest.ts',
    ["(whole && lastUnread < index ? 'notEnded' : 'unknown')", "'notEnded'"],
    BUNDLE_TEST,
    'a request would be reported as still open because its ending is not here',
  ),
  mutant(
    'record-of-what-a-copy-has',
    'main/evidence/record.ts',
    ["isInside(selection, entry) || entry.type === 'keyring'", 'entry.payload !== undefined'],
    BUNDLE_TEST,
    'two honest people would have different records of the same log',
  ),
  mutant(
    'newest-head-whatever-was-asked',
    'main/app/evidence-head.ts',
    ['const note = named ?? own ?? carried[0];', 'const note = own ?? carried[0];'],
    BUNDLE_TEST,
    'a head would lose the names that the log itself has of it',
  ),
  mutant(
    'stock-texts-silent',
    STOCK,
    ['$(dirname "$file")/leaf.json" || wrong "$file"', '$(dirname "$file")/leaf.json"'],
    STOCK_TEST,
    'an edited text would go unnoticed by whoever pastes the commands',
  ),
  mutant(
    'stock-views-silent',
    STOCK,
    ['"$d/pae.bin" || wrong "$view"', '"$d/pae.bin"'],
    STOCK_TEST,
    'an edited view would go unnoticed by whoever pastes the commands',
  ),
];
