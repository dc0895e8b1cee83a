// A reviewer's own figures in words: what was counted, of what, and nothing where there is nothing to say.

import { expect, test } from 'vitest';
import { meterSays } from '../../../renderer/words/meter.ts';

const me = { id: 'ada', name: 'Ada', approved: 3, denied: 1, unopened: 1, medianMs: 42_000 };

test('how many, how quickly, and how many approvals came without the card', () => {
  expect(meterSays(me)).toEqual([
    '4 decisions: 3 approved, 1 denied.',
    'Half of them within 42 s of being asked.',
    'Approved without opening the card: 33.3% of your approvals.',
  ]);
});

test('says no share of nothing, and no time where none was taken', () => {
  const { medianMs: _, ...untimed } = me;
  expect(meterSays({ ...untimed, approved: 0, unopened: 0 })).toEqual([
    '1 decision: 0 approved, 1 denied.',
  ]);
});
