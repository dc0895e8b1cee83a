// Every size that is still known has exactly the root that the whole log had at it.

import { expect, test } from 'vitest';
import { RecentRoots } from '../../../main/app/recent-roots.ts';
import { sha256 } from '../../../main/trust/digest.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { toHex, utf8 } from '../../../shared/bytes.ts';

const COUNT = 70_000;
const leaf = (i: number): Uint8Array => sha256(utf8(`leaf ${i}`));

test.each([0, 5, 1000])('from a log of %i entries on', (start) => {
  const whole = new Frontier();
  for (let i = 0; i < start; i++) whole.append(leaf(i));
  const recent = new RecentRoots(whole.state());
  const roots = new Map([[start, toHex(whole.root())]]);
  for (let i = start; i < start + COUNT; i++) {
    whole.append(leaf(i));
    recent.append(leaf(i));
    if (i % 97 === 0 || i > start + COUNT - 50) roots.set(i + 1, toHex(whole.root()));
  }
  let known = 0;
  for (const [size, root] of roots) {
    const found = recent.rootAt(size);
    if (found === undefined) continue;
    known += 1;
    expect(toHex(found)).toBe(root);
  }
  // At least the newest 16,384 of them, and nothing beyond the end.
  expect(known).toBeGreaterThanOrEqual(Math.floor(16_384 / 97) + 49);
  expect(recent.rootAt(start + COUNT + 1)).toBeUndefined();
  expect(recent.rootAt(start)).toBeUndefined();
});
