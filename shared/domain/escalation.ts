// The ladder: who is asked now, from what a request needs, who may meet it, the rota, and who can be reached. Pure. It only
// ever adds people, never asks whoever may not approve, and stops only where enough can still answer or nobody is left.

import type { AskReason } from '../statement/escalation.ts';
import type { Need } from '../statement/request.ts';
import { ANYONE, type Judge, missingApprovals, type Rules, whyNotApprove } from './approval.ts';
import { UNSEEN_AFTER_MS } from './rota.ts';

export type Asking = Parameters<typeof whyNotApprove>[0];

/** All times are wall clock, ms. */
export type Climber = Pick<Judge, 'id' | 'groups'> & {
  /** The machines that hold a decision key of theirs and from which policy lets them approve this. */
  readonly devices: readonly string[];
  /** Absent while connected; in the future while they may be coming back. */
  readonly offlineFrom?: number | undefined;
  readonly awayUntil?: number | undefined;
  /** They said so of this request. */
  readonly left?: 'handedOver' | 'snoozed' | undefined;
  readonly askedAt?: number | undefined;
  /** Shown or opened. */
  readonly saw: boolean;
  readonly verdict?: 'approve' | 'deny' | undefined;
};

/** A group's line of the rota, as it stands now. */
export type LadderLine = {
  readonly onCall: readonly string[];
  readonly following: readonly string[];
  readonly unseenAfterMs: number;
};

export type Ladder = {
  readonly request: Asking;
  readonly rules: Rules;
  readonly people: readonly Climber[];
  readonly lineOf: (group: string) => LadderLine | undefined;
  readonly now: number;
};

export type Rung = { readonly asked: readonly string[]; readonly why: AskReason };
export type Climbed = {
  /** To be taken now, in this order. */
  readonly steps: readonly Rung[];
  /** What is due then, should nothing happen until then. */
  readonly next: (Rung & { readonly at: number }) | undefined;
};

/** Whose approval would count. Nobody else is ever asked. */
export const mayAnswer = (
  person: Pick<Climber, 'id' | 'groups' | 'devices' | 'verdict'>,
  request: Asking,
  rules: Rules,
): boolean =>
  person.verdict === undefined &&
  person.devices.some(
    (device) => whyNotApprove(request, { ...person, device }, rules) === undefined,
  );

export function climb(ladder: Ladder): Climbed {
  const steps: Rung[] = [];
  let asked = new Map(
    ladder.people.flatMap(({ id, askedAt }) => (askedAt === undefined ? [] : [[id, askedAt]])),
  );
  for (;;) {
    const rung = nextRung(ladder, asked, ladder.now);
    if (rung === undefined) return { steps, next: dueNext(ladder, asked) };
    steps.push(rung);
    asked = new Map([...asked, ...rung.asked.map((id) => [id, ladder.now] as const)]);
  }
}

type AskedAt = ReadonlyMap<string, number>;

/** The earliest moment at which somebody who is asked no longer counts and another would be asked. */
function dueNext(ladder: Ladder, asked: AskedAt): Climbed['next'] {
  const moments = ladder.people.flatMap((person) => {
    const since = asked.get(person.id);
    if (since === undefined) return [];
    const unseen = person.saw ? [] : [since + patienceWith(ladder, person)];
    return person.offlineFrom === undefined ? unseen : [...unseen, person.offlineFrom];
  });
  const later = [...new Set(moments)].filter((at) => at > ladder.now).sort((a, b) => a - b);
  for (const at of later) {
    const rung = nextRung(ladder, asked, at);
    if (rung !== undefined) return { ...rung, at };
  }
  return undefined;
}

/** Who is asked next if it were `at`; undefined where enough can answer, or nobody is left. */
function nextRung(ladder: Ladder, asked: AskedAt, at: number): Rung | undefined {
  const { request, rules, people } = ladder;
  const alive = people.filter(
    (person) =>
      asked.has(person.id) &&
      mayAnswer(person, request, rules) &&
      whyGone(ladder, person, asked.get(person.id), at) === undefined,
  );
  const approved = people.filter(({ verdict }) => verdict === 'approve');
  const short = missingApprovals(request.policy.needs, [...approved, ...alive], rules);
  for (const { group } of short) {
    const rung = rungOf(ladder, group, asked, at);
    if (rung !== undefined) return rung;
  }
  return undefined;
}

/** On call, then the next ones, then everybody else; whoever is away or has left it, last of all. */
function rungOf(ladder: Ladder, group: string, asked: AskedAt, at: number): Rung | undefined {
  const { request, rules, people, lineOf } = ladder;
  const members = people.filter(
    (person) => isIn(group, person) && mayAnswer(person, request, rules),
  );
  const free = members.filter(({ id }) => !asked.has(id));
  const line = lineOf(group);
  const before = reasonOf(ladder, members, asked, at);
  const order =
    line === undefined
      ? [free.map(({ id }) => id)]
      : [line.onCall, ...line.following.map((id) => [id]), free.map(({ id }) => id)];
  let passed = before;
  for (const [i, ids] of order.entries()) {
    const here = free.filter(({ id }) => ids.includes(id));
    const there = here.filter((person) => whyPassed(person, at) === undefined);
    if (there.length > 0) return { asked: idsIn(ids, there), why: passed ?? firstReason(line, i) };
    passed ??= here.map((person) => whyPassed(person, at)).find((why) => why !== undefined);
  }
  return free.length === 0 ? undefined : { asked: free.map(({ id }) => id), why: passed ?? 'gap' };
}

/** In the order in which the rota names them. */
const idsIn = (order: readonly string[], people: readonly Climber[]): readonly string[] =>
  order.filter((id) => people.some((person) => person.id === id));

const firstReason = (line: LadderLine | undefined, rung: number): AskReason =>
  line === undefined ? 'everyone' : rung === 0 ? 'onCall' : 'gap';

/** Why those of this group who were asked don't answer: the one who was asked last. */
function reasonOf(
  ladder: Ladder,
  members: readonly Climber[],
  asked: AskedAt,
  at: number,
): AskReason | undefined {
  const since = ({ id }: Climber): number => asked.get(id) ?? 0;
  return members
    .filter(({ id }) => asked.has(id))
    .sort((a, b) => since(b) - since(a))
    .map((person) => whyGone(ladder, person, asked.get(person.id), at))
    .find((why) => why !== undefined);
}

/** Reasons for which somebody is not asked while there is anybody else. */
const whyPassed = (
  { awayUntil, left }: Climber,
  at: number,
): 'away' | 'handedOver' | 'snoozed' | undefined =>
  awayUntil !== undefined && at < awayUntil ? 'away' : left;

function whyGone(
  ladder: Ladder,
  person: Climber,
  since: number | undefined,
  at: number,
): Exclude<AskReason, 'onCall' | 'gap' | 'everyone'> | undefined {
  const passed = whyPassed(person, at);
  if (passed !== undefined) return passed;
  if (person.offlineFrom !== undefined && at >= person.offlineFrom) return 'offline';
  const unseen = !person.saw && since !== undefined && at >= since + patienceWith(ladder, person);
  return unseen ? 'unseen' : undefined;
}

/** The shortest of the groups that a person may be asked for. */
function patienceWith({ request, lineOf }: Ladder, person: Climber): number {
  const lines = request.policy.needs
    .filter((need: Need) => isIn(need.group, person))
    .flatMap(({ group }) => lineOf(group)?.unseenAfterMs ?? []);
  return lines.length === 0 ? UNSEEN_AFTER_MS : Math.min(...lines);
}

const isIn = (group: string, { groups }: Pick<Climber, 'groups'>): boolean =>
  group === ANYONE || groups.includes(group);
