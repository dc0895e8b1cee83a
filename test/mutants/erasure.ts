// Seeded bugs of erasing and of texts at rest: who may, what may go, that it is gone, and that what is missing is told apart.

import { type Mutant, mutant } from './mutant.ts';

const RULE = 'main/broker/rule-erasure.ts';
const FLOW = 'test/flow/erasure.test.ts';
const UNIT = 'test/unit/app/erasures.test.ts';
const KEY = 'test/unit/app/body-key.test.ts';

export const ERASURE_MUTANTS: readonly Mutant[] = [
  mutant(
    'anybody-erases',
    RULE,
    ["if (!mayErase(held.keyring, signer)) return fail('notYours');", ''],
    FLOW,
    'whoever may deny could take the evidence of it away',
  ),
  mutant(
    'open-request-erased',
    RULE,
    ["if (desk.get(request) !== undefined) return fail('stillOpen');", ''],
    FLOW,
    'a reviewer would decide about a text that nobody can check any more',
  ),
  mutant(
    'erasure-outside-the-chain',
    RULE,
    ["if (!follows({ seq, prev }, last)) return fail('badSequence');", ''],
    FLOW,
    'a missing or doubled signature of the key would not show',
  ),
  mutant(
    'any-text-erased',
    RULE,
    ['type !== undefined && ERASABLE.includes(type)', 'type !== undefined'],
    FLOW,
    'endings, receipts and erasures themselves could be taken out of the record',
  ),
  mutant(
    'erased-not-overwritten',
    'main/ledger/append.ts',
    ["this.#writer.pragma('secure_delete = ON')", "this.#writer.pragma('secure_delete = OFF')"],
    FLOW,
    'the text would lie on in the free space of the file',
  ),
  mutant(
    'erased-left-in-the-wal',
    'main/broker/intake.ts',
    ['setImmediate(() => this.#ports.ledger.scrub());', 'void 0;'],
    FLOW,
    'the text would lie on in the journal',
  ),
  mutant(
    'copies-left-in-pages',
    'main/ledger/database.ts',
    ["  'secure_delete = FAST',\n", ''],
    FLOW,
    'rows that are moved leave copies of their texts behind, which no erasure finds',
  ),
  mutant(
    'shared-attachment-dropped',
    'main/ledger/beside.ts',
    ['if (to.usesOf.get(owner, sha256) !== undefined) continue;', ''],
    FLOW,
    'another request would lose what its reviewers have to see',
  ),
  mutant(
    'erasure-unread-by-others',
    'main/broker/house.ts',
    ["type === 'keyring' || type === 'erasure'", "type === 'keyring'"],
    FLOW,
    'a copy whose reviewer may not read the request would keep its text',
  ),
  mutant(
    'app-honours-any-erasure',
    'main/app/erasures.ts',
    [
      "stored.mark?.what === 'erasure' && !mayHaveErased(opened, erasers)",
      "stored.mark?.what === 'erasure' && erasers.length > 99",
    ],
    UNIT,
    'a broker and any reviewer together could empty every copy',
  ),
  mutant(
    'erasers-of-later',
    'main/app/erasures.ts',
    ['(one) => one.from < opened.index', '(one) => one.from >= 0'],
    UNIT,
    'a right that was given afterwards would erase',
  ),
  mutant(
    'missing-passes-for-erased',
    'main/app/history-erased.ts',
    ['!stopped && honoured.get(by)?.has(payload) !== true', 'false'],
    UNIT,
    'a text that somebody took without a word would be counted as erased',
  ),
  mutant(
    'words-stay',
    'main/app/store/erase.ts',
    ["if (type === 'request') forget(request);", ''],
    FLOW,
    'the index would still find, and show, what was erased',
  ),
  {
    id: 'body-bound-to-nothing',
    file: 'main/app/store/seal.ts',
    edits: [
      { from: '.setAAD(beside);\n      const inside', to: ';\n      const inside' },
      { from: 'cipher.setAAD(beside).setAuthTag', to: 'cipher.setAuthTag' },
    ],
    red: ['test/unit/app/store/seal.test.ts'],
    why: 'a sealed text could be laid beside another leaf',
  },
  mutant(
    'sealed-copy-opened-in-clear',
    'main/app/store/open.ts',
    ['under !== undefined && bodies.mark === undefined', 'under !== undefined && path === ""'],
    FLOW,
    'new texts would silently lie in clear beside the sealed ones',
  ),
  mutant(
    'no-key-instead-of-waiting',
    'main/app/body-key.ts',
    ['if (!there.ok) return away(there.code, home);', 'if (!there.ok) return ok(undefined);'],
    KEY,
    'a locked key store would turn sealing off',
  ),
];
