// On call over real sockets: who is asked first, who is asked next and why, and what a restart keeps.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { always, BOTH, escalations, OnCallVisit, stepsOf } from '../kit/on-call-visit.ts';
import { saidBy } from '../kit/test-policies.ts';
import { decisionBy } from '../kit/wire-world.ts';

let here: OnCallVisit;
beforeEach(async () => {
  here = await OnCallVisit.open();
});
afterEach(() => here.leave());

describe('with somebody on call', () => {
  test('asks them first, then the next one, then everybody else, each when nobody has seen it in time', async () => {
    here.rota({ ops: always(['alice']) });
    const guard = await here.asGuard();
    const alice = await here.asReviewer(here.org.alice);
    await here.asReviewer(here.org.bob);
    await here.asReviewer(here.carl);
    const next = { at: here.house.time.iso(20_000), asked: ['bob'] };
    const request = await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
    const first = await guard.wait('asking', ({ body }) => body.next !== undefined);
    expect(first.body.people.map(({ id, turn, why }) => [id, turn, why])).toEqual([
      ['alice', true, 'onCall'],
      ['bob', false, undefined],
      ['carl', false, undefined],
    ]);
    expect(first.body.next).toEqual(next);
    const turn = await alice.wait('turn', ({ body }) => body.next !== undefined);
    expect(turn.body).toMatchObject({ request: request.sha256, step: 1, asked: ['alice'] });
    await here.pass(19_000);
    expect(stepsOf(alice)).toHaveLength(1);
    await here.pass(1_000);
    expect(await here.steps(alice, 2)).toEqual(['1 alice onCall', '2 bob unseen']);
    await here.pass(20_000);
    expect(await here.steps(alice, 3)).toEqual(['1 alice onCall', '2 bob unseen', '3 carl unseen']);
    const said = escalations(alice)[0];
    expect(said?.by).toEqual({ id: 'broker', keyId: here.org.broker.log.keyId });
  });

  test('asks nobody else once one of them has seen it', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const request = await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
    expect(await here.notice(alice, here.org.alice, request, 'shown')).toBe('kept');
    await here.pass(120_000);
    expect(stepsOf(alice)).toEqual(['1 alice onCall']);
  });

  test('a notification that only arrived was seen by nobody', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const bob = await here.asReviewer(here.org.bob);
    const request = await here.ask(guard);
    expect(await here.notice(alice, here.org.alice, request, 'delivered')).toBe('kept');
    await here.pass(20_000);
    expect(await here.steps(bob, 2)).toEqual(['1 alice onCall', '2 bob unseen']);
  });

  test('goes past whoever is offline at once', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    await here.pass(10_000);
    await here.ask(guard);
    expect(await here.steps(bob, 2)).toEqual(['1 alice onCall', '2 bob offline']);
  });

  test('waits a moment for one whose connection has just gone', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    const alice = await here.asReviewer(here.org.alice);
    await here.ask(guard);
    expect(await here.steps(bob, 1)).toEqual(['1 alice onCall']);
    here.forget(alice);
    alice.close();
    await guard.wait('asking', ({ body }) => body.people[0]?.state === 'offline');
    await here.pass(9_000);
    expect(stepsOf(bob)).toHaveLength(1);
    await here.pass(1_000);
    expect(await here.steps(bob, 2)).toEqual(['1 alice onCall', '2 bob offline']);
  });

  test('asks the next one when it is handed over or snoozed', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const bob = await here.asReviewer(here.org.bob);
    const request = await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
    expect(await here.notice(alice, here.org.alice, request, 'handedOver')).toBe(3);
    expect(await here.steps(alice, 2)).toEqual(['1 alice onCall', '2 bob handedOver']);
    expect(await here.notice(bob, here.org.bob, request, 'snoozed')).toBe(5);
    expect(await here.steps(alice, 3)).toEqual([
      '1 alice onCall',
      '2 bob handedOver',
      '3 carl snoozed',
    ]);
  });

  test('asks whoever is away last of all, and keeps who is away over a restart', async () => {
    here.rota({ ops: always(['alice']) });
    const alice = await here.asReviewer(here.org.alice);
    expect(await alice.ask('away', { until: here.house.time.iso(3600_000) })).toBe('kept');
    await here.restart();
    const [guard, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    await here.asReviewer(here.org.alice);
    await here.asReviewer(here.carl);
    await here.ask(guard);
    expect(await here.steps(bob, 1)).toEqual(['1 bob away']);
    await here.pass(40_000);
    expect(await here.steps(bob, 3)).toEqual(['1 bob away', '2 carl unseen', '3 alice unseen']);
  });

  test('who is back again is asked first', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    await alice.ask('away', { until: here.house.time.iso(3600_000) });
    expect(await alice.ask('away', {})).toBe('kept');
    await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
  });

  test('asks for each of two needs, and everybody of a group that has no line', async () => {
    here.rota({ ops: always(['alice']) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const sec = await here.asReviewer(here.dora);
    const needs = [
      { group: 'ops', count: 1 },
      { group: 'sec', count: 1 },
    ];
    await here.ask(guard, { policy: { ...saidBy(BOTH, 'medium'), needs } });
    expect(await here.steps(alice, 2)).toEqual(['1 alice onCall', '2 dora everyone']);
    expect(await here.steps(sec, 2)).toEqual(['1 alice onCall', '2 dora everyone']);
  });

  test('an approval that is not enough leaves the others on the ladder', async () => {
    here.rota({ ops: always(['alice']), sec: always(['dora'], []) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const sec = await here.asReviewer(here.dora);
    await here.asReviewer(here.org.bob);
    const needs = [
      { group: 'ops', count: 1 },
      { group: 'sec', count: 1 },
    ];
    const request = await here.ask(guard, { policy: { ...saidBy(BOTH, 'medium'), needs } });
    const { envelope } = decisionBy(here.dora, here.house.time, request.sha256);
    expect(typeof (await sec.ask('decision', { envelope }))).toBe('number');
    await here.pass(20_000);
    expect(await here.steps(alice, 3)).toEqual(['1 alice onCall', '2 dora onCall', '3 bob unseen']);
    const { body } = await guard.wait('asking', (one) =>
      one.body.people.some((who) => who.id === 'bob' && who.turn),
    );
    expect(body.people.find(({ id }) => id === 'dora')?.turn).toBe(false);
  });
});

describe('a restart of the broker', () => {
  test('keeps who was asked and since when', async () => {
    here.rota({ ops: always(['alice']) });
    const guard = await here.asGuard();
    const alice = await here.asReviewer(here.org.alice);
    await here.asReviewer(here.org.bob);
    const request = await here.ask(guard);
    expect(await here.steps(alice, 1)).toEqual(['1 alice onCall']);
    await here.pass(20_000);
    expect(await here.steps(alice, 2)).toEqual(['1 alice onCall', '2 bob unseen']);
    await here.pass(10_000);
    await here.restart();
    const [again, bob] = [await here.asGuard(), await here.asReviewer(here.org.bob)];
    await here.asReviewer(here.org.alice);
    await here.asReviewer(here.carl);
    expect(await again.ask('request', { envelope: request.envelope })).toBe(1);
    const turn = await bob.wait('turn', ({ body }) => body.step === 2);
    expect(turn.body.asked).toEqual(['alice', 'bob']);
    await here.pass(9_000);
    expect(stepsOf(bob)).toHaveLength(2);
    await here.pass(1_000);
    expect(await here.steps(bob, 3)).toEqual(['1 alice onCall', '2 bob unseen', '3 carl unseen']);
  });

  test('keeps that somebody has left it to the others', async () => {
    here.rota({ ops: always(['alice', 'bob'], []) });
    const [guard, alice] = [await here.asGuard(), await here.asReviewer(here.org.alice)];
    const request = await here.ask(guard);
    await here.notice(alice, here.org.alice, request, 'handedOver');
    expect(await here.steps(alice, 1)).toEqual(['1 alice+bob onCall']);
    await here.restart();
    const [bob] = [await here.asReviewer(here.org.bob), await here.asReviewer(here.org.alice)];
    expect(await here.notice(bob, here.org.bob, request, 'handedOver')).toBe(4);
    expect(await here.steps(bob, 2)).toEqual(['1 alice+bob onCall', '2 carl handedOver']);
  });
});
