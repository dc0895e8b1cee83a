// Which connection waits for which open request. A request whose guard is gone is withdrawn after a while, because
// nobody would act on its approval; a guard that asks again within that time takes it back.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Peer } from './peer.ts';
import type { Clock, Timers } from './ports.ts';

export type Presence = { readonly state: 'here' | 'gone'; readonly since: string };

type Row = { peer: Peer | undefined; since: string; cancel: (() => void) | undefined };

export type AttendancePorts = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly changed: (request: string, presence: Presence) => void;
  /** Nobody came back for it. */
  readonly abandoned: (request: string) => void;
};

export class Attendance {
  readonly #rows = new Map<string, Row>();
  readonly #ports: AttendancePorts;

  constructor(ports: AttendancePorts) {
    this.#ports = ports;
  }

  /** The guard on this connection waits for the request. */
  arrive(request: string, peer: Peer): void {
    const before = this.#rows.get(request);
    before?.cancel?.();
    const stayed = before?.peer !== undefined;
    const since = stayed ? before.since : this.#now();
    this.#rows.set(request, { peer, since, cancel: undefined });
    if (!stayed) this.#ports.changed(request, { state: 'here', since });
  }

  /** Nobody is known to wait for it: after a restart, or when the connection has gone. */
  miss(request: string): void {
    const since = this.#now();
    const cancel = this.#ports.timers.after(LIMITS.agentGoneMs, () =>
      this.#ports.abandoned(request),
    );
    this.#rows.set(request, { peer: undefined, since, cancel });
    this.#ports.changed(request, { state: 'gone', since });
  }

  leave(peer: Peer): void {
    for (const [request, row] of this.#rows) if (row.peer === peer) this.miss(request);
  }

  /** The request has ended. */
  forget(request: string): void {
    this.#rows.get(request)?.cancel?.();
    this.#rows.delete(request);
  }

  peerOf(request: string): Peer | undefined {
    return this.#rows.get(request)?.peer;
  }

  presenceOf(request: string): Presence | undefined {
    const row = this.#rows.get(request);
    return row && { state: row.peer === undefined ? 'gone' : 'here', since: row.since };
  }

  stop(): void {
    for (const row of this.#rows.values()) row.cancel?.();
    this.#rows.clear();
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }
}
