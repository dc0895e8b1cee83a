// R16: random histories of questions, decisions, repeats, endings, lost keys, restarts and clock jumps through the broker's
// own intake and log, each held against a small model; and the app's desk, over the same leaves, against both.

import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  tuple,
} from 'fast-check';
import { expect, test } from 'vitest';
import { openDesk } from '../../main/app/desk.ts';
import { openLeaf } from '../../main/app/open-leaf.ts';
import { NO_DECISION } from '../../shared/statement/decision.ts';
import { ENDINGS } from '../../shared/statement/followups.ts';
import { RequestModel, type Stands } from '../kit/people-model.ts';
import {
  type Device,
  HOST,
  openPeopleHouse,
  POLICIES,
  type PeopleHouse,
} from '../kit/people-house.ts';
import { circumstancesOf } from '../../main/policy/policy.ts';
import { factsUnder } from '../../main/policy/facts.ts';
import { decisionBy, endingBy, noticeBy, requestBy } from '../kit/wire-world.ts';
import { invariant } from '../../shared/result.ts';
import { countOf, limitOf, report } from './counts.ts';

const RUNS = countOf('R16');

const who = integer({ min: 0, max: 5 });
const which = integer({ min: 0, max: 2 });
const MINUTE = 60_000;
const event = oneof(
  record({
    does: constantFrom('ask' as const),
    policy: integer({ min: 0, max: POLICIES.length - 1 }),
    agent: constantFrom('claude', 'other'),
    onBehalfOf: constantFrom('ann', 'zoe'),
  }),
  {
    weight: 6,
    arbitrary: record({
      does: constantFrom('decide' as const),
      who,
      which,
      verdict: constantFrom(
        'approve' as const,
        'approve' as const,
        'approve' as const,
        'deny' as const,
      ),
      ended: integer({ min: 0, max: 7 }).map((n) => n === 0),
    }),
  },
  record({ does: constantFrom('again' as const), at: integer({ min: 0, max: 30 }) }),
  record({ does: constantFrom('end' as const), which, how: constantFrom(...ENDINGS) }),
  record({ does: constantFrom('late' as const), which, late: boolean() }),
  record({ does: constantFrom('see' as const), who, which }),
  record({
    does: constantFrom('clock' as const),
    ms: constantFrom(-24 * 60 * MINUTE, -60 * MINUTE, -1, 1_000, 59_000, 2 * MINUTE, 60 * MINUTE),
  }),
  record({ does: constantFrom('replace' as const), who }),
  record({ does: constantFrom('restart' as const) }),
);
type Event = ReturnType<typeof event.generate>['value'];

type Sent = {
  readonly device: Device;
  readonly keyId: string;
  readonly seq: number;
  readonly verdict: 'approve' | 'deny';
  readonly request: string;
  readonly envelope: string;
};

function agree(said: unknown, should: unknown, what: string): void {
  if (said !== should)
    throw new Error(`${what}: ${String(said)}, and the model says ${String(should)}`);
}

class History {
  readonly #house: PeopleHouse;
  /** Each key's numbers and what it said last: as honest apps count. */
  readonly #chains = new Map<string, { seq: number; prev: string }>();
  /** The highest number of each key that the log has. */
  readonly #taken = new Map<string, number>();
  readonly models = new Map<string, RequestModel>();
  readonly sent: Sent[] = [];
  /** What the program said, and what the model says of the same. */
  readonly #waits: (() => void)[] = [];
  readonly #order: string[] = [];

  constructor(house: PeopleHouse) {
    this.#house = house;
  }

  run(events: readonly (readonly [Event, boolean])[]): void {
    for (const [one, flush] of events) {
      this.#take(one);
      if (flush) this.#settle();
    }
    this.#settle();
    this.#compareDesks();
  }

  #take(one: Event): void {
    switch (one.does) {
      case 'ask':
        return this.#ask(one);
      case 'decide':
        return this.#decide(one);
      case 'again': {
        const again = this.sent[one.at % Math.max(1, this.sent.length)];
        return again && this.#say(again);
      }
      case 'end':
        return this.#end(one);
      case 'late': {
        const digest = this.#order[one.which];
        if (digest === undefined) return;
        this.#house.endByBroker(digest, one.late);
        this.models.get(digest)?.endByBroker(one.late);
        return;
      }
      case 'see':
        return this.#see(one);
      case 'clock':
        this.#settle();
        this.#house.time.wall += one.ms;
        return;
      case 'replace': {
        this.#settle();
        const device = this.#house.devices[one.who];
        return device && this.#house.replaceKey(device);
      }
      case 'restart':
        this.#settle();
        return this.#house.restart();
    }
  }

  #ask({ policy: place, agent, onBehalfOf }: Extract<Event, { does: 'ask' }>): void {
    const policy = POLICIES[place];
    if (policy === undefined || this.#order.length > 2) return;
    const { org, time } = this.#house;
    const by = { agent: { id: agent, session: 's', onBehalfOf, authn: 'declared' as const } };
    const plain = {
      kind: 'tool',
      runtime: 'shell',
      tool: 'drop',
      inputRaw: 'x',
      cwd: '/',
    } as const;
    const facts = factsUnder(policy, plain);
    const guard = { host: HOST, mode: 'run' as const };
    const said = policy.evaluate(
      facts,
      time.iso(),
      circumstancesOf({ ...by, guard, reason: 'nightly export', trigger: '' }),
    );
    invariant(said.ok, 'the policy holds it');
    const { tier, needs, rules } = said.value;
    const asked = requestBy(org.guard, time, {
      ...by,
      action: plain,
      facts,
      policy: { sha256: policy.sha256, tier, needs: [...needs], rules: [...rules] },
    });
    const ok = this.#house.say('guard', 'request', asked.envelope);
    this.#house.flush();
    agree(ok(), true, 'a guard may ask');
    const own = agent === 'claude' ? [onBehalfOf, 'bea'] : [onBehalfOf];
    const endsAt = time.now() + 60_000;
    const strict = tier === 'high';
    this.models.set(asked.sha256, new RequestModel({ needs, strict, host: HOST, own, endsAt }));
    this.#order.push(asked.sha256);
  }

  #decide(one: Extract<Event, { does: 'decide' }>): void {
    const device = this.#house.devices[one.who];
    const request = this.#order[one.which];
    if (device === undefined || request === undefined) return;
    const pair = one.ended && device.ended !== undefined ? device.ended : device.decision;
    const chain = this.#chains.get(pair.keyId) ?? { seq: 0, prev: NO_DECISION };
    const seq = chain.seq + 1;
    const person = { ...device, decision: pair, witness: pair };
    const { envelope, sha256 } = decisionBy(person, this.#house.time, request, {
      verdict: one.verdict,
      chain: { seq, prev: chain.prev },
    });
    this.#chains.set(pair.keyId, { seq, prev: sha256 });
    const sent = { device, keyId: pair.keyId, seq, verdict: one.verdict, request, envelope };
    this.sent.push(sent);
    this.#say(sent);
  }

  #say(sent: Sent): void {
    const { device, keyId, seq, verdict, request, envelope } = sent;
    const accepted = this.#house.say(device, 'decision', envelope);
    const stands: Stands = { id: device.id, groups: device.groups, device: device.device };
    const alive = keyId === device.decision.keyId;
    const next = seq > (this.#taken.get(keyId) ?? 0);
    const model = this.models.get(request);
    const should = alive && next && model?.decide(stands, verdict, this.#house.time.now()) === true;
    if (should) this.#taken.set(keyId, seq);
    this.#waits.push(() => agree(accepted(), should, `${device.id} ${verdict}`));
  }

  #end({ which: place, how }: Extract<Event, { does: 'end' }>): void {
    const request = this.#order[place];
    if (request === undefined) return;
    const { envelope } = endingBy(this.#house.org.guard, this.#house.time, request, { how });
    const accepted = this.#house.say('guard', 'ending', envelope);
    const should = this.models.get(request)?.end(how) === true;
    this.#waits.push(() => agree(accepted(), should, `ending ${how}`));
  }

  #see({ who: person, which: place }: Extract<Event, { does: 'see' }>): void {
    const device = this.#house.devices[person];
    const request = this.#order[place];
    const model = request === undefined ? undefined : this.models.get(request);
    if (device === undefined || request === undefined || model === undefined) return;
    const by = { ...device, witness: device.session };
    const accepted = this.#house.say(
      device,
      'notice',
      noticeBy(by, this.#house.time, request, 'shown').envelope,
    );
    const asked = model.asked.needs.some(
      ({ group }) => group === 'anyone' || device.groups.includes(group),
    );
    const should = asked && model.stage !== 'ended';
    if (should) model.seen = true;
    this.#waits.push(() => agree(accepted(), should, 'shown'));
  }

  /** Everything that was said is judged; each answer is the model's. */
  #settle(): void {
    this.#house.flush();
    for (const check of this.#waits.splice(0)) check();
    const { desk } = this.#house.standing();
    for (const [digest, model] of this.models) {
      const life = desk.get(digest)?.life;
      agree(life?.stage ?? 'ended', model.stage, 'stage');
      if (life !== undefined) agree(life.verdict, model.verdict, 'verdict');
    }
  }

  /** The app, over the leaves as they lie on the disk. */
  #compareDesks(): void {
    const desk = openDesk();
    const { held } = this.#house.standing();
    const from = Math.min(
      ...[...this.models.keys()].map(
        (one) => this.#house.ledger.query.request(one)?.index ?? Infinity,
      ),
    );
    if (from === Infinity) return;
    for (const { index, leaf, payload } of this.#house.ledger.query.leaves(
      from,
      this.#house.ledger.size,
    )) {
      const opened = openLeaf(index, leaf, payload, held);
      if (opened.ok) desk.take(opened.value, payload, held);
    }
    for (const [digest, model] of this.models) {
      const life = desk.get(digest)?.life;
      agree(life?.stage, model.stage, 'stage in the app');
      agree(life?.verdict, model.verdict, 'verdict in the app');
      agree(life?.how, model.how, 'ending in the app');
    }
  }
}

test(
  `R16: broker, log, restart and app say what the model says, in every random history (${RUNS} runs)`,
  () => {
    const seen = { approved: 0, denied: 0, short: 0 };
    assert(
      property(array(tuple(event, boolean()), { minLength: 8, maxLength: 40 }), (events) => {
        const house = openPeopleHouse();
        try {
          const history = new History(house);
          history.run([[FIRST, true], ...events]);
          for (const { verdict, how, approved } of history.models.values()) {
            if (verdict === 'approve') seen.approved += 1;
            if (verdict === 'deny') seen.denied += 1;
            if (verdict === undefined && approved.length > 0) seen.short += 1;
            if (how === 'approved') expect(verdict).toBe('approve');
          }
        } finally {
          house.close();
        }
      }),
      { numRuns: RUNS },
    );
    const { approved, denied, short } = seen;
    report('R16', `${RUNS} runs, ${approved} approved, ${denied} denied, ${short} short of people`);
    // A generator that never gets anywhere proves nothing.
    for (const count of [approved, denied, short]) expect(count).toBeGreaterThan(RUNS / 20);
  },
  limitOf('R16', 1_000),
);

const FIRST: Event = { does: 'ask', policy: 3, agent: 'other', onBehalfOf: 'zoe' };
