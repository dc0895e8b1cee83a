// What stands over every card is said to whoever comes to a terminal, not only to whoever was there when it began.

import { expect, test } from 'vitest';
import type { Change } from '../../../shared/ipc/snapshot.ts';
import { localBridge, servedBy } from '../../../main/hosts/instance/local.ts';
import type { Lines } from '../../../main/hosts/terminal/lines.ts';
import { runReview } from '../../../main/hosts/terminal/review.ts';
import * as words from '../../../main/hosts/terminal/words.ts';
import { fakeApp } from './fake-app.ts';

const AT = '2026-11-22T09:30:00.000Z';
const alarm = (code: string, detail: string): Change => ({
  what: 'log',
  value: { size: 3, alarm: { code, detail, at: AT } },
});
const offline = (why: string): Change => ({
  what: 'link',
  value: { state: 'offline', since: AT, why },
});
const UNLOCKED: Change = { what: 'key', value: { state: 'unlocked', until: AT } };

/** What a terminal prints in which this is typed; a command may be what happens meanwhile. */
async function review(before: readonly Change[], ...typed: readonly (string | Change)[]) {
  const app = fakeApp('x');
  app.add('medium');
  app.change(...before);
  const printed: string[] = [];
  const left = [...typed];
  const lines: Lines = {
    print: (text) => void printed.push(text),
    ask: async () => {
      for (;;) {
        const next = left.shift();
        if (next === undefined || typeof next === 'string') return next;
        app.change(next);
      }
    },
    size: () => undefined,
    close: () => {},
  };
  const bridge = localBridge(servedBy(app, { note: () => {} }), {
    surface: 'terminal',
    caller: 'test',
  });
  await runReview({ bridge, lines });
  return printed;
}

test.each([
  [
    'an alarm, with its detail',
    [alarm('logCut', 'the newest are missing')],
    /ALARM: the newest are missing.*code logCut/,
  ],
  ['a broker that is away', [offline('unreachable')], /away: nobody listens at its address/],
  [
    'a key that is no longer valid',
    [offline('revoked')],
    /not let this device in: this key is no longer valid/,
  ],
  ['why, in words of this version or not', [offline('other\u001b[2J')], /away: other\\u\{1b\}/],
  ['a stranger', [{ what: 'link', value: { state: 'stranger', since: AT } }], /is not your broker/],
  [
    'a plain network',
    [{ what: 'link', value: { state: 'online', since: AT, exposed: true } }],
    /WITHOUT ENCRYPTION/,
  ],
  ['a locked key', [], /key is locked/],
] as const)(
  '%s stands before the list, at the beginning and at each `list`',
  async (_, before, says) => {
    const printed = await review(before, 'list', 'quit');
    const found = printed.flatMap((line, at) => (says.test(line) ? [at] : []));
    const lists = printed.flatMap((line, at) => (line.startsWith('1. ') ? [at] : []));
    expect(found).toHaveLength(2);
    expect(lists).toHaveLength(2);
    expect(found.every((at, i) => at < (lists[i] ?? -1))).toBe(true);
  },
);

test('all is well is said once, and in no list', async () => {
  const printed = await review([UNLOCKED], 'list', 'quit');
  expect(printed.filter((line) => line === words.linkWords.online)).toHaveLength(1);
  expect(printed.filter((line) => line === `Your key is open until ${AT}.`)).toHaveLength(1);
});

test('each change is said once, also of an alarm that another has taken the place of', async () => {
  const printed = await review(
    [UNLOCKED],
    offline('unreachable'),
    offline('unreachable'),
    offline('revoked'),
    alarm('logCut', 'the newest are missing'),
    alarm('otherHistory', 'two different logs'),
    'quit',
  );
  const count = (part: string): number => printed.filter((line) => line.includes(part)).length;
  expect(count('nobody listens')).toBe(1);
  expect(count('no longer valid')).toBe(1);
  expect(count('the newest are missing')).toBe(1);
  expect(count('two different logs')).toBe(1);
});
