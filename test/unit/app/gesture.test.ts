// Was this click meant? The rules of design.md's table, by name, and against a model that judges the whole history anew.

import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  CLICK_APART_MS,
  HOLD_MS,
  presenceOf,
  SETTLE_MS,
  UNWATCHED,
  watch,
  type Watched,
} from '../../../main/app/gesture.ts';
import { type Tier, TIERS } from '../../../shared/domain/tier.ts';
import { type Gesture, GESTURES } from '../../../shared/ipc/contract.ts';
import { dice } from '../statement/view-samples.ts';

type Step = readonly [at: number, what: Gesture];

const play = (steps: readonly Step[]): Watched =>
  steps.reduce((watched, [at, what]) => watch(watched, what, at), UNWATCHED);

const attempt = (at: number, more: Partial<Attempt> = {}): Attempt => ({
  surface: 'window',
  at,
  named: false,
  proven: false,
  ...more,
});

const judge = (tier: Tier, steps: readonly Step[], at: number, more: Partial<Attempt> = {}) => {
  const said = presenceOf(tier, play(steps), attempt(at, more));
  return 'presence' in said ? said.presence : said.refusal;
};

/** A card that was looked at for a while: on screen, seen to its end, no click near. */
const SEEN: readonly Step[] = [
  [0, 'appeared'],
  [10, 'seenAll'],
];

describe('the table of tiers', () => {
  test('low takes one click, seen or not', () => {
    expect(judge('low', [[0, 'appeared']], 600)).toBe('click');
  });
  test('medium takes one click once every must-see line was on screen', () => {
    expect(judge('medium', [[0, 'appeared']], 600)).toBe('notSeen');
    expect(judge('medium', SEEN, 600)).toBe('click');
  });
  test('high takes a hold of one second, in a terminal the typed name', () => {
    expect(judge('high', SEEN, 3000)).toBe('notHeld');
    expect(judge('high', [...SEEN, [600, 'pressed']], 600 + HOLD_MS - 1)).toBe('notHeld');
    expect(judge('high', [...SEEN, [600, 'pressed']], 600 + HOLD_MS)).toBe('hold');
    expect(judge('high', SEEN, 3000, { surface: 'terminal' })).toBe('nameDiffers');
    expect(judge('high', SEEN, 3000, { surface: 'terminal', named: true })).toBe('typed');
  });
  test('critical takes the name and the passphrase in a window, and nothing in a terminal', () => {
    expect(judge('critical', SEEN, 3000)).toBe('nameDiffers');
    expect(judge('critical', SEEN, 3000, { named: true })).toBe('passphraseNeeded');
    expect(judge('critical', SEEN, 3000, { named: true, proven: true })).toBe('passphrase');
    const all = { named: true, proven: true, surface: 'terminal' } as const;
    expect(judge('critical', SEEN, 3000, all)).toBe('presenceTooWeak');
  });
  test('nothing is approved that never appeared', () => {
    for (const tier of TIERS)
      expect(judge(tier, [[0, 'seenAll']], 9000, { named: true, proven: true })).toBe('notSeen');
  });
});

describe('a press that was not meant', () => {
  test.each(['appeared', 'changed', 'moved', 'focused'] as const)(
    'is one within 500 ms of the card having %s',
    (what) => {
      const steps: Step[] = [...SEEN, [2000, what], [2001, 'seenAll']];
      expect(judge('medium', steps, 2000 + SETTLE_MS - 1)).toBe('tooSoon');
      expect(judge('medium', steps, 2000 + SETTLE_MS)).toBe('click');
    },
  );
  test('is the second half of a double click', () => {
    const steps: Step[] = [...SEEN, [5000, 'clicked']];
    expect(judge('medium', steps, 5000 + CLICK_APART_MS - 1)).toBe('tooSoon');
    expect(judge('medium', steps, 5000 + CLICK_APART_MS)).toBe('click');
  });
  test('is the click that a person made on the way back from another window', () => {
    const away: Step[] = [...SEEN, [4000, 'blurred']];
    expect(judge('medium', away, 9000)).toBe('tooSoon');
    expect(judge('medium', [...away, [9000, 'focused']], 9001)).toBe('tooSoon');
    expect(judge('medium', [...away, [9000, 'focused']], 9500)).toBe('click');
  });
  test('is one that began on the card before: the request was replaced while it was pressed', () => {
    const steps: Step[] = [...SEEN, [700, 'pressed'], [1600, 'appeared'], [1610, 'seenAll']];
    expect(judge('high', steps, 1700)).toBe('tooSoon');
    expect(judge('high', steps, 2700)).toBe('notHeld');
  });
  test('is one that began before the card had settled, however long it is held', () => {
    expect(judge('high', [...SEEN, [499, 'pressed']], 9000)).toBe('tooSoon');
  });
  test('is one that began before everything had been seen, however long it is held', () => {
    const steps: Step[] = [
      [0, 'appeared'],
      [600, 'pressed'],
      [1650, 'seenAll'],
    ];
    expect(judge('high', steps, 1700)).toBe('notHeld');
  });
  test('is a key that repeats by itself: each repeat begins the hold anew', () => {
    const repeats = Array.from({ length: 60 }, (_, i): Step => [600 + i * 30, 'pressed']);
    expect(judge('high', [...SEEN, ...repeats], 600 + 60 * 30)).toBe('notHeld');
  });
  test.each(['released', 'blurred', 'moved', 'changed', 'gone'] as const)(
    'is a hold that was interrupted: %s',
    (what) => {
      const back: Step[] = [
        [1100, 'focused'],
        [1101, 'appeared'],
        [1102, 'seenAll'],
      ];
      const steps: Step[] = [...SEEN, [600, 'pressed'], [1000, what]];
      expect(['notHeld', 'tooSoon', 'notSeen']).toContain(judge('high', steps, 1600));
      expect(judge('high', [...steps, ...back], 1650)).toBe('notHeld');
    },
  );
  test('is a click in the middle of a hold', () => {
    expect(judge('high', [...SEEN, [600, 'pressed'], [900, 'clicked']], 1700)).toBe('tooSoon');
  });
});

/** Judges from the whole history, without keeping any state: the rules as the design has them. */
function mayApprove(tier: Tier, steps: readonly Step[], by: Attempt): boolean {
  const last = (...names: readonly Gesture[]): number =>
    steps.findLastIndex(([, what]) => names.includes(what));
  const shown = last('appeared');
  if (shown < 0 || last('gone') > shown) return false;
  if (last('blurred') > last('focused')) return false;
  const onCard = steps.slice(shown);
  const freshFrom = onCard.findLastIndex(([, what]) => what === 'appeared' || what === 'changed');
  const seenAt = onCard.findIndex(([, what], i) => what === 'seenAll' && i > freshFrom);
  if (tier !== 'low' && seenAt < 0) return false;
  const ends: readonly Gesture[] = ['released', 'changed', 'moved', 'focused', 'blurred'];
  const pressed = onCard.findLastIndex(([, what]) => what === 'pressed');
  const down = pressed >= 0 && !onCard.slice(pressed).some(([, what]) => ends.includes(what));
  const pressAt = down ? (onCard[pressed]?.[0] ?? 0) : by.at;
  const held = down && seenAt >= 0 && (onCard[seenAt]?.[0] ?? 0) <= pressAt;
  const disturbs: readonly Gesture[] = ['appeared', 'changed', 'moved', 'focused'];
  const calm = onCard.every(([at, what]) => !disturbs.includes(what) || pressAt - at >= SETTLE_MS);
  const apart = steps.every(([at, what]) => what !== 'clicked' || pressAt - at >= CLICK_APART_MS);
  if (!calm || !apart) return false;
  if (tier === 'low' || tier === 'medium') return true;
  if (by.surface === 'terminal') return tier === 'high' && by.named;
  return tier === 'high' ? held && by.at - pressAt >= HOLD_MS : by.named && by.proven;
}

test('10,000 random traces: approved exactly where the model approves', () => {
  const roll = dice(20261122);
  const calm: readonly Gesture[] = ['appeared', 'seenAll', 'pressed', 'focused'];
  let approved = 0;
  for (let n = 0; n < 10_000; n++) {
    const steps: Step[] = [];
    let at = 0;
    for (let left = roll(12); left > 0; left--) {
      at += [0, 1, 20, 499, 500, 599, 600, 1000, 1500][roll(9)] ?? 0;
      const from = roll(3) === 0 ? GESTURES : calm;
      steps.push([at, from[roll(from.length)] ?? 'appeared']);
    }
    at += [0, 499, 500, 600, 999, 1000, 2000][roll(7)] ?? 0;
    const tier = TIERS[roll(4)] ?? 'low';
    const by = attempt(at, {
      surface: roll(4) === 0 ? 'terminal' : 'window',
      named: roll(2) === 0,
      proven: roll(2) === 0,
    });
    const said = 'presence' in presenceOf(tier, play(steps), by);
    const should = mayApprove(tier, steps, by);
    if (said !== should) expect({ tier, steps, by, approved: said }).toEqual({ approved: should });
    if (said) approved++;
  }
  // Both answers were exercised.
  expect(approved).toBeGreaterThan(500);
  expect(approved).toBeLessThan(9000);
});
