// One connection: what can be sent on it, whether it still lives, and how it ends. It knows no rule of the broker.
// A peer that does not read is paused, then closed; it never slows another (security note 4.4).

import type { WebSocket } from 'ws';
import { WIRE_CODES, type WireCode } from '../../shared/protocol/codes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import type { KeyHit } from '../trust/keyring.ts';
import { writingOf } from './channel.ts';
import type { Clock, Timers } from './ports.ts';

/** Who is at the other end, by the keyring in force. */
export type Session = KeyHit & { readonly kind: 'reviewer' | 'guard' };

/** After a close frame the other side has this long to answer it; real time, so that a test's clock can't hold a socket. */
const CLOSE_MS = 500;

export class Peer {
  readonly address: string;
  session: Session | undefined;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #beforeWrite: () => void;
  readonly #cancels = new Set<() => void>();
  #heard: number;
  #open = true;

  constructor(socket: WebSocket, address: string, clock: Clock, timers: Timers) {
    this.#socket = socket;
    this.address = address;
    this.#clock = clock;
    this.#timers = timers;
    this.#heard = clock.monotonic();
    this.#beforeWrite = writingOf(socket);
    socket.on('pong', () => this.heard());
    socket.on('ping', () => this.heard());
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Bytes that the system has not taken yet. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** `sent` is called once the system has taken it. */
  send(message: AnyServerMessage, sent?: () => void): void {
    if (!this.#open) return;
    this.#beforeWrite();
    this.#socket.send(encodeMessage(message), () => sent?.());
    if (this.buffered > LIMITS.closeBufferedBytes) this.hangUp('stalled');
  }

  ack(ref: string, index: number | undefined): void {
    this.send({ t: 'ack', ref, body: index === undefined ? {} : { index } });
  }

  /** Says no to a message, and hangs up where the code says so. */
  refuse(ref: string, code: WireCode, retryAfterMs?: number): void {
    const body = retryAfterMs === undefined ? { code } : { code, retryAfterMs };
    this.send({ t: 'refused', ref, body });
    if ('close' in WIRE_CODES[code]) this.hangUp(code);
  }

  hangUp(code: WireCode): void {
    if (!this.#open) return;
    this.#end();
    const row = WIRE_CODES[code];
    this.#socket.close('close' in row ? row.close : 1011, code);
    setTimeout(() => this.#socket.terminate(), CLOSE_MS).unref();
  }

  /** The socket is gone. */
  closed(): void {
    this.#end();
  }

  /** Anything arrived. */
  heard(): void {
    this.#heard = this.#clock.monotonic();
  }

  /** Pings, and drops a connection that has been silent for too long: a half-open one answers nothing. */
  beat(): void {
    this.after(LIMITS.pingMs, () => {
      if (this.#clock.monotonic() - this.#heard >= LIMITS.deadMs) {
        this.#socket.terminate();
        return;
      }
      this.#socket.ping();
      this.beat();
    });
  }

  /** As `Timers.after`, until the connection ends. */
  after(ms: number, run: () => void): () => void {
    const cancel = this.#timers.after(ms, () => {
      this.#cancels.delete(stop);
      if (this.#open) run();
    });
    const stop = (): void => {
      this.#cancels.delete(stop);
      cancel();
    };
    this.#cancels.add(stop);
    return stop;
  }

  #end(): void {
    this.#open = false;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
