// Adaptive group commit: everything decoded in one turn of the event loop is one transaction; where hardly anyone is
// connected, and the last turn brought no company, a message waits for nothing. An answer leaves only after the commit, and a
// commit that failed leaves nothing behind: the standing is built again from the log.

import type { WireCode } from '../../shared/protocol/codes.ts';
import { utf8 } from '../../shared/bytes.ts';
import type { Entry, StoredAnswer } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { Bench, EffectMessage, EffectType, Plan, Rule, Verdict } from './bench.ts';
import type { Peer } from './peer.ts';
import type { Clock } from './ports.ts';
import { judgeAuto } from './rule-auto.ts';
import { judgeDecision } from './rule-decision.ts';
import { judgeErasure } from './rule-erasure.ts';
import { judgeGrant, judgeGrantEnd } from './rule-grant.ts';
import { judgeEnding, judgeKeyring, judgeNotice, judgeReceipt } from './rule-followups.ts';
import { judgeRequest } from './rule-request.ts';
import type { Standing } from './standing.ts';

const RULES: { readonly [T in EffectType]: Rule } = {
  request: judgeRequest,
  decision: judgeDecision,
  notice: judgeNotice,
  ending: judgeEnding,
  receipt: judgeReceipt,
  auto: judgeAuto,
  erasure: judgeErasure,
  grant: judgeGrant,
  grantEnd: judgeGrantEnd,
  keyring: judgeKeyring,
};

/** A full disk is somebody's to clear: this long until it is worth asking again. */
const FULL_RETRY_MS = 1000;
const BUSY_RETRY_MS = 250;
const SMALL_HOUSE = 2;

type Item =
  | { readonly peer: Peer; readonly message: EffectMessage }
  | { readonly own: (bench: Bench) => Plan | undefined };

/** What became of a plan. */
export type Committed = {
  readonly plan: Plan;
  readonly index: number | undefined;
  readonly peer: Peer | undefined;
  /** As it came; a statement of the broker's own did not. */
  readonly envelope: string | undefined;
};

export type IntakePorts = {
  readonly ledger: Ledger;
  /** Signs the head with what somebody waits for: a decision, an ending. */
  readonly logKey: KeyPair;
  readonly clock: Clock;
  readonly standing: () => Standing;
  readonly policies: Shelf;
  /** Builds the standing again after a commit that failed. */
  readonly reload: () => void;
  readonly sessions: () => number;
  /** After the answers have gone out. */
  readonly committed: (all: readonly Committed[]) => void;
  /** A repeat of a request: its guard is here again. */
  readonly repeated: (peer: Peer, request: string) => void;
};

type Planned = {
  readonly plan: Plan;
  readonly entry: Entry;
  readonly answers: Answer[];
  readonly peer?: Peer;
  readonly envelope?: string;
};
type Answer = { readonly peer: Peer; readonly id: string };

export class Intake {
  readonly #ports: IntakePorts;
  #queue: Item[] = [];
  #scheduled = false;
  #thisTurn = 0;
  #lastTurn = 0;

  constructor(ports: IntakePorts) {
    this.#ports = ports;
  }

  take(peer: Peer, message: EffectMessage): void {
    this.#queue.push({ peer, message });
    this.#settle();
  }

  /** The broker's own statement; judged in its turn like any other. */
  own(plan: (bench: Bench) => Plan | undefined): void {
    this.#queue.push({ own: plan });
    this.#settle();
  }

  #settle(): void {
    this.#thisTurn += 1;
    // Company comes in turns: two connections with a hundred requests in flight are no small house.
    const alone = this.#thisTurn === 1 && this.#lastTurn <= 1;
    if (alone && this.#ports.sessions() <= SMALL_HOUSE) this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#lastTurn = this.#thisTurn;
      this.#thisTurn = 0;
      this.flush();
    });
  }

  /** Commits what is queued now. */
  flush(): void {
    const items = this.#queue;
    this.#queue = [];
    if (items.length === 0) return;
    if (!this.#ports.ledger.health.ok) {
      for (const item of items) if ('peer' in item) item.peer.refuse(item.message.id, 'readOnly');
      return;
    }
    const planned = this.#judge(items);
    if (planned.length === 0) return;
    const { ledger, logKey } = this.#ports;
    const urgent = planned.some(({ plan }) => isUrgent(plan));
    const indexes = ledger.append(
      planned.map((one) => one.entry),
      urgent ? logKey : undefined,
    );
    if (!indexes.ok) {
      this.#undo(planned, indexes);
      return;
    }
    const committed = planned.map(({ plan, answers, peer, envelope }, i): Committed => {
      const index = indexes.value[i];
      for (const answer of answers) answer.peer.ack(answer.id, index);
      return { plan, index, peer, envelope };
    });
    this.#ports.committed(committed);
    // Not before the answers: it waits for the disk, and what is erased is so already for whoever reads.
    if (planned.some(({ entry }) => entry.erases !== undefined))
      setImmediate(() => this.#ports.ledger.scrub());
  }

  #judge(items: readonly Item[]): readonly Planned[] {
    const { ledger, clock, standing, policies } = this.#ports;
    const bench: Bench = {
      ledger,
      standing: standing(),
      policies,
      now: clock.now(),
      nextIndex: ledger.size,
      chains: new Map(),
      granted: new Set(),
    };
    const planned: Planned[] = [];
    const byMessage = new Map<string, Planned>();
    for (const item of items) {
      const one =
        'own' in item ? planOf(item.own(bench)) : this.#judgeMessage(bench, item, byMessage);
      if (one === undefined) continue;
      planned.push(one);
      if (one.entry.leaf !== undefined) bench.nextIndex += 1;
    }
    return planned;
  }

  #judgeMessage(
    bench: Bench,
    { peer, message }: Extract<Item, { peer: Peer }>,
    byMessage: Map<string, Planned>,
  ): Planned | undefined {
    // The session may have ended while the message waited.
    if (peer.session === undefined) return undefined;
    const principal = peer.session.key.keyId;
    const digest = sha256Hex(utf8(`${message.t} ${message.body.envelope}`));
    const twin = byMessage.get(`${principal}/${message.id}`);
    if (twin !== undefined) {
      if (twin.entry.message?.digest === digest) twin.answers.push({ peer, id: message.id });
      else peer.refuse(message.id, 'duplicate');
      return undefined;
    }
    const before = bench.ledger.query.answer(principal, message.id);
    if (before !== undefined) {
      this.#repeat(bench, peer, message, digest, before);
      return undefined;
    }
    const verdict = RULES[message.t](bench, peer.session, message.body.envelope);
    if (!verdict.ok || 'known' in verdict.value) {
      this.#answerNow(peer, message.id, verdict);
      return undefined;
    }
    const plan = verdict.value;
    const entry = { ...plan.entry, message: { principal, id: message.id, digest, at: bench.now } };
    const { envelope } = message.body;
    const one: Planned = { plan, entry, answers: [{ peer, id: message.id }], peer, envelope };
    byMessage.set(`${principal}/${message.id}`, one);
    return one;
  }

  #repeat(
    bench: Bench,
    peer: Peer,
    message: EffectMessage,
    digest: string,
    before: StoredAnswer,
  ): void {
    if (before.digest !== digest) {
      peer.refuse(message.id, 'duplicate');
      return;
    }
    peer.ack(message.id, before.index);
    const again = message.t === 'request' ? RULES.request : undefined;
    if (again === undefined || peer.session === undefined) return;
    // The rule finds the stored request and says which one it is.
    const verdict = again(bench, peer.session, message.body.envelope);
    if (verdict.ok && 'known' in verdict.value) this.#ports.repeated(peer, verdict.value.request);
  }

  #answerNow(peer: Peer, id: string, verdict: Verdict): void {
    if (!verdict.ok) {
      const busy = verdict.code === 'busy' ? BUSY_RETRY_MS : undefined;
      peer.refuse(id, verdict.code, verdict.retryAfterMs ?? busy);
    } else if ('known' in verdict.value) {
      peer.ack(id, verdict.value.known);
      this.#ports.repeated(peer, verdict.value.request);
    }
  }

  #undo(planned: readonly Planned[], failure: { readonly code: 'full' | 'io' | 'corrupt' }): void {
    this.#ports.reload();
    const [code, retry] = UNDONE[failure.code];
    for (const { answers } of planned) {
      for (const { peer, id } of answers) peer.refuse(id, code, retry);
    }
  }
}

/** Somebody waits for its proof. */
const isUrgent = ({ does, entry }: Plan): boolean =>
  entry.leaf !== undefined && (does === 'decides' || does === 'ends' || does === 'grants');

const UNDONE = {
  full: ['busy', FULL_RETRY_MS],
  io: ['internal', FULL_RETRY_MS],
  corrupt: ['readOnly', undefined],
} as const satisfies { readonly [code: string]: readonly [WireCode, number | undefined] };

const planOf = (plan: Plan | undefined): Planned | undefined =>
  plan && { plan, entry: plan.entry, answers: [] };
