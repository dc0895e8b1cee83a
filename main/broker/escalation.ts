// Who is asked now, kept going: each step of the ladder is logged, then told to the guard and to the reviewers, and the next
// one is taken when somebody leaves, hands over, or has not looked in time. After a restart the log says where it stood.

import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { climb, type Climbed } from '../../shared/domain/escalation.ts';
import type { OpenRota } from '../../shared/domain/on-call.ts';
import type { Shelf } from '../policy/cedar/shelf.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { Aways } from './away-file.ts';
import type { Bench, Plan } from './bench.ts';
import type { OpenRequest } from './desk.ts';
import { Ladders } from './escalation-ladder.ts';
import { planEscalation } from './escalation-plan.ts';
import { nextChange, onCallMessage } from './on-call-now.ts';
import type { Peer } from './peer.ts';
import type { Clock, Timers } from './ports.ts';
import { Presence } from './presence.ts';
import type { Standing } from './standing.ts';

export type EscalationsPorts = {
  readonly standing: () => Standing;
  readonly policies: Shelf;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rota: () => OpenRota | undefined;
  readonly aways: Aways;
  readonly by: { readonly id: string; readonly logKey: KeyPair };
  /** The broker's own statement, judged and logged in its turn. */
  readonly take: (plan: (bench: Bench) => Plan | undefined) => void;
  /** Somebody else is asked, or will be at another time. */
  readonly turned: (request: string) => void;
  readonly told: (message: ServerMessageOf<'onCall'>) => void;
};

export type Turn = ServerMessageOf<'turn'>['body'];

/** Requests that are looked at in one turn. */
const AT_ONCE = 100;
const RETRY_MS = 5_000;
/** A wall clock that jumps must not keep anybody waiting longer than this. */
const MAX_WAIT_MS = 60_000;

export class Escalations {
  readonly presence: Presence;
  readonly #ports: EscalationsPorts;
  readonly #ladders: Ladders;
  readonly #next = new Map<string, Climbed['next']>();
  readonly #cancels = new Map<string, () => void>();
  /** Still to be looked at. */
  #waiting: string[] = [];
  #cancelAll: (() => void) | undefined;
  #cancelOnCall: (() => void) | undefined;
  #onCall: ServerMessageOf<'onCall'> | undefined;
  #stopped = false;

  constructor(ports: EscalationsPorts) {
    this.#ports = ports;
    const { clock, policies, aways, rota } = ports;
    this.presence = new Presence(clock);
    this.#ladders = new Ladders({
      held: () => ports.standing().held,
      policies,
      presence: this.presence,
      aways,
      rota,
      now: clock.now,
    });
  }

  enter(peer: Peer): void {
    this.presence.enter(peer);
    this.lookAll();
  }

  leave(peer: Peer): void {
    this.presence.leave(peer);
    this.lookAll();
  }

  surface(peer: Peer, works: boolean): void {
    this.presence.surface(peer, works);
    this.#lookOnCall();
  }

  /** False where it could not be kept. */
  away(id: string, until: string | undefined): boolean {
    if (!this.#ports.aways.set(id, until)) return false;
    this.lookAll();
    return true;
  }

  /** Takes the next step of one request where it is due, and waits for the one after. */
  look(request: string): void {
    if (this.#stopped) return;
    const { standing, clock, timers, take, by, turned } = this.#ports;
    this.#cancels.get(request)?.();
    this.#cancels.delete(request);
    const open = standing().desk.get(request);
    const ladder = open && this.#ladders.of(open);
    if (ladder === undefined) {
      if (open === undefined || open.life.stage !== 'open') this.forget(request);
      return;
    }
    const again = (wait: number): void =>
      void this.#cancels.set(
        request,
        timers.after(wait, () => this.look(request)),
      );
    const { steps, next } = climb(ladder);
    if (steps.length > 0) {
      // Its commit comes back here for the step after it; a log that is full takes none, and may have room later.
      again(RETRY_MS);
      take((bench) => planEscalation(bench, request, (one) => this.#ladders.of(one), by));
      return;
    }
    const before = this.#next.has(request) ? JSON.stringify(this.#next.get(request)) : 'nothing';
    this.#next.set(request, next);
    if (next !== undefined) again(Math.min(next.at - clock.now(), MAX_WAIT_MS));
    if (before !== JSON.stringify(next)) turned(request);
  }

  /** A step is in the log: the one after it, or what is due next, is told with it. */
  stepped(request: string): void {
    this.#next.delete(request);
    this.look(request);
  }

  /** Somebody came or went, a keyring, the rota: once, after what has happened in this turn. */
  lookAll(): void {
    if (this.#stopped) return;
    const { rota, standing, timers } = this.#ports;
    const routes = rota() !== undefined;
    this.#waiting = Array.from(standing().desk.all())
      .filter(({ steps }) => routes || steps > 0)
      .map(({ digest }) => digest);
    this.#cancelAll ??= timers.after(0, () => this.#lookAtSome());
  }

  /** Ten thousand requests are no reason to keep a decision waiting. */
  #lookAtSome(): void {
    this.#cancelAll = undefined;
    for (const digest of this.#waiting.splice(0, AT_ONCE)) this.look(digest);
    if (this.#waiting.length === 0) this.#lookOnCall();
    else this.#cancelAll = this.#ports.timers.after(0, () => this.#lookAtSome());
  }

  forget(request: string): void {
    this.#cancels.get(request)?.();
    this.#cancels.delete(request);
    this.#next.delete(request);
    this.#ladders.forget(request);
  }

  /** Its first step is about to be logged: until then nobody can say who is asked. */
  isBeginning(open: OpenRequest): boolean {
    if (open.steps > 0) return false;
    const ladder = this.#ladders.of(open);
    return ladder !== undefined && climb(ladder).steps.length > 0;
  }

  /** Undefined where everybody is asked at once. */
  turnOf({ digest, asked, steps }: OpenRequest): Turn | undefined {
    if (steps === 0) return undefined;
    const next = this.#next.get(digest);
    return {
      request: digest,
      step: steps,
      asked: [...asked.keys()],
      ...(next === undefined
        ? {}
        : { next: { at: new Date(next.at).toISOString(), asked: [...next.asked] } }),
    };
  }

  /** Undefined where there never was a rota. */
  onCall(): ServerMessageOf<'onCall'> | undefined {
    return this.#onCall;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelAll?.();
    this.#cancelOnCall?.();
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #lookOnCall(): void {
    const { rota, clock, timers, aways, told, standing } = this.#ports;
    // One person is on call for everything, and needs no rota to be told.
    const lines = standing().held.keyring.solo ? undefined : rota();
    if (this.#stopped || (lines === undefined && this.#onCall === undefined)) return;
    const now = clock.now();
    const ports = { presence: this.presence, aways };
    const message = onCallMessage(lines ?? new Map(), now, ports);
    this.#cancelOnCall?.();
    const at = nextChange(message, now, ports);
    this.#cancelOnCall =
      at === undefined
        ? undefined
        : // The longest wait that a timer takes is some 24 days.
          timers.after(Math.min(at - now, 24 * 3600_000), () => this.lookAll());
    if (JSON.stringify(message) === JSON.stringify(this.#onCall)) return;
    this.#onCall = message;
    told(message);
  }
}
