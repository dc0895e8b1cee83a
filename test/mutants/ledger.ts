// What the stored log must never do: forget what waits for its tables, take damage for truth, keep an erased text.

import { type Mutant, mutant } from './mutant.ts';

const SETTLE_TEST = 'test/unit/ledger/settle.test.ts';
const ERASING_TEST = 'test/unit/ledger/erasing.test.ts';
const APPEND = 'main/ledger/append.ts';

export const LEDGER_MUTANTS: readonly Mutant[] = [
  mutant(
    'pending-not-read-at-start',
    'main/ledger/ledger.ts',
    ['const loaded = appender.load();', 'const loaded: Result<void, DiskCode> = ok(undefined);'],
    SETTLE_TEST,
    'a repeat after a restart would be a second effect',
  ),
  mutant(
    'effects-unchecked',
    'main/ledger/effects.ts',
    ['if (!sameBytes(bytes.slice(0, CHECK), checkOf(spot, json))) return undefined;', ''],
    SETTLE_TEST,
    'a flipped bit would end another request',
  ),
  mutant(
    'mark-unchecked',
    'main/ledger/mark.ts',
    [
      'return writeMark({ leaves, kept }) === text ? { leaves, kept } : undefined;',
      'return { leaves, kept };',
    ],
    SETTLE_TEST,
    'what waits would be skipped, or applied twice',
  ),
  mutant(
    'mark-not-moved',
    'main/ledger/settle.ts',
    ['this.#statements.move.run(writeMark(end));', ''],
    SETTLE_TEST,
    'a start would read the whole log, and apply it again',
  ),
  mutant(
    'failed-batch-pending',
    APPEND,
    ['if (written) this.#took(batch, settles);', 'this.#took(batch, settles);'],
    SETTLE_TEST,
    'a message would be answered that is not on disk',
  ),
  mutant(
    'pending-without-bound',
    APPEND,
    ['const settles = this.behind + entries.length > MOST;', 'const settles = false;'],
    SETTLE_TEST,
    'memory and starts would grow with the load',
  ),
  mutant(
    'start-reads-the-log',
    'main/ledger/database.ts',
    [
      "db.prepare('select max(idx) from leaves').get();\n  db.pragma",
      "db.prepare('select count(*) from leaves').get();\n  db.pragma",
    ],
    SETTLE_TEST,
    'a broker with millions of entries would start in minutes',
  ),
  mutant(
    'erased-by-a-flag-alone',
    'main/ledger/beside.ts',
    [', payload = zeroblob(length(payload))', ''],
    ERASING_TEST,
    'the text would stay in the file, hidden',
  ),
  mutant(
    'checkpoint-in-the-commit',
    'main/ledger/ledger.ts',
    ['setImmediate(() => this.#tidy());', 'this.#tidy();'],
    SETTLE_TEST,
    'whoever waits for an answer would wait for the whole WAL too',
  ),
];
