// What a rota may be and can never do, over real sockets: ask whoever may not approve, give anybody a right, or take one away.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { always, escalations, OnCallVisit, stepsOf } from '../kit/on-call-visit.ts';
import { decisionBy } from '../kit/wire-world.ts';

let here: OnCallVisit;
beforeEach(async () => {
  here = await OnCallVisit.open();
});
afterEach(() => here.leave());

describe('the rota', () => {
  test('that is wrong is named in a sentence, and the last good one holds', async () => {
    here.rota({ ops: always(['alice']) });
    here.rota({ ops: { ...always(['bob']), zone: 'Nowhere' } });
    expect(here.house.alarms.at(-1)).toMatch(
      /rota\.json is not used, the last good one holds: groups\.ops\.zone: not a time zone/,
    );
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
  });

  test('that comes later is followed from then on', async () => {
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    await here.ask(guard);
    await here.pass(30_000);
    expect(stepsOf(alice)).toEqual([]);
    const all = await guard.wait('asking');
    expect(all.body.people.map(({ turn }) => turn)).toEqual([true, true, true]);
    here.rota({ ops: always(['alice']) });
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
  });

  test('names who is unknown or in another group to whoever runs the broker', () => {
    here.rota({ ops: always(['dora', 'zoe']) });
    expect(here.house.alarms).toEqual([
      'rota: groups.ops: dora is not in this group, and is never asked for it',
      'rota: groups.ops: the keyring does not know zoe',
    ]);
  });

  test('tells reviewers who is on call, who is next, and who cannot be reached', async () => {
    here.rota({
      ops: always(['alice', 'bob', 'carl'], [], {
        overrides: [{ from: '2026-11-23T00:00', until: '2026-11-24T00:00', who: ['carl'] }],
      }),
    });
    const [alice, bob] = [
      await here.asReviewer(here.org.alice),
      await here.asReviewer(here.org.bob),
    ];
    expect(await bob.ask('surface', { works: false, why: 'noDaemon' })).toBe('kept');
    await here.pass(10_000);
    const heard = await alice.wait(
      'onCall',
      ({ body }) => body.groups[0]?.now[2]?.trouble !== undefined,
    );
    expect(heard.body.groups).toEqual([
      {
        group: 'ops',
        now: [
          { id: 'alice' },
          { id: 'bob', trouble: 'noSurface' },
          { id: 'carl', trouble: 'offline' },
        ],
        next: { at: '2026-11-23T00:00:00.000Z', who: ['carl'] },
      },
    ]);
    await bob.ask('surface', { works: true });
    await alice.wait('onCall', ({ body }) => body.groups[0]?.now[1]?.trouble === undefined);
    await bob.ask('away', { until: here.house.time.iso(60_000) });
    await here.until(() =>
      alice.heard.some(
        (one) => one.t === 'onCall' && one.body.groups[0]?.now[1]?.trouble === 'away',
      ),
    );
  });
});

describe('what it can never do', () => {
  test('ask the requester, though on call and next', async () => {
    here.rota({ ops: always(['alice'], ['alice']) });
    const [guard, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    await here.asReviewer(here.org.alice);
    const agent = { id: 'claude', session: 's1', onBehalfOf: 'alice', authn: 'declared' } as const;
    await here.ask(guard, { agent });
    await here.pass(60_000);
    await here.until(() => stepsOf(bob).length > 0);
    expect(escalations(bob).flatMap(({ asked }) => asked)).not.toContain('alice');
  });

  test('give a right: whom the rota has on call for a group that is not theirs is not asked and may not decide', async () => {
    here.rota({ ops: always(['dora'], ['dora']) });
    const [guard, sec] = [await here.asGuard(), await here.asReviewer(here.dora)];
    const alice = await here.asReviewer(here.org.alice);
    const request = await here.ask(guard);
    await here.until(() => stepsOf(alice).length > 0);
    expect(escalations(alice).flatMap(({ asked }) => asked)).not.toContain('dora');
    const { envelope } = decisionBy(here.dora, here.house.time, request.sha256);
    expect(await sec.ask('decision', { envelope })).toBe('notYours');
  });

  test('take one away: whoever was not asked may decide', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    await here.asReviewer(here.org.alice);
    const request = await here.ask(guard);
    expect(await here.steps(bob, 1)).toEqual(['1 alice onCall']);
    const { envelope } = decisionBy(here.org.bob, here.house.time, request.sha256);
    expect(typeof (await bob.ask('decision', { envelope }))).toBe('number');
  });

  test('be said by anybody but the broker: no message carries an escalation', async () => {
    const alice = await here.asReviewer(here.org.alice);
    alice.raw(JSON.stringify({ t: 'escalation', id: '0f'.repeat(16), body: { envelope: '{}' } }));
    expect((await alice.ended).code).toBe(4000);
    here.forget();
  });

  test('be told by a guard who is away or what works', async () => {
    const guard = await here.asGuard();
    expect(await guard.ask('away', {})).toBe('wrongRole');
    expect(await guard.ask('surface', { works: false })).toBe('wrongRole');
  });

  test('keep anybody away for longer than 90 days', async () => {
    const alice = await here.asReviewer(here.org.alice);
    const until = here.house.time.iso(91 * 24 * 3600_000);
    expect(await alice.ask('away', { until })).toBe('tooLarge');
  });
});
