// Who asks to join. The broker keeps what they say for a day and shows it to administrators; it enrols nobody: a join is
// answered only once a keyring that the roots have signed names its keys. Bounded in number, by address and in time.

import { ADMINISTRATORS } from '../../shared/domain/administrators.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { ClientMessageOf } from '../../shared/protocol/messages.ts';
import { type OpenedJoin, openJoin } from '../link/join-statement.ts';
import { findKey, type HeldKeyring, type KeyHit, validNow } from '../trust/keyring.ts';
import type { Peer } from './peer.ts';
import type { Clock, Timers } from './ports.ts';

export type JoiningPorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly size: () => number;
  readonly held: () => HeldKeyring;
  /** Envelopes, oldest first, ending with the one in force. */
  readonly keyrings: () => string[];
};

type Proposal = {
  readonly opened: OpenedJoin;
  readonly address: string;
  readonly since: number;
  /** The connection that waits for the answer; absent once it has gone. */
  peer: Peer | undefined;
};

/** How soon a new keyring is noticed while somebody waits for one. */
const LOOK_MS = 500;
/** Administrators hear at most this often, however many strangers come and go. */
const TELL_MS = 500;

export class Joining {
  readonly #ports: JoiningPorts;
  /** By id, oldest first. */
  readonly #proposals = new Map<string, Proposal>();
  readonly #reviewers = new Set<Peer>();
  #seen: HeldKeyring | undefined;
  #cancelLook: (() => void) | undefined;
  #cancelTell: (() => void) | undefined;
  #toldAt = -TELL_MS;

  constructor(ports: JoiningPorts) {
    this.#ports = ports;
  }

  /** True where the connection stays and waits. */
  take(peer: Peer, { id, body }: ClientMessageOf<'join'>): boolean {
    const opened = openJoin(body.envelope);
    const place = opened.ok ? this.#placeOf(opened.value) : 'elsewhere';
    if (!opened.ok || place === 'elsewhere') {
      peer.refuse(id, 'badJoin');
      return false;
    }
    this.#sweep();
    if (place === 'free' && !this.#keep(peer, opened.value)) {
      peer.refuse(id, 'busy');
      peer.hangUp('tooMany');
      return false;
    }
    peer.ack(id, undefined);
    if (place === 'enrolled') this.#answer(peer);
    else this.#tellAll();
    return place === 'free';
  }

  /** A reviewer has logged in. */
  entered(peer: Peer): void {
    this.#reviewers.add(peer);
    this.#sweep();
    if (this.#proposals.size > 0) this.#tell(peer);
  }

  left(peer: Peer): void {
    this.#reviewers.delete(peer);
    for (const proposal of this.#proposals.values()) {
      if (proposal.peer !== peer) continue;
      proposal.peer = undefined;
      this.#tellAll();
    }
  }

  closeAll(): void {
    this.#cancelLook?.();
    this.#cancelTell?.();
    for (const { peer } of this.#proposals.values()) peer?.hangUp('shuttingDown');
  }

  /** Whether the keyring has its keys already: all where they were asked for, none of them, or some of them elsewhere. */
  #placeOf({ join }: OpenedJoin): 'enrolled' | 'free' | 'elsewhere' {
    const held = this.#ports.held();
    const hits = Object.entries(join.keys).map(
      ([use, { keyId }]) => [use, findKey(held, keyId)] as const,
    );
    if (hits.every(([, hit]) => hit === undefined)) return 'free';
    const right = (use: string, hit: KeyHit | undefined): boolean =>
      hit?.kind === join.kind && hit.use === use && validNow(hit, this.#ports.size());
    return hits.every(([use, hit]) => right(use, hit)) ? 'enrolled' : 'elsewhere';
  }

  /** Who has gone makes room for who comes; false where as many as may be are here and wait. */
  #keep(peer: Peer, opened: OpenedJoin): boolean {
    const { address } = peer;
    const before = this.#proposals.get(opened.id);
    if (before !== undefined) {
      before.peer?.hangUp('tooMany');
      before.peer = peer;
      return true;
    }
    const all = (): Proposal[] => [...this.#proposals.values()];
    const near = (): Proposal[] => all().filter((one) => one.address === address);
    const isGone = (one: Proposal): boolean => one.peer === undefined;
    if (near().length >= LIMITS.maxJoinsPerAddress) this.#drop(near().find(isGone));
    if (all().length >= LIMITS.maxJoins) this.#drop(all().find(isGone));
    if (near().length >= LIMITS.maxJoinsPerAddress || all().length >= LIMITS.maxJoins) return false;
    this.#proposals.set(opened.id, { opened, address, since: this.#ports.clock.now(), peer });
    this.#seen = this.#ports.held();
    this.#look();
    return true;
  }

  #drop(proposal: Proposal | undefined): void {
    if (proposal === undefined) return;
    this.#proposals.delete(proposal.opened.id);
    proposal.peer?.hangUp('tooMany');
  }

  #sweep(): void {
    const old = this.#ports.clock.now() - LIMITS.joinKeptMs;
    for (const one of this.#proposals.values()) if (one.since <= old) this.#drop(one);
  }

  /** Looks for a keyring that names one of those who wait, for as long as there is one. */
  #look(): void {
    this.#cancelLook ??= this.#ports.timers.after(LOOK_MS, () => {
      this.#cancelLook = undefined;
      const held = this.#ports.held();
      if (held !== this.#seen) {
        this.#seen = held;
        this.#settle();
      }
      if (this.#proposals.size > 0) this.#look();
    });
  }

  #settle(): void {
    const before = this.#proposals.size;
    for (const { opened, peer } of this.#proposals.values()) {
      const place = this.#placeOf(opened);
      if (place === 'free') continue;
      this.#proposals.delete(opened.id);
      if (place === 'enrolled' && peer !== undefined) this.#answer(peer);
      else peer?.hangUp('badJoin');
    }
    if (this.#proposals.size !== before) this.#tellAll();
  }

  /** Only now: a keyring says who works here, and is nothing for strangers. */
  #answer(peer: Peer): void {
    peer.send({ t: 'enrolled', body: { keyrings: this.#ports.keyrings() } });
  }

  #tellAll(): void {
    if (this.#cancelTell !== undefined) return;
    const { clock, timers } = this.#ports;
    const tell = (): void => {
      this.#cancelTell = undefined;
      this.#toldAt = clock.monotonic();
      for (const peer of this.#reviewers) this.#tell(peer);
    };
    const wait = this.#toldAt + TELL_MS - clock.monotonic();
    if (wait <= 0) tell();
    else this.#cancelTell = timers.after(wait, tell);
  }

  #tell(peer: Peer): void {
    const { session } = peer;
    const { solo } = this.#ports.held().keyring;
    if (session === undefined || !(solo || session.groups.includes(ADMINISTRATORS))) return;
    const proposals = [...this.#proposals.values()].map((one) => ({
      id: one.opened.id,
      since: new Date(one.since).toISOString(),
      here: one.peer !== undefined,
      envelope: one.opened.envelope,
    }));
    peer.send({ t: 'proposals', body: { proposals } });
  }
}
