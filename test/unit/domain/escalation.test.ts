// The ladder: who is asked now, step by step, and what no state of the world may make it do.

import { describe, expect, test } from 'vitest';
import { mayBeAsked, missingApprovals, whyNotApprove } from '../../../shared/domain/approval.ts';
import { climb, type Climber, type Ladder, mayAnswer } from '../../../shared/domain/escalation.ts';
import { EXEC, requestOf } from '../statement/view-samples.ts';

const NOW = Date.UTC(2026, 10, 22, 9, 0, 0);

const person = (id: string, changes: Partial<Climber> = {}): Climber => ({
  id,
  groups: ['dba'],
  devices: [`${id}-laptop`],
  saw: false,
  ...changes,
});

const asked = (id: string, ago = 0, changes: Partial<Climber> = {}): Climber =>
  person(id, { askedAt: NOW - ago, ...changes });

type Changes = Partial<Omit<Ladder, 'request'>> & {
  readonly needs?: Ladder['request']['policy']['needs'];
};

function ladder(people: readonly Climber[], changes: Changes = {}): Ladder {
  const { needs = [{ group: 'dba', count: 1 }], ...rest } = changes;
  const { agent, guard, policy } = requestOf(EXEC);
  return {
    request: {
      agent: { ...agent, id: 'claude', onBehalfOf: 'otto' },
      guard: { ...guard, host: 'build-7' },
      policy: { ...policy, tier: 'medium', needs },
    },
    rules: { solo: false, owners: [] },
    people,
    lineOf: (group) =>
      group === 'dba' ? { onCall: ['bea'], following: ['carl'], unseenAfterMs: 60_000 } : undefined,
    now: NOW,
    ...rest,
  };
}
const stepsOf = (one: Ladder): readonly string[] =>
  climb(one).steps.map(({ asked: who, why }) => `${who.join('+')} ${why}`);

const TEAM = [person('ann'), person('bea'), person('carl'), person('dora')];

describe('the first step', () => {
  test('asks whoever is on call, and nobody else', () => {
    expect(stepsOf(ladder(TEAM))).toEqual(['bea onCall']);
  });

  test('without a line for the group asks everybody at once', () => {
    expect(stepsOf(ladder(TEAM, { lineOf: () => undefined }))).toEqual([
      'ann+bea+carl+dora everyone',
    ]);
  });

  test('while nobody is on call asks the next one, and says that there is a gap', () => {
    const lineOf = () => ({ onCall: [], following: ['carl'], unseenAfterMs: 60_000 });
    expect(stepsOf(ladder(TEAM, { lineOf }))).toEqual(['carl gap']);
  });

  test('asks as many as are needed', () => {
    expect(stepsOf(ladder(TEAM, { needs: [{ group: 'dba', count: 2 }] }))).toEqual([
      'bea onCall',
      'carl gap',
    ]);
  });

  test('of two needs asks for each, and one person fills one of them', () => {
    const lineOf = (group: string) => ({
      onCall: group === 'dba' ? ['bea'] : ['bea', 'sam'],
      following: [],
      unseenAfterMs: 60_000,
    });
    const people = [
      ...TEAM.filter(({ id }) => id !== 'bea'),
      person('bea', { groups: ['dba', 'sec'] }),
      person('sam', { groups: ['sec'] }),
    ];
    const needs = [
      { group: 'dba', count: 1 },
      { group: 'sec', count: 1 },
    ];
    expect(stepsOf(ladder(people, { lineOf, needs }))).toEqual(['bea onCall', 'sam onCall']);
  });
});

describe('the next step is taken', () => {
  const then = (bea: Climber): readonly string[] =>
    stepsOf(ladder([person('ann'), bea, person('carl'), person('dora')]));

  test('when nobody who was asked saw it in time', () => {
    expect(then(asked('bea', 59_999))).toEqual([]);
    expect(then(asked('bea', 60_000))).toEqual(['carl unseen']);
  });

  test('not while somebody has seen it', () => {
    expect(then(asked('bea', 3600_000, { saw: true }))).toEqual([]);
  });

  test('at once where whoever is asked is offline, though they had seen it', () => {
    expect(then(asked('bea', 0, { offlineFrom: NOW }))).toEqual(['carl offline']);
    expect(then(asked('bea', 0, { offlineFrom: NOW, saw: true }))).toEqual(['carl offline']);
    expect(then(asked('bea', 0, { offlineFrom: NOW + 1 }))).toEqual([]);
  });

  test('at once where they have handed it over or are away', () => {
    expect(then(asked('bea', 0, { left: 'handedOver', saw: true }))).toEqual(['carl handedOver']);
    expect(then(asked('bea', 0, { left: 'snoozed' }))).toEqual(['carl snoozed']);
    expect(then(asked('bea', 0, { awayUntil: NOW + 1 }))).toEqual(['carl away']);
  });

  test('past whoever is away before they are asked, and they come last of all', () => {
    expect(then(person('bea', { awayUntil: NOW + 1 }))).toEqual(['carl away']);
    const all = [
      person('bea', { awayUntil: NOW + 1 }),
      asked('carl', 61_000),
      person('dora', { left: 'snoozed' }),
    ];
    expect(stepsOf(ladder(all))).toEqual(['bea+dora unseen']);
  });

  test('to everybody else once those of the rota are through', () => {
    const all = [person('ann'), asked('bea', 120_000), asked('carl', 60_000), person('dora')];
    expect(stepsOf(ladder(all))).toEqual(['ann+dora unseen']);
  });

  test('among everybody else first to those who are not away', () => {
    const away = person('dora', { awayUntil: NOW + 1 });
    const all = [person('ann'), asked('bea', 120_000), asked('carl', 60_000), away];
    expect(stepsOf(ladder(all))).toEqual(['ann unseen']);
  });

  test('all the way down in one go where nobody of the rota is there', () => {
    const off = { offlineFrom: NOW - 1 };
    const all = [person('ann'), person('bea', off), person('carl', off), person('dora')];
    expect(stepsOf(ladder(all))).toEqual(['bea onCall', 'carl offline', 'ann+dora offline']);
  });

  test('no more once everybody was asked', () => {
    expect(climb(ladder([asked('bea', 999_999), asked('carl', 999_999)]))).toEqual({
      steps: [],
      next: undefined,
    });
  });

  test('when an approval has come and the second person does not look', () => {
    const all = [
      asked('bea', 120_000, { verdict: 'approve' }),
      asked('carl', 60_000),
      person('dora'),
    ];
    expect(stepsOf(ladder(all, { needs: [{ group: 'dba', count: 2 }] }))).toEqual(['dora unseen']);
  });
});

describe('what is due next', () => {
  test('is said with its time and its people', () => {
    expect(climb(ladder([person('ann'), asked('bea', 20_000), person('carl')])).next).toEqual({
      asked: ['carl'],
      why: 'unseen',
      at: NOW + 40_000,
    });
  });

  test('is the end of the grace where somebody has just gone', () => {
    const gone = asked('bea', 0, { offlineFrom: NOW + 5_000 });
    expect(climb(ladder([gone, person('carl')])).next).toEqual({
      asked: ['carl'],
      why: 'offline',
      at: NOW + 5_000,
    });
  });

  test('is nothing while somebody looks at it', () => {
    expect(climb(ladder([asked('bea', 0, { saw: true }), person('carl')])).next).toBeUndefined();
  });
});

describe('never asked', () => {
  test('is the requester, though on call', () => {
    const people = [person('otto'), person('ann')];
    const lineOf = () => ({ onCall: ['otto'], following: ['otto'], unseenAfterMs: 60_000 });
    expect(stepsOf(ladder(people, { lineOf }))).toEqual(['ann gap']);
  });

  test('is the owner of the agent', () => {
    const rules = { solo: false, owners: [{ agent: 'claude', owner: 'bea' }] };
    expect(stepsOf(ladder(TEAM, { rules }))).toEqual(['carl gap']);
  });

  test('is who has decided, or is not in the group, or has no machine to decide from', () => {
    const decided = person('bea', { verdict: 'approve' });
    const needs = [{ group: 'dba', count: 2 }];
    expect(stepsOf(ladder([decided, person('carl')], { needs }))).toEqual(['carl gap']);
    expect(stepsOf(ladder([person('bea', { groups: ['ops'] })]))).toEqual([]);
    expect(stepsOf(ladder([person('bea', { devices: [] }), person('carl')]))).toEqual(['carl gap']);
  });

  test('is who could only decide on the guard’s own host, from high up', () => {
    const here = person('bea', { devices: ['build-7'] });
    const low = ladder([here, person('carl')]);
    expect(stepsOf(low)).toEqual(['bea onCall']);
    const policy = { ...low.request.policy, tier: 'high' as const };
    expect(stepsOf({ ...low, request: { ...low.request, policy } })).toEqual(['carl gap']);
  });
});

describe('whatever the state', () => {
  /** A small deterministic generator: xorshift32. */
  const randomOf = (seed: number) => {
    let state = seed || 1;
    return (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
  };
  const IDS = ['otto', 'ann', 'bea', 'carl', 'dora', 'emil', 'finn'];
  const GROUPS = ['dba', 'sec', 'ops'];

  function anyLadder(seed: number): Ladder {
    const below = randomOf(seed * 2_654_435_761);
    const some = <T>(all: readonly T[]): T[] => all.filter(() => below(2) === 0);
    const people = IDS.map((id): Climber => {
      const askedAt = below(3) === 0 ? NOW - below(120_000) : undefined;
      return {
        id,
        groups: some(GROUPS),
        devices: below(6) === 0 ? [] : below(6) === 0 ? ['build-7'] : [`${id}-laptop`],
        offlineFrom: below(3) === 0 ? NOW - 5_000 + below(10_000) : undefined,
        awayUntil: below(5) === 0 ? NOW - 5_000 + below(10_000) : undefined,
        left: below(8) === 0 ? 'handedOver' : below(8) === 0 ? 'snoozed' : undefined,
        askedAt,
        saw: below(3) === 0,
        verdict: below(8) === 0 ? 'approve' : undefined,
      };
    });
    const lines = new Map(
      some(GROUPS).map((group) => [
        group,
        { onCall: some(IDS), following: some(IDS), unseenAfterMs: 30_000 + below(60_000) },
      ]),
    );
    const needs = some([...GROUPS, 'anyone']).map((group) => ({ group, count: 1 + below(3) }));
    const made = ladder(people, {
      needs: needs.length === 0 ? [{ group: 'anyone', count: 1 }] : needs,
      lineOf: (group) => lines.get(group),
      rules: {
        solo: false,
        owners: some(IDS)
          .slice(0, 1)
          .map((owner) => ({ agent: 'claude', owner })),
      },
    });
    const tier = below(2) === 0 ? ('high' as const) : ('medium' as const);
    return { ...made, request: { ...made.request, policy: { ...made.request.policy, tier } } };
  }

  test('nobody is asked whose approval would not count, nobody twice, and only who was not asked before', () => {
    for (let seed = 1; seed <= 5_000; seed++) {
      const one = anyLadder(seed);
      const newly = climb(one).steps.flatMap(({ asked: who }) => who);
      expect(new Set(newly).size).toBe(newly.length);
      for (const id of newly) {
        const who = one.people.find((each) => each.id === id);
        if (who === undefined) throw new Error(id);
        expect(who.askedAt).toBeUndefined();
        expect(who.verdict).toBeUndefined();
        const reasons = who.devices.map((device) =>
          whyNotApprove(one.request, { ...who, device }, one.rules),
        );
        expect(reasons).toContain(undefined);
        expect(id).not.toBe('otto');
        expect(one.rules.owners.some(({ owner }) => owner === id)).toBe(false);
      }
    }
  });

  test('it is never left with nobody while somebody who counts could be asked', () => {
    for (let seed = 1; seed <= 5_000; seed++) {
      const one = anyLadder(seed);
      const after = climb(one).steps.flatMap(({ asked: who }) => who);
      const isAsked = (who: Climber): boolean =>
        who.askedAt !== undefined || after.includes(who.id);
      const able = one.people.filter((who) => mayAnswer(who, one.request, one.rules));
      // Who was asked and may still answer, by any reading of the word.
      const answering = able.filter(
        (who) =>
          isAsked(who) &&
          who.left === undefined &&
          !(who.awayUntil !== undefined && NOW < who.awayUntil) &&
          !(who.offlineFrom !== undefined && NOW >= who.offlineFrom),
      );
      const approved = one.people.filter(({ verdict }) => verdict === 'approve');
      const short = missingApprovals(
        one.request.policy.needs,
        [...approved, ...answering],
        one.rules,
      );
      for (const who of able)
        if (mayBeAsked(short, who)) expect([seed, isAsked(who)]).toEqual([seed, true]);
    }
  });

  test('once its steps are taken it asks for nothing more at that moment, and what is due next is later', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const one = anyLadder(seed);
      const { steps, next } = climb(one);
      const newly = steps.flatMap(({ asked: who }) => who);
      const people = one.people.map((who) =>
        newly.includes(who.id) ? { ...who, askedAt: NOW } : who,
      );
      const again = climb({ ...one, people });
      expect(again.steps).toEqual([]);
      expect(again.next).toEqual(next);
      if (next !== undefined) {
        expect(next.at).toBeGreaterThan(NOW);
        expect(stepsOf({ ...one, people, now: next.at })[0]).toBe(
          `${next.asked.join('+')} ${next.why}`,
        );
      }
    }
  });
});
