// Two checks that the gate makes twice, each alone: what is expired is refused before the log is asked for anything.

import { expect, test } from 'vitest';
import { verifyDecision } from '../../../main/guard/verify/decision.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { decide, NOW, openStage, type Row } from '../../kit/gate-stage.ts';
import { iso } from './row.ts';

async function codeAt(row: Row): Promise<string> {
  const stage = await openStage(row);
  const entry = decide(stage, row);
  const pending = { ...stage.asked, deadlineMono: 60_000, open: () => true };
  const answer = verifyDecision(
    utf8(entry.envelope),
    entry.index,
    pending,
    stage.world.identity.trust(),
    { now: NOW, monotonic: 1_000 },
  );
  stage.world.remove();
  return answer.ok ? 'approved' : answer.code;
}

test('under a keyring that has expired, to the millisecond', async () => {
  const expires = (ms: number): Row => ({
    keyring: (keyring) => ({ ...keyring, expires: iso(NOW + ms) }),
  });
  expect(await codeAt(expires(1))).toBe('approved');
  expect(await codeAt(expires(0))).toBe('keyringExpired');
});

test('by a decision that has expired, to the millisecond', async () => {
  const expires = (ms: number): Row => ({
    decision: (decision) => ({ ...decision, expiresAt: iso(NOW + ms) }),
  });
  expect(await codeAt(expires(1))).toBe('approved');
  expect(await codeAt(expires(0))).toBe('decisionExpired');
});
