// Everybody who is logged in, and what each of them is told: leaves and heads to reviewers, entries and who is asked
// to guards, a keyring to all. Told only what is committed.

import {
  decodeStatement,
  type StatementType,
  statementTypeOf,
} from '../../shared/statement/statement.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import type { Request } from '../../shared/statement/request.ts';
import type { StoredLeaf } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { findKey, validNow } from '../trust/keyring.ts';
import { parseLeaf } from '../trust/leaf.ts';
import { askingOf } from './asking.ts';
import type { Presence } from './attendance.ts';
import type { OpenRequest } from './desk.ts';
import { mayRead, mayReadOfErased } from './entitlement.ts';
import type { Turn } from './escalation.ts';
import { Follower } from './follow.ts';
import type { Peer } from './peer.ts';
import type { Standing } from './standing.ts';

const REMEMBERED = 512;

export type HousePorts = {
  readonly ledger: Ledger;
  readonly standing: () => Standing;
  readonly peerOf: (request: string) => Peer | undefined;
  readonly presenceOf: (request: string) => Presence | undefined;
  /** Undefined where everybody is asked at once. */
  readonly turnOf: (open: OpenRequest) => Turn | undefined;
  readonly isBeginning: (open: OpenRequest) => boolean;
  readonly onCall: () => ServerMessageOf<'onCall'> | undefined;
  readonly noteOf: (head: SignedHead) => string;
};

export class House {
  readonly #ports: HousePorts;
  readonly #peers = new Set<Peer>();
  readonly #followers = new Map<Peer, Follower>();
  /** By digest; bytes of one digest are one request, and whether they are still there is asked each time. */
  readonly #requests = new Map<string, Request>();
  /** By index, the request that a leaf is about. */
  readonly #about = new Map<number, string>();

  constructor(ports: HousePorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#peers.size;
  }

  enter(peer: Peer): void {
    this.#peers.add(peer);
    if (peer.session?.kind === 'reviewer') this.askAll();
  }

  leave(peer: Peer): void {
    this.#peers.delete(peer);
    this.#followers.delete(peer);
    if (peer.session?.kind === 'reviewer') this.askAll();
  }

  /** Starts, or starts again, a reviewer's stream, and tells of each open request whether its guard is there. */
  follow(peer: Peer, cursor: number): void {
    const { ledger, standing, presenceOf, onCall, noteOf } = this.#ports;
    const maySee = (leaf: StoredLeaf): boolean => this.#maySee(peer, leaf);
    const from = Math.min(cursor, ledger.size);
    const follower = new Follower(peer, from, { ledger, maySee, noteOf });
    this.#followers.set(peer, follower);
    const routing = onCall();
    // Before the leaves: an app that knows of a rota waits for whose turn it is.
    if (routing !== undefined) peer.send(routing);
    follower.pump();
    for (const open of standing().desk.all()) {
      const presence = presenceOf(open.digest);
      if (presence) peer.send({ t: 'agent', body: { request: open.digest, ...presence } });
      this.#sendTurn(peer, open);
    }
  }

  /** What a new leaf is about: nobody has to read that off its body again. */
  about(index: number, request: string): void {
    remember(this.#about, index, request);
  }

  /** False where the client claims more than it was sent, or never asked. */
  got(peer: Peer, cursor: number): boolean {
    return this.#followers.get(peer)?.got(cursor) ?? false;
  }

  /** New leaves or a new head. */
  pump(): void {
    for (const follower of this.#followers.values()) follower.pump();
  }

  /** More people have cosigned the newest head. */
  grew(): void {
    for (const follower of this.#followers.values()) follower.grew();
  }

  agent(request: string, presence: Presence): void {
    for (const peer of this.#followers.keys()) {
      peer.send({ t: 'agent', body: { request, ...presence } });
    }
  }

  /** Tells its guard and those who may read it whose turn an open request is. */
  turn(request: string): void {
    const open = this.#ports.standing().desk.get(request);
    if (open === undefined) return;
    for (const peer of this.#followers.keys()) this.#sendTurn(peer, open);
    this.ask(request);
  }

  #sendTurn(peer: Peer, open: OpenRequest): void {
    const { standing, turnOf } = this.#ports;
    const turn = turnOf(open);
    const { keyring } = standing().held;
    if (turn === undefined || peer.session === undefined) return;
    if (mayRead(keyring, peer.session, open.request)) peer.send({ t: 'turn', body: turn });
  }

  /** To everybody who follows the log. */
  tellReviewers(message: AnyServerMessage): void {
    for (const peer of this.#followers.keys()) peer.send(message);
  }

  /** Tells the guard of one open request who is being asked now. */
  ask(request: string): void {
    const { desk, held } = this.#ports.standing();
    const open = desk.get(request);
    const peer = this.#ports.peerOf(request);
    if (open === undefined || peer === undefined || this.#ports.isBeginning(open)) return;
    peer.send(askingOf(open, held.keyring, this.#online(), this.#ports.turnOf(open)));
  }

  askAll(): void {
    for (const { digest } of this.#ports.standing().desk.all()) this.ask(digest);
  }

  /** A next keyring: to all; sessions whose key it revokes end (security note 4.1). */
  enrol(envelope: string): void {
    const { held } = this.#ports.standing();
    for (const peer of this.#peers) {
      peer.send({ t: 'keyring', body: { envelope } });
      const { session } = peer;
      const hit = session && findKey(held, session.key.keyId);
      const same = hit?.kind === session?.kind && hit?.id === session?.id && hit?.use === 'session';
      if (
        session === undefined ||
        hit === undefined ||
        !same ||
        !validNow(hit, this.#ports.ledger.size)
      ) {
        peer.hangUp('revoked');
      } else peer.session = { ...hit, kind: session.kind };
    }
  }

  /** To everyone who is logged in. */
  tell(message: AnyServerMessage): void {
    for (const peer of this.#peers) peer.send(message);
  }

  closeAll(): void {
    for (const peer of this.#peers) peer.hangUp('shuttingDown');
  }

  #online(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { session } of this.#peers) if (session?.kind === 'reviewer') ids.add(session.id);
    return ids;
  }

  #maySee({ session }: Peer, leaf: StoredLeaf): boolean {
    const { keyring } = this.#ports.standing().held;
    if (keyring.solo) return true;
    const request = this.#requestOf(leaf);
    if (request === 'none') return true;
    if (session === undefined || request === undefined) return false;
    return request === 'erased'
      ? mayReadOfErased(keyring, session)
      : mayRead(keyring, session, request);
  }

  /** The request that a leaf is, or is about; 'none' for what everybody reads, undefined where it can't be told. */
  #requestOf(stored: StoredLeaf): Request | 'none' | 'erased' | undefined {
    const leaf = parseLeaf(stored.leaf);
    const type = leaf.ok ? statementTypeOf(leaf.value.payloadType) : undefined;
    // Every copy has to know which texts are to go, whoever could have read them.
    if (type === 'keyring' || type === 'erasure') return 'none';
    if (type === undefined || stored.payload === undefined) return undefined;
    // Nobody was asked about what policy alone decided; what a grant let run is of the request that it came from.
    if (type === 'auto') {
      const granted = grantedBy(stored.payload);
      const asked = granted === undefined ? undefined : this.#ports.ledger.query.payload(granted);
      return granted === undefined || asked === undefined ? 'erased' : this.#decode(granted, asked);
    }
    const { ledger, standing } = this.#ports;
    const about =
      leaf.ok && type === 'request'
        ? leaf.value.payloadSha256
        : this.#aboutOf(stored.index, type, stored.payload);
    if (about === undefined) return undefined;
    // Only what has ended is ever erased.
    const open = standing().desk.get(about);
    if (open !== undefined) return open.request;
    const payload = type === 'request' ? stored.payload : ledger.query.payload(about);
    return payload === undefined ? 'erased' : this.#decode(about, payload);
  }

  /** The digest of the request that this leaf names. The same leaf goes to every reviewer: it is read once. */
  #aboutOf(index: number, type: StatementType, payload: Uint8Array): string | undefined {
    const before = this.#about.get(index);
    if (before !== undefined) return before;
    const statement = decodeStatement(type, payload);
    if (!statement.ok || !('request' in statement.value)) return undefined;
    return remember(this.#about, index, statement.value.request);
  }

  #decode(digest: string, payload: Uint8Array): Request | undefined {
    const before = this.#requests.get(digest);
    if (before !== undefined) return before;
    const request = decodeStatement('request', payload);
    return request.ok ? remember(this.#requests, digest, request.value) : undefined;
  }
}

/** The request that every entry's grant came from. */
function grantedBy(payload: Uint8Array): string | undefined {
  const auto = decodeStatement('auto', payload);
  const all = auto.ok ? auto.value.entries.map(({ grant }) => grant?.request) : [];
  const [first] = all;
  return all.every((one) => one === first) ? first : undefined;
}

/** The newest few: what is new goes to everybody at about the same time. */
function remember<K, V>(kept: Map<K, V>, key: K, value: V): V {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > REMEMBERED && oldest !== undefined) kept.delete(oldest);
  return value;
}
