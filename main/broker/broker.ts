// The broker's parts and what passes between them: a commit is answered, then shown, then sealed; a connection that
// goes is missed; what is late or abandoned is ended. No rule of its own stands here.

import type { WebSocket } from 'ws';
import type { Ledger } from '../ledger/ledger.ts';
import { strangersIn } from '../../shared/domain/rota.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { RootPin } from '../trust/keyring.ts';
import { witnessRule } from '../trust/witness.ts';
import { Attendance } from './attendance.ts';
import { openAways } from './away-file.ts';
import { type EndReason, planEnding } from './broker-ending.ts';
import { Checkpointer } from './checkpointer.ts';
import { Escalations } from './escalation.ts';
import { Expiry } from './expiry.ts';
import { GuardFeed } from './guard-feed.ts';
import type { HeadMark } from './head-mark.ts';
import { House } from './house.ts';
import { type Committed, Intake } from './intake.ts';
import { Judgement } from './judgement.ts';
import { Lobby } from './lobby.ts';
import type { Peer } from './peer.ts';
import type { Policies } from './policies.ts';
import type { Alarm, Clock, Timers } from './ports.ts';
import { RotaFile } from './rota-file.ts';
import { Router } from './routes.ts';
import { loadStanding, type Standing } from './standing.ts';
import { Witnesses } from './witnesses.ts';

export type BrokerParts = {
  readonly ledger: Ledger;
  readonly standing: Standing;
  /** This broker's id in the keyring. */
  readonly id: string;
  readonly policies: Policies;
  readonly keys: { readonly session: KeyPair; readonly log: KeyPair };
  readonly pin: RootPin & { readonly log: { readonly origin: string } };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly alarm: Alarm;
  readonly headMark: HeadMark;
  /** The broker's own folder: who is away is kept there. */
  readonly folder: string;
  readonly rota: { readonly path: string; readonly wanted: boolean };
};

const TIDY_MS = 10 * 60 * 1000;

export class Broker {
  readonly #parts: BrokerParts;
  #standing: Standing;
  #stopped = false;
  readonly #house: House;
  readonly #feed: GuardFeed;
  readonly #witnesses: Witnesses;
  readonly #judgement: Judgement;
  readonly #attendance: Attendance;
  readonly #expiry: Expiry;
  readonly #rota: RotaFile;
  readonly #escalations: Escalations;
  readonly #checkpointer: Checkpointer;
  readonly #intake: Intake;
  readonly #router: Router;
  readonly #lobby: Lobby;
  #cancelTidy: (() => void) | undefined;

  constructor(parts: BrokerParts) {
    const { ledger, clock, timers, alarm, keys } = parts;
    this.#parts = parts;
    this.#standing = parts.standing;
    const standing = (): Standing => this.#standing;
    this.#attendance = new Attendance({
      clock,
      timers,
      changed: (request, presence) => this.#house.agent(request, presence),
      abandoned: (request) => this.#end(request, 'abandoned'),
    });
    this.#house = new House({
      ledger,
      standing,
      peerOf: (request) => this.#attendance.peerOf(request),
      presenceOf: (request) => this.#attendance.presenceOf(request),
      turnOf: (open) => this.#escalations.turnOf(open),
      isBeginning: (open) => this.#escalations.isBeginning(open),
      onCall: () => this.#escalations.onCall(),
      noteOf: (head) => this.#witnesses.noteOf(head),
    });
    this.#witnesses = new Witnesses({
      ledger,
      timers,
      held: () => this.#standing.held,
      seen: (note, size) => this.#witnessed(note, size),
      kept: (size) => ledger.cosignatures(size),
      grew: () => this.#house.grew(),
    });
    this.#feed = new GuardFeed(ledger, (head) => this.#witnesses.noteOf(head));
    this.#expiry = new Expiry(clock, timers, (request) => this.#end(request, 'expired'));
    const made = (): void => this.#sealed();
    this.#checkpointer = new Checkpointer({ ledger, logKey: keys.log, clock, timers, alarm, made });
    this.#intake = new Intake({
      ledger,
      logKey: keys.log,
      clock,
      standing,
      policies: parts.policies.shelf,
      reload: () => this.#reload(),
      sessions: () => this.#house.size,
      committed: (all) => this.#committed(all),
      repeated: (peer, request) => this.#attend(peer, request),
    });
    this.#rota = new RotaFile({
      ...parts.rota,
      timers,
      alarm,
      strangers: (rota) => strangersIn(rota, this.#standing.held.keyring),
      changed: () => this.#escalations.lookAll(),
    });
    this.#escalations = this.#makeEscalations();
    this.#judgement = new Judgement({
      ledger,
      log: () => this.#standing.held.keyring.log,
      clock,
      alarm,
      tell: (evidence) => this.#house.tell({ t: 'fork', body: { evidence } }),
    });
    this.#router = new Router({
      ledger,
      standing,
      policies: parts.policies,
      house: this.#house,
      intake: this.#intake,
      witnesses: this.#witnesses,
      judgement: this.#judgement,
      clock,
      escalations: this.#escalations,
    });
    this.#lobby = this.#makeLobby();
    this.#checkpointer.make();
    this.#resume();
    this.#escalations.lookAll();
    this.#tidy();
  }

  admit(socket: WebSocket, address: string): void {
    // One that was being upgraded when the end came: nobody would ever close it.
    if (this.#stopped) socket.terminate();
    else this.#lobby.admit(socket, address);
  }

  /** Commits and seals what is here, then says goodbye to everyone. */
  stop(): void {
    if (this.#stopped) return;
    this.#intake.flush();
    this.#checkpointer.make();
    this.#stopped = true;
    this.#witnesses.flush();
    this.#parts.headMark.flush();
    this.#cancelTidy?.();
    this.#checkpointer.stop();
    this.#expiry.stop();
    this.#attendance.stop();
    this.#rota.stop();
    this.#escalations.stop();
    this.#lobby.closeAll();
    this.#house.closeAll();
  }

  /** Old answers and uploads whose request never came, at the start and from then on. */
  #tidy(): void {
    const { ledger, clock, timers } = this.#parts;
    if (ledger.health.ok) ledger.prune(clock.now());
    this.#cancelTidy = timers.after(TIDY_MS, () => this.#tidy());
  }

  #makeEscalations(): Escalations {
    const { clock, timers, alarm, keys, id, folder, policies } = this.#parts;
    return new Escalations({
      standing: () => this.#standing,
      policies: policies.shelf,
      clock,
      timers,
      rota: () => this.#rota.rota,
      aways: openAways(folder, clock, alarm),
      by: { id, logKey: keys.log },
      take: (plan) => this.#intake.own(plan),
      turned: (request) => this.#house.turn(request),
      told: (message) => this.#house.tellReviewers(message),
    });
  }

  #makeLobby(): Lobby {
    const { ledger, pin, keys, clock, timers, random } = this.#parts;
    return new Lobby({
      origin: pin.log.origin,
      key: keys.session,
      clock,
      timers,
      random,
      // Bare: whoever dials is nobody yet, and names are people's.
      note: () => ledger.lastSigned ?? '',
      size: () => ledger.size,
      held: () => this.#standing.held,
      keyrings: () => this.#standing.keyrings,
      entered: (peer) => {
        this.#house.enter(peer);
        this.#escalations.enter(peer);
        const evidence = this.#judgement.evidence();
        if (evidence !== undefined) peer.send({ t: 'fork', body: { evidence } });
      },
      frame: (peer, text) => {
        if (!this.#stopped) this.#router.frame(peer, text);
      },
      left: (peer) => {
        if (this.#stopped) return;
        this.#attendance.leave(peer);
        this.#house.leave(peer);
        this.#escalations.leave(peer);
      },
    });
  }

  /** After a start nobody is known to wait for anything: every open request's guard has to come back. */
  #resume(): void {
    if (!this.#parts.ledger.health.ok) return;
    for (const { digest, request } of this.#standing.desk.all()) {
      this.#attendance.miss(digest);
      this.#expiry.watch(digest, request);
    }
  }

  #committed(all: readonly Committed[]): void {
    for (const { plan, index } of all)
      if (plan.request !== undefined && index !== undefined) this.#house.about(index, plan.request);
    for (const one of all) this.#tellGuard(one);
    // Somebody waits to act: what it waits for goes first, unless a keyring that it needs comes with it.
    if (!all.some(({ plan }) => plan.does === 'enrols')) this.#feed.deliver();
    // Leaves then: an app hears of a request before it hears whether its guard is there.
    this.#house.pump();
    for (const one of all) this.#follow(one);
    if (all.some((one) => one.index !== undefined)) this.#checkpointer.grew();
  }

  #tellGuard({ plan, index, envelope }: Committed): void {
    const { request, does, saw } = plan;
    const told = does === 'decides' || does === 'ends' || does === 'notes';
    if (!told || request === undefined || index === undefined) return;
    const guard = this.#attendance.peerOf(request);
    if (guard !== undefined) this.#feed.add(guard, request, index, envelope, saw);
  }

  #follow({ plan, peer }: Committed): void {
    const { request } = plan;
    if (plan.does === 'enrols') {
      const newest = this.#standing.keyrings.at(-1);
      if (newest !== undefined) this.#house.enrol(newest);
      this.#house.askAll();
      this.#escalations.lookAll();
    }
    if (request === undefined) return;
    const open = this.#standing.desk.get(request);
    if (plan.does === 'opens' && open !== undefined && peer !== undefined) {
      this.#expiry.watch(request, open.request);
      this.#attend(peer, request);
    }
    if (plan.does === 'ends') {
      this.#attendance.forget(request);
      this.#expiry.forget(request);
    } else if (plan.does === 'notes') this.#house.ask(request);
    if (plan.does === 'escalates') this.#escalations.stepped(request);
    else this.#escalations.look(request);
  }

  /** A guard waits on this connection, which may have closed while its request was committed. */
  #attend(peer: Peer, request: string): void {
    const open = this.#standing.desk.get(request) !== undefined;
    if (open && peer.isOpen) this.#attendance.arrive(request, peer);
    else if (open && this.#attendance.peerOf(request) === undefined) this.#attendance.miss(request);
    this.#feed.addAll(peer, request);
    this.#house.ask(request);
  }

  /** A head that more people have seen: for each guard that waits for exactly that. */
  #witnessed(note: string, size: number): void {
    if (witnessRule(this.#standing.held.keyring).count === 0) return;
    const { query } = this.#parts.ledger;
    for (const { digest, decisions } of this.#standing.desk.all()) {
      if (decisions.length === 0) continue;
      const last = query.request(digest)?.about.at(-1);
      if (last === undefined || last >= size) continue;
      this.#attendance.peerOf(digest)?.send({ t: 'witnessed', body: { request: digest, note } });
    }
  }

  #sealed(): void {
    const { head } = this.#parts.ledger;
    if (head !== undefined) {
      this.#witnesses.head(head);
      this.#parts.headMark.keep(head);
    }
    this.#feed.deliver();
    this.#house.pump();
  }

  #end(request: string, reason: EndReason): void {
    if (this.#stopped) return;
    const { id, keys } = this.#parts;
    this.#intake.own((bench) => planEnding(bench, request, reason, { id, logKey: keys.log }));
  }

  #reload(): void {
    // Says so, once, where it is damage that made the commit fail.
    this.#checkpointer.make();
    const standing = loadStanding(this.#parts.ledger, this.#parts.pin);
    if (standing.ok) this.#standing = standing.value;
    else this.#parts.alarm(`the log can't be read back: ${standing.detail ?? standing.code}`);
  }
}
