// A timer that the app began ends with it: what has stopped holds no process.

import { expect, test } from 'vitest';
import { composeApp } from '../../../main/app/compose.ts';
import { ownTimers } from '../../../main/app/own-timers.ts';
import type { Timers } from '../../../main/app/ports.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { handTime } from './hand-time.ts';
import { memoryStore } from './memory-store.ts';
import { COST, SECRET, soloHome } from './solo-home.ts';
import { WINDOW } from './world.ts';

/** Timers that are counted, and go off by hand. */
function counted() {
  const left = new Set<() => void>();
  const timers: Timers = {
    after: (_, run) => {
      left.add(run);
      return () => void left.delete(run);
    },
  };
  return { timers, left };
}

test('what is left is cancelled, what went off or was cancelled is forgotten, and none begins after', () => {
  const { timers, left } = counted();
  const own = ownTimers(timers);
  const ran: string[] = [];
  own.timers.after(1, () => ran.push('a'));
  own.timers.after(2, () => ran.push('b'))();
  own.timers.after(3, () => ran.push('c'));
  const [first] = left;
  first?.();
  expect(ran).toEqual(['a']);
  own.stop();
  own.timers.after(4, () => ran.push('d'));
  expect(left.has(first ?? (() => {}))).toBe(true);
  expect(left.size).toBe(1);
});

test('an app with its key open for twelve hours leaves none behind when it stops', async () => {
  const time = handTime();
  using home = await soloHome(time.clock);
  const { timers, left } = counted();
  const app = composeApp({
    clock: time.clock,
    timers,
    random: systemRandom,
    store: memoryStore(),
    broker: { start: async () => {}, stop: async () => {} },
    surface: { kind: 'browser', raise: () => {} },
    journal: { note: () => {} },
    home,
    version: '0.0.0',
    hostName: 'maya-laptop',
    account: 'maya',
    testOnly: COST,
  });
  await app.start();
  expect((await app.answers.key.unlock({ passphrase: SECRET }, WINDOW)).ok).toBe(true);
  expect(left.size).toBeGreaterThan(0);
  await app.stop();
  expect(left.size).toBe(0);
});
