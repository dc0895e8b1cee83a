// Which reviewers are connected, since when the others are not, and whether notifications of their machines work, as their
// apps say. For routing only: nobody may decide more or less because of it.

import type { Peer } from './peer.ts';
import type { Clock } from './ports.ts';

/** A connection that comes back within this was never away; after a start everybody has it once. */
export const BACK_WITHIN_MS = 10_000;

export class Presence {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #started: number;
  /** By person: each connection, and whether its machine can show a notification, once it has said so. */
  readonly #here = new Map<string, Map<Peer, boolean | undefined>>();
  readonly #left = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#started = clock.now();
  }

  enter(peer: Peer): void {
    const { session } = peer;
    if (session?.kind !== 'reviewer') return;
    const peers = this.#here.get(session.id) ?? new Map<Peer, boolean | undefined>();
    this.#here.set(session.id, peers.set(peer, undefined));
  }

  leave(peer: Peer): void {
    for (const [id, peers] of this.#here) {
      if (!peers.delete(peer) || peers.size > 0) continue;
      this.#here.delete(id);
      this.#left.set(id, this.#clock.now());
    }
  }

  surface(peer: Peer, works: boolean): void {
    for (const peers of this.#here.values()) if (peers.has(peer)) peers.set(peer, works);
  }

  isHere(id: string): boolean {
    return this.#here.has(id);
  }

  /** Wall clock, ms: from then on nobody waits for this person. Undefined while connected. */
  offlineFrom(id: string): number | undefined {
    if (this.isHere(id)) return undefined;
    return (this.#left.get(id) ?? this.#started) + BACK_WITHIN_MS;
  }

  /** Connected, and no machine of theirs could show a notification. One that has not said is believed in. */
  hasNoSurface(id: string): boolean {
    const peers = this.#here.get(id);
    return peers !== undefined && [...peers.values()].every((works) => works === false);
  }
}
