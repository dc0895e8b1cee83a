// Connections that have not logged in: one message, five seconds, 4 KiB, so many from an address and in all. Nothing
// that a stranger sends gets further than this file. Where a place is wanted and all are taken, the one that has been
// silent longest goes: a login takes milliseconds, so who only holds places open keeps nobody out.

import type { WebSocket } from 'ws';
import { decodeClientMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { ClientMessageOf } from '../../shared/protocol/messages.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { channelOf } from './channel.ts';
import { Joining } from './joining.ts';
import { BROKER_VERSION, Challenge, type LoginPorts } from './login.ts';
import { Peer } from './peer.ts';
import type { Timers } from './ports.ts';

export type LobbyPorts = LoginPorts & {
  readonly timers: Timers;
  /** The log's newest head and size, and the keyrings in force, as they are now. */
  readonly note: () => string;
  readonly size: () => number;
  readonly held: () => HeldKeyring;
  readonly keyrings: () => readonly string[];
  readonly entered: (peer: Peer) => void;
  readonly frame: (peer: Peer, text: string) => void;
  readonly left: (peer: Peer) => void;
};

/** Together under the frame limit with room for the rest of the message; the oldest are left out first. */
const KEYRINGS_LENGTH = 180 * 1024;
const KEYRINGS_COUNT = 64;

export class Lobby {
  readonly #ports: LobbyPorts;
  readonly #waiting = new Map<string, number>();
  /** In the order in which they came, each with what gives its place back. */
  readonly #peers = new Map<Peer, () => void>();
  readonly #joining: Joining;

  constructor(ports: LobbyPorts) {
    this.#ports = ports;
    this.#joining = new Joining({ ...ports, keyrings: () => newest(ports.keyrings()) });
  }

  admit(socket: WebSocket, address: string): void {
    const { clock, timers } = this.#ports;
    const peer = new Peer(socket, address, clock, timers);
    // ws closes by itself after a frame that breaks its limits; the error has no other use here.
    socket.on('error', () => {});
    this.#makeRoom(address);
    this.#count(address, 1);
    const challenge = new Challenge(this.#ports, channelOf(socket).exporter);
    const cancel = peer.after(LIMITS.loginMs, () => peer.hangUp('loginTimeout'));
    let waiting = true;
    const done = (): void => {
      if (waiting) this.#count(address, -1);
      this.#peers.delete(peer);
      waiting = false;
      cancel();
    };
    this.#peers.set(peer, done);
    socket.on('message', (bytes, isBinary) => {
      if (!peer.isOpen) return;
      peer.heard();
      // Text frames arrive as one Buffer: ws has checked that they are UTF-8.
      const text = isBinary ? '' : (bytes as Buffer).toString('utf8');
      if (!waiting) {
        // Who asked to join has no session and may say nothing more: the router ends it.
        this.#ports.frame(peer, text);
        return;
      }
      done();
      this.#first(peer, challenge, text, channelOf(socket).exporter === 'none');
    });
    socket.on('close', () => {
      done();
      peer.closed();
      this.#joining.left(peer);
      if (peer.session !== undefined) this.#ports.left(peer);
    });
    this.#greet(peer, challenge);
  }

  closeAll(): void {
    this.#joining.closeAll();
    for (const peer of this.#peers.keys()) peer.hangUp('shuttingDown');
  }

  #greet(peer: Peer, { nonce }: Challenge): void {
    peer.send({
      t: 'hello',
      body: {
        brokerOrigin: this.#ports.origin,
        brokerKeyId: this.#ports.key.keyId,
        serverNonce: nonce,
        checkpoint: this.#ports.note(),
        version: BROKER_VERSION,
      },
    });
  }

  #first(peer: Peer, challenge: Challenge, text: string, plain: boolean): void {
    const message = text.length <= LIMITS.joinMaxBytes ? decodeClientMessage(text) : undefined;
    if (message?.ok && message.value.t === 'join') this.#join(peer, message.value);
    else if (!message?.ok || text.length > LIMITS.loginMaxBytes) peer.hangUp('badFrame');
    else if (message.value.t !== 'login') peer.refuse(message.value.id, 'badLogin');
    else this.#login(peer, challenge, message.value, plain);
  }

  #join(peer: Peer, message: ClientMessageOf<'join'>): void {
    if (!this.#joining.take(peer, message)) return;
    peer.after(LIMITS.sessionMs, () => peer.hangUp('sessionOver'));
    peer.beat();
  }

  #login(peer: Peer, challenge: Challenge, value: ClientMessageOf<'login'>, plain: boolean): void {
    const accepted = challenge.accept(value, this.#ports.held(), this.#ports.size());
    if (!accepted.ok) {
      peer.refuse(value.id, accepted.code);
      return;
    }
    peer.session = accepted.value.session;
    peer.send({
      t: 'welcome',
      ref: value.id,
      body: {
        envelope: challenge.welcome(accepted.value.login),
        keyrings: newest(this.#ports.keyrings()),
        plain,
      },
    });
    peer.after(LIMITS.sessionMs, () => peer.hangUp('sessionOver'));
    peer.beat();
    this.#ports.entered(peer);
    if (peer.session.kind === 'reviewer') this.#joining.entered(peer);
  }

  #makeRoom(address: string): void {
    const crowded = (this.#waiting.get(address) ?? 0) >= LIMITS.maxUnauthenticatedPerAddress;
    const full = this.#peers.size >= LIMITS.maxUnauthenticated;
    if (!crowded && !full) return;
    const silent = [...this.#peers].find(([peer]) => full || peer.address === address);
    if (silent === undefined) return;
    const [peer, done] = silent;
    peer.hangUp('tooMany');
    // Its close comes later; its place is free now.
    done();
  }

  #count(address: string, by: 1 | -1): void {
    const left = (this.#waiting.get(address) ?? 0) + by;
    if (left > 0) this.#waiting.set(address, left);
    else this.#waiting.delete(address);
  }
}

/** Oldest first, ending with the one in force. */
function newest(keyrings: readonly string[]): string[] {
  const chosen: string[] = [];
  let length = 0;
  for (const envelope of keyrings.slice(-KEYRINGS_COUNT).toReversed()) {
    length += envelope.length;
    if (chosen.length > 0 && length > KEYRINGS_LENGTH) break;
    chosen.unshift(envelope);
  }
  return chosen;
}
