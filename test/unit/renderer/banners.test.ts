// What stands over everything: a plain connection is said as long as it is so, and takes the place of nothing else.

import { expect, test } from 'vitest';
import { bannersOf, linkSays } from '../../../renderer/words/banners.ts';
import type { Snapshot } from '../../../shared/ipc/snapshot.ts';

const AT = '2026-11-22T09:00:00.000Z';
const online = (exposed?: boolean): Snapshot => ({
  revision: 1,
  host: 'browser',
  version: '0.0.0',
  key: { state: 'locked' },
  link: { state: 'online', since: AT, ...(exposed === undefined ? {} : { exposed }) },
  log: { size: 0 },
  requests: [],
});
const titles = (snapshot: Snapshot) => bannersOf(snapshot, 'open').map(({ title }) => title);

test('a connection that others can read along is said, beside what else is wrong', () => {
  expect(titles(online())).toEqual([]);
  expect(titles(online(false))).toEqual([]);
  expect(titles(online(true))).toEqual(['This connection is not encrypted']);
  const reach = { by: 'nothing', notices: 'noDaemon', troubles: [] } as const;
  expect(titles({ ...online(true), reach: { ...reach, troubles: [] } })).toEqual([
    'Nothing can reach you',
    'This connection is not encrypted',
  ]);
  const alarm = { code: 'otherHistory', detail: 'Entry 9 differs.', at: AT };
  expect(titles({ ...online(true), log: { size: 9, alarm } })).toEqual([
    'The log does not agree with itself',
    'This connection is not encrypted',
  ]);
});

test('an alarm about the key of this device does not speak of the log', () => {
  const alarm = { code: 'wentBackwards', detail: 'Entry 9 is not in its own copy.', at: AT };
  expect(titles({ ...online(false), log: { size: 9, alarm } })).toEqual([
    'Your key has signed what this device has not',
  ]);
});

test('beside the name it never says connected alone over a plain network', () => {
  expect(linkSays(online(), 'open')).toBe('Connected');
  expect(linkSays(online(true), 'open')).toBe('Connected, not encrypted');
});
