// When a person is told, how often, and when it is taken back. All on a clock moved by hand.

import { describe, expect, test } from 'vitest';
import type { Tier } from '../../../shared/domain/tier.ts';
import { idOf, MINUTE, ordinal, row, stage } from './attention-stage.ts';

const WHOLE = { viewSha256: 'e'.repeat(64), text: 'Action: run a program' };
const titles = (one: ReturnType<typeof stage>): string[] =>
  one.notifier.shown.map(({ title }) => title);

describe('one request', () => {
  test('says verb, target and host, who asks for whom, the command and the expiry', () => {
    const one = stage();
    one.attention.update([row('medium', one.time)]);
    const [shown] = one.notifier.shown;
    expect(shown?.title).toBe('Run export.js - build-7');
    expect(shown?.body.split('\n')).toEqual([
      'claude-code for maya',
      'run export.js customers',
      expect.stringMatching(/^Medium, expires \d\d:\d\d:\d\d$/),
    ]);
  });

  test('says only that something waits where details are off', () => {
    const one = stage({ details: false }, WHOLE);
    one.attention.update([row('low', one.time)]);
    const [shown] = one.notifier.shown;
    expect(shown?.title).toBe('A request waits for you');
    expect(`${shown?.title} ${shown?.body}`).not.toMatch(/export|build-7|claude|maya/);
    expect(shown?.actions).toEqual(['open']);
  });

  test.each<[string, () => Partial<ReturnType<typeof row>>]>([
    ['decided or ended anywhere', () => ({ wants: false })],
    ['denied by somebody else', () => ({ wants: false, denied: true })],
  ])('is taken down at once when it is %s', (_, change) => {
    const one = stage();
    const asked = row('high', one.time);
    one.attention.update([asked]);
    expect(one.notifier.standing.size).toBe(1);
    one.attention.update([{ ...asked, ...change() }]);
    expect(one.notifier.standing.size).toBe(0);
  });

  test('is taken down when it leaves the desk, when it expires, and when the app stops', () => {
    const one = stage();
    const asked = [1, 2, 3].map((n) =>
      row('high', one.time, { expiresAt: one.time.clock.now() + n * 20 * MINUTE }),
    );
    one.attention.update(asked);
    one.attention.gone([asked[2]?.digest ?? '']);
    expect(one.notifier.standing.size).toBe(2);
    one.time.advance(20 * MINUTE);
    expect([...one.notifier.standing.keys()]).toEqual([idOf(asked[1] ?? row('low', one.time))]);
    one.attention.stop();
    expect(one.notifier.standing.size).toBe(0);
    expect(one.time.waiting()).toBe(0);
  });

  test('that is not for this person is never announced', () => {
    const one = stage();
    one.attention.update([row('critical', one.time, { wants: false })]);
    expect(one.notifier.shown).toEqual([]);
  });

  test('is announced once, again with a fifth of its time left, urgently under a minute', () => {
    const one = stage();
    one.attention.update([row('medium', one.time)]);
    const at = (): [number, boolean][] => one.notifier.shown.map(({ urgent }, i) => [i, urgent]);
    one.time.advance(8 * MINUTE - 1);
    expect(at()).toEqual([[0, false]]);
    one.time.advance(1);
    expect(at()).toEqual([
      [0, false],
      [1, false],
    ]);
    one.time.advance(MINUTE);
    expect(at()).toHaveLength(2);
    one.time.advance(1);
    expect(at()).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(one.notifier.shown[2]?.body).toContain('under a minute left');
    one.time.advance(MINUTE);
    expect(at()).toHaveLength(3);
    expect(one.notifier.standing.size).toBe(0);
  });

  test('of five minutes is announced twice, not three times within a second', () => {
    const one = stage();
    one.attention.update([
      row('medium', one.time, { expiresAt: one.time.clock.now() + 5 * MINUTE }),
    ]);
    one.time.advance(5 * MINUTE);
    expect(one.notifier.shown.map(({ urgent }) => urgent)).toEqual([false, true]);
  });

  test('is not announced again because its row is computed again', () => {
    const one = stage();
    const asked = row('medium', one.time);
    for (let i = 0; i < 20; i++) one.attention.update([{ ...asked }]);
    expect(one.notifier.shown).toHaveLength(1);
  });

  test('counts as shown only where the system did show it', () => {
    const one = stage();
    const asked = row('medium', one.time);
    one.notifier.fails = 'noDaemon';
    one.attention.update([asked]);
    one.time.advance(5000);
    expect(one.said).toEqual([]);
    expect(one.attention.facts().failed).toBe('noDaemon');
    one.notifier.fails = undefined;
    const other = row('medium', one.time);
    one.attention.update([other]);
    one.time.advance(5000);
    expect(one.said).toEqual([`shown ${ordinal(other)}`]);
    expect(one.attention.facts()).toMatchObject({ failed: undefined });
  });
});

describe('the buttons', () => {
  const NONE = { kind: 'macos', actions: false, maxBytes: 1000, maxLines: 20 } as const;
  test.each<[Tier, 'whole' | 'cut', string[]]>([
    ['low', 'whole', ['approve', 'deny']],
    ['low', 'cut', ['deny', 'open']],
    ['medium', 'whole', ['deny', 'open']],
    ['high', 'whole', ['deny', 'open']],
    ['critical', 'whole', ['open']],
  ])('of %s, %s, are %j', (tier, view, actions) => {
    const one = stage({}, view === 'whole' ? WHOLE : undefined);
    one.attention.update([row(tier, one.time)]);
    expect(one.notifier.shown[0]?.actions).toEqual(actions);
    expect(one.notifier.shown[0]?.body === WHOLE.text).toBe(actions.includes('approve'));
  });

  test('are none where the system has none, and only open while the key is locked', () => {
    const bare = stage({}, WHOLE);
    bare.notifier.capabilitiesNow = NONE;
    bare.attention.update([row('low', bare.time)]);
    expect(bare.notifier.shown[0]?.actions).toEqual([]);
    const locked = stage({}, WHOLE);
    locked.attention.update([row('low', locked.time, { mayApprove: false, mayDeny: false })]);
    expect(locked.notifier.shown[0]?.actions).toEqual(['open']);
  });
});

describe('a press', () => {
  test('of a button that was shown goes to the one path, with what was shown and when', async () => {
    const one = stage({}, WHOLE);
    const asked = row('low', one.time);
    one.attention.update([asked]);
    one.time.advance(700);
    one.notifier.press(idOf(asked), 'approve');
    await Promise.resolve();
    expect(one.presses).toEqual([
      {
        digest: asked.digest,
        verdict: 'approve',
        viewSha256: WHOLE.viewSha256,
        appearedAt: 0,
        pressedBefore: undefined,
        at: 700,
      },
    ]);
    expect(one.opened).toEqual([]);
  });

  test.each(['', '0', '1', 'Approve', 'approve ', 'default', 'constructor', '__proto__', 'open'])(
    'named %j on a low request opens it and decides nothing',
    (action) => {
      const one = stage({}, WHOLE);
      const asked = row('low', one.time);
      one.attention.update([asked]);
      one.notifier.press(idOf(asked), action);
      expect(one.presses).toEqual([]);
      expect(one.opened).toEqual([asked.digest]);
    },
  );

  test.each(['medium', 'high', 'critical'] as const)('never approves a %s request', (tier) => {
    const one = stage({}, WHOLE);
    const asked = row(tier, one.time);
    one.attention.update([asked]);
    one.notifier.press(idOf(asked), 'approve');
    expect(one.presses).toEqual([]);
    expect(one.opened).toEqual([asked.digest]);
  });

  test.each(['', 'r-', 'r-0', 'burst', 'alarm', 'test', '__proto__', 'r-'.padEnd(34, 'f')])(
    'of a notification %j that does not stand does nothing at all',
    (id) => {
      const one = stage({}, WHOLE);
      one.attention.update([row('low', one.time)]);
      for (const action of ['approve', 'deny', 'open']) one.notifier.press(id, action);
      expect(one.presses).toEqual([]);
      expect(one.opened).toEqual([]);
    },
  );

  test('of one that was taken down, or a second press of one, decides nothing more', async () => {
    const one = stage({}, WHOLE);
    const asked = row('low', one.time);
    one.attention.update([asked]);
    one.notifier.press(idOf(asked), 'deny');
    one.notifier.press(idOf(asked), 'approve');
    await Promise.resolve();
    expect(one.presses).toHaveLength(1);
    one.attention.update([{ ...asked, wants: false }]);
    one.notifier.press(idOf(asked), 'approve');
    expect(one.presses).toHaveLength(1);
  });

  test('that is refused opens the request; one that came too soon shows it again', async () => {
    const one = stage({}, WHOLE);
    const asked = row('low', one.time);
    one.attention.update([asked]);
    one.answer.now = 'again';
    one.notifier.press(idOf(asked), 'approve');
    await Promise.resolve();
    await Promise.resolve();
    expect(one.notifier.standing.has(idOf(asked))).toBe(true);
    expect(one.opened).toEqual([]);
    one.answer.now = 'refused';
    one.notifier.press(idOf(asked), 'approve');
    await Promise.resolve();
    await Promise.resolve();
    expect(one.opened).toEqual([asked.digest]);
    expect(one.presses[1]?.pressedBefore).toBe(one.presses[0]?.at);
  });
});

describe('a burst', () => {
  test('of more than three in ten seconds becomes one summary, the gravest named first', () => {
    const one = stage();
    for (const tier of ['low', 'medium', 'low'] as const)
      one.attention.update([row(tier, one.time)]);
    expect(one.notifier.standing.size).toBe(3);
    one.attention.update([row('high', one.time)]);
    expect([...one.notifier.standing.keys()]).toEqual(['burst']);
    const [summary] = one.notifier.standing.values();
    expect(summary?.title).toBe('4 requests wait for you');
    expect(summary?.body).toMatch(/^1 high, 1 medium, 2 low\n/);
    expect(summary?.actions).toEqual(['open']);
  });

  test('of hundreds shows a handful of notifications, and the last count is right', () => {
    const one = stage();
    const rows = Array.from({ length: 300 }, () => row('low', one.time));
    for (const asked of rows) {
      one.attention.update([asked]);
      one.time.advance(10);
    }
    one.time.advance(3000);
    expect(one.notifier.standing.get('burst')?.title).toBe('300 requests wait for you');
    expect(one.notifier.shown.length).toBeLessThan(10);
    one.attention.update(rows.map((asked) => ({ ...asked, wants: false })));
    expect(one.notifier.standing.size).toBe(0);
  });

  test('is over after ten quiet seconds: the next has its own again', () => {
    const one = stage();
    for (let i = 0; i < 4; i++) one.attention.update([row('low', one.time)]);
    one.time.advance(10_000);
    const asked = row('low', one.time);
    one.attention.update([asked]);
    expect(one.notifier.standing.has(idOf(asked))).toBe(true);
    expect(one.notifier.standing.has('burst')).toBe(true);
  });

  test('that runs out of time becomes urgent once, not once for each', () => {
    const one = stage();
    for (let i = 0; i < 6; i++) one.attention.update([row('low', one.time)]);
    one.time.advance(3000);
    const before = one.notifier.shown.length;
    one.time.advance(7 * MINUTE);
    one.time.advance(2 * MINUTE);
    const later = one.notifier.shown.slice(before);
    expect(later.map(({ id, urgent }) => [id, urgent])).toEqual([
      ['burst', false],
      ['burst', true],
    ]);
  });
});

describe('a denied action asked again by the same agent', () => {
  test('is collapsed into one notification that says so and has no button to approve', () => {
    const one = stage({}, WHOLE);
    const first = row('low', one.time);
    one.attention.update([first]);
    one.attention.update([{ ...first, wants: false, denied: true }]);
    for (let i = 0; i < 8; i++) {
      one.time.advance(20_000);
      one.attention.update([row('low', one.time, { same: first.same })]);
    }
    const standing = [...one.notifier.standing.values()];
    expect(standing).toHaveLength(1);
    expect(standing[0]?.title).toBe('Again: Run export.js - build-7');
    expect(standing[0]?.body).toContain('8 requests wait');
    expect(standing[0]?.actions).toEqual(['open']);
  });

  test('is new again after an hour, and another action is always new', () => {
    const one = stage();
    const first = row('low', one.time, { denied: true, wants: false });
    one.attention.update([first]);
    const other = row('low', one.time);
    one.attention.update([other]);
    expect(one.notifier.standing.has(idOf(other))).toBe(true);
    one.time.advance(60 * MINUTE);
    const again = row('low', one.time, { same: first.same });
    one.attention.update([again]);
    expect(one.notifier.standing.has(idOf(again))).toBe(true);
  });
});

describe('sound', () => {
  test.each([
    ['off', [false, false]],
    ['critical', [false, true]],
    ['all', [true, true]],
  ] as const)('%s is for high and critical: %j', (sound, heard) => {
    const one = stage({ sound });
    one.attention.update([row('high', one.time), row('critical', one.time)]);
    expect(one.notifier.shown.map((shown) => shown.sound)).toEqual(heard);
  });
});

describe('the test notification', () => {
  test('tells what the system refused, and that somebody saw it', async () => {
    const one = stage();
    one.notifier.fails = 'notAllowed';
    const refused = one.attention.test();
    one.time.advance(1000);
    expect(await refused).toBe('notAllowed');
    one.notifier.fails = undefined;
    const shown = one.attention.test();
    one.time.advance(1000);
    expect(await shown).toBeUndefined();
    expect(titles(one)).toEqual(['Countersign: this is a test']);
    expect(one.attention.facts().testSeenAt).toBeUndefined();
    one.notifier.press('test', 'approve');
    expect(one.attention.facts().testSeenAt).toBe(one.time.clock.now());
    expect(one.presses).toEqual([]);
    expect(one.opened).toEqual([]);
  });
});

test('an alarm is announced once, urgently', () => {
  const one = stage();
  one.attention.alarm();
  one.attention.alarm();
  expect(one.notifier.shown).toMatchObject([{ id: 'alarm', urgent: true }]);
});
