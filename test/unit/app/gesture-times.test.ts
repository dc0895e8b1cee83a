// The three times of the design's gesture table, as numbers: the other tests use the program's own.

import { expect, test } from 'vitest';
import { CLICK_APART_MS, HOLD_MS, SETTLE_MS } from '../../../main/app/gesture.ts';

test('a card settles for 500 ms, clicks are 600 ms apart, and a hold lasts a second', () => {
  expect([SETTLE_MS, CLICK_APART_MS, HOLD_MS]).toEqual([500, 600, 1000]);
});
