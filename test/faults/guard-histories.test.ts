// R12 and R16 at the guard: decisions in any order, said twice, by people whose keys end meanwhile, under clocks that jump,
// held against a small model. The guard approves exactly where the model does: never late, never without its people.

import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  record,
} from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8 } from '../../shared/bytes.ts';
import { missingApprovals } from '../../shared/domain/approval.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { decide, NOW, openStage, say, type Stage, TTL_MS } from '../kit/gate-stage.ts';
import { nextKeyring, person, type Person, reviewer } from '../kit/guard-world.ts';
import { fills, type Question } from '../kit/people-model.ts';
import { countOf, limitOf, report } from './counts.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';

const RUNS = countOf('R16');

type Entry = ServerMessageOf<'entry'>['body'];
type How = 'waiting' | 'approved' | 'denied' | 'refused';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  ann: ['dba'],
  bea: ['security'],
  carl: ['dba', 'security'],
  dora: [],
};
const NAMES = Object.keys(GROUPS);
const NEEDS: readonly Question['needs'][] = [
  [{ group: 'dba', count: 1 }],
  [
    { group: 'dba', count: 1 },
    { group: 'security', count: 1 },
  ],
  [{ group: 'anyone', count: 2 }],
  [
    { group: 'dba', count: 1 },
    { group: 'anyone', count: 2 },
  ],
];
/** As the guard's: how far a reviewer's clock may be off, and how long a decision of these lives. */
const SKEW_MS = 120_000;
const DECISION_MS = 60_000;

/** What a guard may do, said otherwise: people by name, keys that have ended, and both clocks. */
class GateModel {
  how: How = 'waiting';
  readonly #needs: Question['needs'];
  #approved: { readonly who: string; readonly diesAt: number; readonly at: number }[] = [];
  readonly #ended = new Set<string>();
  readonly #heard = new Set<number>();

  constructor(needs: Question['needs']) {
    this.#needs = needs;
  }

  end(who: string): void {
    this.#ended.add(who);
  }

  hear(at: number, who: string, verdict: 'approve' | 'deny', issued: number, clock: Clock): void {
    if (this.how !== 'waiting' || this.#heard.has(at)) return;
    const asked = this.#needs.some(
      ({ group }) => group === 'anyone' || GROUPS[who]?.includes(group) === true,
    );
    const valid = this.#valid(who, issued, clock);
    // An authentic denial is honoured without a clock or a place; one that is none is a decision like any other.
    if (verdict === 'deny') {
      this.how = asked ? 'denied' : 'refused';
      return;
    }
    if (!asked || who === 'dora' || !valid) {
      this.how = 'refused';
      return;
    }
    this.#approved = this.#approved.filter((one) => !this.#ended.has(one.who));
    if (this.#approved.some((one) => one.who === who)) return;
    this.#heard.add(at);
    this.#approved.push({ who, diesAt: issued + DECISION_MS, at });
    const people = this.#approved.map((one) => ({
      id: one.who,
      groups: GROUPS[one.who] ?? [],
      device: '',
    }));
    if (!fills(this.#needs, people)) return;
    // The head that came with this one must have all of them under it.
    if (this.#approved.some((one) => one.at > at)) return;
    this.how = this.#approved.some(({ diesAt }) => clock.wall >= diesAt) ? 'refused' : 'approved';
  }

  #valid(who: string, issued: number, { wall, mono }: Clock): boolean {
    const late = wall >= NOW + TTL_MS || mono >= 1_000 + TTL_MS;
    const off = Math.abs(issued - wall) > SKEW_MS || wall >= issued + DECISION_MS;
    return !this.#ended.has(who) && !late && !off;
  }
}
type Clock = { readonly wall: number; readonly mono: number };

const event = oneof(
  {
    weight: 5,
    arbitrary: record({
      does: constantFrom('sign' as const),
      who: constantFrom(...NAMES),
      verdict: constantFrom(
        'approve' as const,
        'approve' as const,
        'approve' as const,
        'deny' as const,
      ),
      /** Else it is heard later, or never. */
      heard: boolean(),
    }),
  },
  record({ does: constantFrom('hear' as const), at: integer({ min: 0, max: 10 }) }),
  record({ does: constantFrom('end' as const), who: constantFrom(...NAMES) }),
  record({
    does: constantFrom('clock' as const),
    wall: constantFrom(-60_000, 1_000, 20_000, 59_000, 3_600_000),
    mono: constantFrom(0, 1_000, 20_000, 59_000),
  }),
);
type Event = ReturnType<typeof event.generate>['value'];

test(
  `R16: whatever is said in whatever order, the guard approves exactly what the model does (${RUNS} runs)`,
  async () => {
    const ends = new Map<How, number>();
    await assert(
      asyncProperty(
        constantFrom(...NEEDS),
        array(event, { minLength: 2, maxLength: 12 }),
        async (needs, events) => {
          const how = await play(needs, events);
          ends.set(how, (ends.get(how) ?? 0) + 1);
        },
      ),
      { numRuns: RUNS },
    );
    report('R16', `guard: ${RUNS} runs: ${JSON.stringify(Object.fromEntries(ends))}`);
    for (const how of ['approved', 'denied', 'refused', 'waiting'] as const)
      expect(ends.get(how) ?? 0).toBeGreaterThan(RUNS / 50);
  },
  limitOf('R16', 2_000),
);

test.each<[string, How, readonly Event[]]>([
  [
    'an approval whose key ended since counts no more',
    'waiting',
    [by('ann'), lost('ann'), by('carl')],
  ],
  [
    'and another person fills its place',
    'approved',
    [by('ann'), lost('ann'), by('carl'), by('bea')],
  ],
  ['a key that ended before signs nothing', 'refused', [lost('ann'), by('ann')]],
])('R16: %s: %s', async (_, how, events) => {
  expect(await play([{ group: 'anyone', count: 2 }], events)).toBe(how);
});

async function play(needs: Question['needs'], events: readonly Event[]): Promise<How> {
  const people = new Map(NAMES.map((name) => [name, person(name)]));
  const stage = await openStage({
    keyring: (keyring) => withPeople(keyring, people),
    request: (request) => ({
      ...request,
      agent: { ...request.agent, onBehalfOf: 'dora' },
      policy: { ...request.policy, needs: [...needs] },
    }),
  });
  try {
    const model = new GateModel(needs);
    const signed: { entry: Entry; who: string; verdict: 'approve' | 'deny'; issued: number }[] = [];
    let keyring = stage.world.keyring;
    const hear = (at: number): void => {
      const one = signed[at];
      if (one === undefined) return;
      model.hear(at, one.who, one.verdict, one.issued, stage.clock);
      say(stage, one.entry);
    };
    for (const one of events) {
      if (one.does === 'sign') {
        const entry = signedBy(stage, keyring, people.get(one.who), one.verdict);
        signed.push({ entry, who: one.who, verdict: one.verdict, issued: stage.clock.wall });
        if (one.heard) hear(signed.length - 1);
      } else if (one.does === 'hear') hear(one.at);
      else if (one.does === 'end') {
        keyring = endKey(stage, keyring, people.get(one.who));
        model.end(one.who);
      } else {
        stage.clock.wall += one.wall;
        stage.clock.mono += one.mono;
      }
      expect({ one, how: await settled(stage) }).toEqual({ one, how: model.how });
    }
    return model.how;
  } finally {
    stage.world.remove();
  }
}

const settled = async (stage: Stage): Promise<How> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const idle = new Promise<How>((resolve) => setImmediate(() => resolve('waiting')));
  // A gate ends in one of these four here: nobody withdraws, and no broker is lost.
  return Promise.race([stage.gate.answer.then(({ how }) => how as How), idle]);
};

const withPeople = (keyring: Keyring, people: ReadonlyMap<string, Person>): Keyring => ({
  ...keyring,
  reviewers: [...people.values()].map((one) => ({
    ...reviewer(one),
    groups: [...(GROUPS[one.id] ?? [])],
  })),
});

function signedBy(
  stage: Stage,
  keyring: Keyring,
  who: Person | undefined,
  verdict: 'approve' | 'deny',
): Entry {
  if (who === undefined) throw new Error('nobody of that name');
  // Whoever signs names the keyring that they hold.
  const at = { ...stage, world: { ...stage.world, keyring } };
  return decide(at, { who: () => who, decision: (d) => ({ ...d, verdict }) });
}

/** The next keyring ends this person's key for every place in the log. */
function endKey(stage: Stage, keyring: Keyring, who: Person | undefined): Keyring {
  const reviewers = keyring.reviewers.map((one) => ({
    ...one,
    keys: one.keys.map((key) =>
      key.keyId === who?.decision.keyId ? { ...key, untilIndex: 0 } : key,
    ),
  }));
  const envelope = nextKeyring({ keyring, keys: stage.world.keys }, { reviewers });
  stage.gate.take({ t: 'keyring', body: { envelope: fromUtf8(envelope) } });
  return stage.world.identity.trust().keyring.keyring;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Wall and monotonic clock, each by so much: steps, a sleeping machine, a clock that is set back. */
const JUMPS: readonly (readonly [string, number, number])[] = [
  ['nothing', 0, 0],
  ['an hour ahead', HOUR, 0],
  ['an hour back', -HOUR, 0],
  ['a day back', -DAY, 0],
  ['a day ahead', DAY, 0],
  ['two hours of sleep, of which the monotonic clock knows nothing', 2 * HOUR, 0],
  ['two hours of sleep, and a wall clock that was set back by them', 0, 2 * HOUR],
  ['a leap second', 1_000, 1_000],
  ['the last millisecond of its life', TTL_MS - 1, TTL_MS - 1],
  ['the end of its life', TTL_MS, TTL_MS],
];
const PLACES = [
  'before anything is signed',
  'between signing and hearing',
  'between two approvals',
  'before the second is heard, and back again',
] as const;

test.each(
  PLACES.flatMap((place) => JUMPS.map(([says, wall, mono]) => ({ place, says, wall, mono }))),
)('R12: $says, $place: as the model has it, and never late', async ({ place, wall, mono }) => {
  const jump: Event = { does: 'clock', wall, mono } as Event;
  const back = { does: 'clock', wall: -wall, mono: 0 } as Event;
  const sign = (who: string, heard: boolean): Event => ({
    does: 'sign',
    who,
    verdict: 'approve',
    heard,
  });
  const hear = (at: number): Event => ({ does: 'hear', at });
  const histories: { readonly [P in (typeof PLACES)[number]]: readonly Event[] } = {
    'before anything is signed': [jump, sign('ann', true), sign('carl', true)],
    'between signing and hearing': [
      sign('ann', false),
      sign('carl', false),
      jump,
      hear(0),
      hear(1),
    ],
    'between two approvals': [sign('ann', true), jump, sign('carl', true)],
    'before the second is heard, and back again': [
      sign('ann', true),
      sign('carl', false),
      jump,
      back,
      hear(1),
    ],
  };
  const how = await play([{ group: 'anyone', count: 2 }], histories[place]);
  const late =
    mono >= TTL_MS || (place !== 'before the second is heard, and back again' && wall >= TTL_MS);
  if (late) expect(how).not.toBe('approved');
});

test('a quorum is at least: more people, or another order of them, never make it less (300 runs)', () => {
  const people = array(constantFrom(...NAMES), { maxLength: 6 });
  assert(
    property(constantFrom(...NEEDS), people, people, (needs, some, more) => {
      const stand = (names: readonly string[]) =>
        names.map((id) => ({ id, groups: GROUPS[id] ?? [], device: '' }));
      const enough = missing(needs, stand(some));
      expect(enough).toBe(fills(needs, stand(some)));
      if (enough) expect(missing(needs, stand([...more, ...some].toReversed()))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

function by(who: string): Event {
  return { does: 'sign', who, verdict: 'approve', heard: true };
}

function lost(who: string): Event {
  return { does: 'end', who };
}

const missing = (
  needs: Question['needs'],
  people: Parameters<typeof missingApprovals>[1],
): boolean => missingApprovals(needs, people, { solo: false }).length === 0;
