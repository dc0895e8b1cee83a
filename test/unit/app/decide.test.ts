// What the one path to a signature refuses by itself, whatever surface asked: here a card with more on it than anybody reads.

import { expect, test } from 'vitest';
import { judgeWish, type Wish } from '../../../main/app/decide.ts';
import type { DeskEntry } from '../../../main/app/desk.ts';
import type { Watched } from '../../../main/app/gesture.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { encodeStatement } from '../../../shared/statement/statement.ts';
import { renderView, viewText } from '../../../shared/statement/view/render.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';

const SEEN: Watched = {
  settledFrom: 0,
  focused: true,
  seenAllAt: 10,
  clickedAt: undefined,
  pressedAt: undefined,
};

/** The entry of a request with these arguments, and the wish to approve exactly what it shows. */
function asked(argv: readonly string[]): { readonly entry: DeskEntry; readonly wish: Wish } {
  const request = requestOf({ ...EXEC, argv: [...argv] });
  const payload = encodeStatement('request', request);
  const view = renderView(payload, new Map());
  if (!view.ok) throw new Error(view.code);
  const entry: DeskEntry = {
    digest: sha256Hex(payload),
    index: 1,
    request,
    payload,
    signed: true,
    life: { stage: 'open' },
    decisions: [],
    receipt: undefined,
    guardState: 'here',
    asked: [],
    nextAsked: undefined,
    sending: undefined,
  };
  const wish: Wish = {
    verdict: 'approve',
    viewSha256: sha256Hex(utf8(viewText(view.value))),
    reason: undefined,
    typed: undefined,
    proven: false,
    surface: 'window',
    at: 10_000,
  };
  return { entry, wish };
}

test('a card with more than 64 KiB that must be seen can be denied, never approved', () => {
  const small = asked(['node', 'export.js']);
  expect(judgeWish(small.entry, new Map(), SEEN, small.wish)).toMatchObject({
    ok: true,
    value: { presence: 'click' },
  });
  // 1,300 zero-width spaces are under 4 KiB and shown as over 15 KiB.
  const large = asked(['node', ...Array.from({ length: 6 }, () => '\u200b'.repeat(1300))]);
  expect(judgeWish(large.entry, new Map(), SEEN, large.wish)).toMatchObject({
    ok: false,
    code: 'notApprovable',
  });
  const denied = { ...large.wish, verdict: 'deny' } as const;
  expect(judgeWish(large.entry, new Map(), SEEN, denied).ok).toBe(true);
});
