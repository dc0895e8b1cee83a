// Seeded bugs of the reviewer's app and of the view: what is seen is what is signed, and a click is meant.

import { type Mutant, mutant } from './mutant.ts';

const GESTURE = 'main/app/gesture.ts';
const GESTURE_TEST = 'test/unit/app/gesture.test.ts';
const DECIDE_TEST = 'test/unit/app/make-decision.test.ts';
const REPLICA_TEST = 'test/unit/app/replica.test.ts';
const ESCAPE = 'shared/statement/view/escape.ts';
const ESCAPE_TEST = 'test/unit/statement/view-tricks.test.ts';

export const APP_MUTANTS: readonly Mutant[] = [
  mutant(
    'gate-of-0-ms',
    GESTURE,
    ['export const SETTLE_MS = 500;', 'export const SETTLE_MS = 0;'],
    'test/unit/app/gesture-times.test.ts',
    'a card that slips under a moving pointer would be approved',
  ),
  mutant(
    'double-click-approves',
    GESTURE,
    ['export const CLICK_APART_MS = 600;', 'export const CLICK_APART_MS = 0;'],
    'test/unit/app/gesture-times.test.ts',
    'the second half of a double click would approve the next card',
  ),
  mutant(
    'hold-of-0-ms',
    GESTURE,
    ['export const HOLD_MS = 1000;', 'export const HOLD_MS = 0;'],
    'test/unit/app/gesture-times.test.ts',
    'a press would do what takes holding',
  ),
  mutant(
    'unfocused-approves',
    GESTURE,
    ['watched.focused &&', ''],
    GESTURE_TEST,
    'a click meant for another window would approve',
  ),
  mutant(
    'held-before-it-was-seen',
    GESTURE,
    ['pressedAt >= seenAllAt &&', ''],
    GESTURE_TEST,
    'a hold would approve what had not been on screen when it began',
  ),
  mutant(
    'screen-not-compared',
    'main/app/decide.ts',
    ["if (wish.viewSha256 !== viewSha256) return fail('viewDiffers');", ''],
    DECIDE_TEST,
    'what is signed would not be what was on screen (promise 3)',
  ),
  mutant(
    'approves-without-a-reason',
    'main/app/decide.ts',
    ["if (approvalNeedsReason(tier) && !wish.reason?.trim()) return fail('reasonMissing');", ''],
    DECIDE_TEST,
    'a high tier would be approved without a word',
  ),
  mutant(
    'too-much-to-read',
    'main/app/decide.ts',
    ["if (!view.value.approvable) return fail('notApprovable');", ''],
    'test/unit/app/decide.test.ts',
    'a card that nobody can read would be approvable',
  ),
  mutant(
    'approves-under-alarm',
    'main/app/can.ts',
    ["if (standing.alarmed) return 'alarm';", ''],
    DECIDE_TEST,
    'a reviewer would go on approving over a log that disagrees',
  ),
  mutant(
    'approves-unproven',
    'main/app/can.ts',
    [
      "if (!entry.signed || entry.index >= standing.proven) return 'unverified';",
      "if (!entry.signed) return 'unverified';",
    ],
    DECIDE_TEST,
    'a request that no checkpoint covers would be approved',
  ),
  mutant(
    'checkpoint-not-compared',
    'main/app/replica.ts',
    ['if (!sameBytes(edge.root(), checkpoint.root))', 'if (edge.size < 0)'],
    REPLICA_TEST,
    'the app would cosign a head that is not of its leaves',
  ),
  mutant(
    'equal-size-not-compared',
    'main/app/replica.ts',
    ['return sameBytes(head.root, held.root)', 'return head.size === held.size'],
    REPLICA_TEST,
    'two heads of one size, the plainest fork there is, would pass',
  ),
  mutant(
    'gap-in-the-copy',
    'main/app/replica.ts',
    ['if (first.index !== frontier.size) {', 'if (first.index < 0) {'],
    REPLICA_TEST,
    'a broker could leave an entry out',
  ),
  mutant(
    'wrong-leaf-signer',
    'main/app/open-leaf.ts',
    ['maySign(type, signer) &&', ''],
    'test/unit/app/open-leaf-signers.test.ts',
    'a decision by a session key would be shown as somebody’s',
  ),
  mutant(
    'format-characters-dropped',
    ESCAPE,
    ['pen.out += pointToken(point);\n    pen.marks = 0;', 'pen.marks = 0;'],
    ESCAPE_TEST,
    'an invisible character would be signed and not shown',
  ),
  mutant(
    'bytes-dropped',
    ESCAPE,
    ['pen.out += byteToken(bytes[from] ?? 0);', ''],
    'test/unit/statement/view-escape.test.ts',
    'bytes that are no text would be signed and not shown',
  ),
  mutant(
    'space-runs-collapse',
    ESCAPE,
    ['pen.out += `⟦space×${count}⟧`;', "pen.out += ' ';"],
    'test/unit/statement/view-escape.test.ts',
    'an argument could be pushed out of sight',
  ),
  mutant(
    'unlisted-attachment',
    'shared/statement/view/render.ts',
    ['return extra || total > MAX_ATTACHMENTS', 'return total > MAX_ATTACHMENTS'],
    'test/unit/statement/view-rows.test.ts',
    'bytes that the request does not name would come with it',
  ),
  mutant(
    'read-under-the-keyring-of-before',
    'main/app/inbox.ts',
    ['last?.under !== under', 'last === undefined'],
    'test/unit/app/inbox.test.ts',
    'what was read ahead would stand though its key has been ended meanwhile',
  ),
  mutant(
    'read-ahead-taken-twice',
    'main/app/inbox.ts',
    ['stored.index >= replica.size()', 'stored.index >= 0'],
    'test/unit/app/inbox.test.ts',
    'a repeated frame would be taken for other entries',
  ),
];
