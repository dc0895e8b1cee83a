// One card at a time for each surface: what happened on one proves nothing on another.

import { describe, expect, test } from 'vitest';
import { presenceOf, UNWATCHED } from '../../../main/app/gesture.ts';
import { openGestures } from '../../../main/app/gestures.ts';
import { GESTURES } from '../../../shared/ipc/contract.ts';
import { dice } from '../statement/view-samples.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const attempt = (at: number) => ({ surface: 'window', at, named: false, proven: false }) as const;

describe('gestures by surface', () => {
  test('a card seen in one window is not seen in another', () => {
    const gestures = openGestures();
    gestures.feed('window-1', A, 'appeared', 0);
    gestures.feed('window-1', A, 'seenAll', 1);
    expect(presenceOf('medium', gestures.of('window-1', A), attempt(900))).toEqual({
      presence: 'click',
    });
    expect(gestures.of('window-2', A)).toEqual(UNWATCHED);
  });

  test('a card seen is not another card seen', () => {
    const gestures = openGestures();
    gestures.feed('w', A, 'appeared', 0);
    gestures.feed('w', A, 'seenAll', 1);
    expect(presenceOf('medium', gestures.of('w', B), attempt(900))).toEqual({ refusal: 'notSeen' });
    gestures.feed('w', B, 'appeared', 1000);
    expect(presenceOf('low', gestures.of('w', A), attempt(9000))).toEqual({ refusal: 'notSeen' });
  });

  test('the last click and the focus belong to the surface, whatever card is on it', () => {
    const gestures = openGestures();
    gestures.feed('w', A, 'appeared', 0);
    gestures.feed('w', A, 'clicked', 400);
    gestures.feed('w', B, 'appeared', 450);
    // Settled at 950; the click at 400 is 550 away.
    expect(presenceOf('low', gestures.of('w', B), attempt(950))).toEqual({ refusal: 'tooSoon' });
    expect(presenceOf('low', gestures.of('w', B), attempt(1000))).toEqual({ presence: 'click' });
    gestures.feed('w', B, 'blurred', 1001);
    gestures.feed('w', A, 'appeared', 1002);
    expect(presenceOf('low', gestures.of('w', A), attempt(9000))).toEqual({ refusal: 'tooSoon' });
  });

  test('500 random traces: what other surfaces did changes nothing', () => {
    const roll = dice(7);
    for (let n = 0; n < 500; n++) {
      const mixed = openGestures();
      const alone = openGestures();
      for (let i = 0; i < 30; i++) {
        const caller = `w${roll(3)}`;
        const step = [
          roll(2) ? A : B,
          GESTURES[roll(GESTURES.length)] ?? 'moved',
          i * 100,
        ] as const;
        mixed.feed(caller, ...step);
        if (caller === 'w0') alone.feed(caller, ...step);
      }
      for (const digest of [A, B]) expect(mixed.of('w0', digest)).toEqual(alone.of('w0', digest));
    }
  });
});
