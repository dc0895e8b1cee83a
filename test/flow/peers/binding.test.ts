// Defects that were found in other products, about what an approval is of: a random challenge, a tool for a while, a call
// that was resumed. Here it is of one action, byte for byte, of its view, and it is used once.

import { afterEach, describe, expect, test } from 'vitest';
import { consume } from '../../../main/guard/state/consumed.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import { encodeStatement, STATEMENTS } from '../../../shared/statement/statement.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { codeOf, decide, openStage, reach, say } from '../../kit/gate-stage.ts';
import { openTeamHouse, type TeamHouse } from '../../kit/team-house.ts';
import { messageId } from '../../kit/wire-client.ts';

let house: TeamHouse | undefined;
afterEach(async () => {
  await house?.stop();
  house = undefined;
});
const open = async (options: Parameters<typeof openTeamHouse>[0] = {}): Promise<TeamHouse> => {
  house = await openTeamHouse(options);
  return house;
};

describe('what is signed is the action', () => {
  test('a change of any member of the action is another digest: the signature is of something else', async () => {
    const stage = await openStage();
    const { request, digest } = stage.asked;
    const { action } = request;
    for (const member of Object.keys(action).filter((name) => name !== 'kind')) {
      const other = { ...request, action: { ...action, [member]: 'x' } as typeof action };
      const changed = sha256Hex(encodeCj(other as unknown as Cj));
      expect(changed).not.toBe(digest);
      const answer = await reach({ decision: (d) => ({ ...d, request: changed }) });
      expect([member, codeOf(answer)]).toEqual([member, 'otherRequest']);
    }
    expect(sha256Hex(encodeStatement('request', request))).toBe(digest);
    stage.world.remove();
  });

  test('a decision over a challenge, and over nothing that was shown, is none', async () => {
    const challenge = 'c'.repeat(64);
    expect(codeOf(await reach({ decision: (d) => ({ ...d, request: challenge }) }))).toBe(
      'otherRequest',
    );
    const blind = { renderer: 'countersign-view/1', sha256: challenge, flags: [] };
    expect(codeOf(await reach({ decision: (d) => ({ ...d, view: blind }) }))).toBe('viewDiffers');
  });
});

describe('an approval is of these arguments, now', () => {
  test('the same command asked again at once needs its own decision: the first one fits it nowhere', async () => {
    const at = await open();
    const alice = await at.hand(at.world.keys.alice);
    const first = at.run();
    const seen = await alice.sees();
    await alice.signs(seen);
    expect(await first).toMatchObject({ ran: 1 });
    const used = alice.last();
    const second = at.run({ ttlMs: 2_500 });
    const again = await alice.sees(seen.digest);
    expect(again.digest).not.toBe(seen.digest);
    // The same bytes under a new message id, and the same decision signed anew of the old request.
    expect(await alice.client.ask('decision', { envelope: used }, messageId())).toBe('notOpen');
    expect(await alice.signs(seen)).toBe('notOpen');
    expect(await second).toMatchObject({ ran: 0, end: { how: 'expired' } });
  });

  test('a decision names no tool, no window and no pattern: it may be used once', async () => {
    const stage = await openStage();
    const entry = decide(stage);
    say(stage, entry);
    const answer = await stage.gate.answer;
    expect(answer.how === 'approved' && answer.decisions[0]?.decision.use).toEqual({ max: 1 });
    const decision = answer.how === 'approved' ? answer.decisions[0]?.decision : undefined;
    for (const more of [{ use: { max: 2 } }, { tool: 'sh' }, { until: '2026-11-23T00:00:00.000Z' }])
      expect(STATEMENTS.decision.safeParse({ ...decision, ...more }).success).toBe(false);
    stage.world.remove();
  });
});

describe('what is resumed does not run again', () => {
  test('an approval that was used is used up, also for a guard that comes back', async () => {
    const stage = await openStage();
    const { home } = stage.world;
    const { request, digest } = stage.asked;
    expect(consume(home, request.nonce, digest)).toBeUndefined();
    expect(consume(home, request.nonce, digest)).toMatchObject({ code: 'alreadyUsed' });
    stage.world.remove();
  });

  test('a guard that is told of its approval twice runs once', async () => {
    const at = await open();
    const running = at.run({
      // Each new connection is told everything again.
      on: () => {},
    });
    const alice = await at.hand(at.world.keys.alice);
    const seen = await alice.sees();
    await alice.signs(seen);
    expect(await alice.signs(seen)).toMatch(/notOpen|alreadyDecided/);
    const run = await running;
    expect(run.ran).toBe(1);
    expect(run.events.filter(({ what }) => what === 'started')).toHaveLength(1);
  });
});
