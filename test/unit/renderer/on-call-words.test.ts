// What screens say of the rota, and which of its troubles stands over everything.

import { describe, expect, test } from 'vitest';
import { ASK_REASONS } from '../../../shared/statement/escalation.ts';
import type { AskedNow, OnCallState } from '../../../shared/ipc/on-call.ts';
import type { Snapshot } from '../../../shared/ipc/snapshot.ts';
import { bannersOf } from '../../../renderer/words/banners.ts';
import { askedSays, nextSays, onCallSays } from '../../../renderer/words/on-call.ts';

const AT = '2026-11-22T09:00:00.000Z';
const NOW = Date.parse(AT);
const who = (name: string, why: AskedNow['people'][number]['why'] = 'onCall', me = false) => ({
  name,
  why,
  me,
});

describe('who is asked', () => {
  test('stands in the order in which they were asked, each reason once', () => {
    const people = [who('Ada', 'onCall', true), who('Bea'), who('Carl', 'unseen')];
    expect(askedSays({ mine: true, people }, true)).toBe(
      'Asked now: you, Bea (on call), Carl (nobody had seen it).',
    );
  });

  test('tells whoever is not asked that they may decide, only where they may', () => {
    const others = { mine: false, people: [who('Bea')] };
    expect(askedSays(others, true)).toBe('Asked now: Bea (on call). You may decide it too.');
    expect(askedSays(others, false)).toBe('Asked now: Bea (on call).');
  });

  test('has words for every reason, and a number for many names', () => {
    for (const why of ASK_REASONS)
      expect(askedSays({ mine: true, people: [who('Bea', why)] }, true)).toMatch(/^Asked now: Bea/);
    const five = ['Ann', 'Bea', 'Carl', 'Dora', 'Emil'].map((name) => who(name, 'everyone'));
    expect(askedSays({ mine: true, people: five }, true)).toBe(
      'Asked now: Ann, Bea, Carl, 2 others.',
    );
  });

  test('of everybody who has decided is nobody', () => {
    expect(askedSays({ mine: false, people: [] }, true)).toBe(
      'Everybody who was asked has decided.',
    );
  });

  test('counts down to who is next', () => {
    const next = { at: new Date(NOW + 40_000).toISOString(), names: ['Carl'] };
    expect(nextSays({ mine: true, people: [], next }, NOW)).toBe('Next: Carl in 40 s.');
    expect(nextSays({ mine: true, people: [], next }, NOW + 40_000)).toBe('Next: Carl, now.');
    expect(nextSays({ mine: true, people: [] }, NOW)).toBeUndefined();
  });
});

test('a group’s line names a gap', () => {
  expect(onCallSays({ group: 'dba', now: [] })).toBe('dba: nobody.');
  expect(onCallSays({ group: 'dba', now: [{ name: 'Ada', me: true }] })).toBe('dba: you.');
});

describe('over every screen', () => {
  const snapshot = (onCall: OnCallState, reach: Snapshot['reach']): Snapshot => ({
    revision: 1,
    host: 'electron',
    version: '0.0.0',
    key: { state: 'locked' },
    link: { state: 'online', since: AT },
    log: { size: 0 },
    requests: [],
    onCall,
    ...(reach ? { reach } : {}),
  });
  const titles = (onCall: OnCallState, reach: Snapshot['reach']) =>
    bannersOf(snapshot(onCall, reach), 'open').map(({ title }) => title);
  const on = (...now: OnCallState['groups'][number]['now']): OnCallState => ({
    groups: [{ group: 'dba', now }],
  });
  const well = { by: 'notification', troubles: [] } as Snapshot['reach'];
  const page = { by: 'page', notices: 'noDaemon', troubles: [] } as Snapshot['reach'];
  const nothing = { by: 'nothing', notices: 'noDaemon', troubles: [] } as Snapshot['reach'];

  test('whoever is on call and can’t be notified is told, in the place of the weaker sentence', () => {
    const mine = on({ name: 'Ada', me: true });
    expect(titles(mine, well)).toEqual([]);
    const says = 'You are on call, and notifications can’t reach you';
    expect(titles(mine, page)).toEqual([says]);
    expect(titles(mine, nothing)).toEqual([says]);
    expect(titles({ ...mine, away: AT }, nothing)).toEqual(['Nothing can reach you']);
    expect(titles(on({ name: 'Bea', me: false }), nothing)).toEqual(['Nothing can reach you']);
  });

  test('a colleague on call who would not hear of a request is named', () => {
    expect(titles(on({ name: 'Bea', me: false, trouble: 'away' }), well)).toEqual([
      'Bea is on call for dba and is away',
    ]);
    expect(titles(on({ name: 'Ada', me: true, trouble: 'away' }), well)).toEqual([]);
  });
});
