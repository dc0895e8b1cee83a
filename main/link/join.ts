// A stranger's way in: dial, hello, one `join`, then wait until the keyring names its keys. It comes back by itself for as
// long as it is wanted, with the same join. What the broker sends in the end is only handed on: nothing of it is believed.

import type { WebSocket } from 'ws';
import { toHex } from '../../shared/bytes.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { decodeServerMessage, encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { RandomBytes } from '../trust/digest.ts';
import { type Address, dialSocket, exporterOf, isLoopback, mayDial } from './dial-socket.ts';
import { type End, endOfClose, endOfCode, endOfError, endOfStatus, NOT_A_BROKER } from './ends.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { Clock, Timers } from './ports.ts';
import { createReconnect } from './reconnect.ts';

/** `waiting`: the broker keeps the join and shows it to administrators. */
export type JoinState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'waiting'; readonly exposed: boolean }
  | { readonly kind: 'offline'; readonly why: string; readonly nextTryAt: number };

export type Answered = {
  /** Envelopes, oldest first, unchecked. */
  readonly keyrings: readonly string[];
  readonly broker: { readonly keyId: string; readonly origin: string };
  readonly exposed: boolean;
};

/** `badEndpoint`: an address that is never dialled. `stranger`: no broker answers there, or its certificate is nobody's. */
export type JoinCode = 'badEndpoint' | 'stranger' | 'stopped' | WireCode;

export type JoinOptions = {
  readonly address: Address;
  /** Text of the join's envelope. */
  readonly envelope: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly onState: (state: JoinState) => void;
  readonly signal: AbortSignal;
};

const ANSWER_MS = 2 * LIMITS.loginMs;

export function askToJoin(options: JoinOptions): Promise<Result<Answered, JoinCode>> {
  const { address, clock, timers, random, onState, signal } = options;
  if (!mayDial(address)) return Promise.resolve(fail('badEndpoint'));
  const { promise, resolve } = Promise.withResolvers<Result<Answered, JoinCode>>();
  let visit: Visit | undefined;
  const settle = (how: Result<Answered, JoinCode>): void => {
    reconnect.stop();
    signal.removeEventListener('abort', stop);
    visit?.close();
    resolve(how);
  };
  const stop = (): void => settle(fail('stopped'));
  const attempt = (): void => {
    const began = clock.monotonic();
    onState({ kind: 'connecting' });
    visit = new Visit(options, {
      waiting: (exposed) => onState({ kind: 'waiting', exposed }),
      answered: (answer) => settle(ok(answer)),
      ended: (end) => {
        if (end.kind === 'stranger') return settle(fail('stranger'));
        if (end.kind === 'refused') return settle(fail(end.code));
        const nextTryAt = reconnect.plan(clock.monotonic() - began, 0);
        onState({ kind: 'offline', why: end.why, nextTryAt });
      },
    });
  };
  const reconnect = createReconnect({ clock, timers, random, attempt });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  else attempt();
  return promise;
}

type Hears = {
  readonly waiting: (exposed: boolean) => void;
  readonly answered: (answer: Answered) => void;
  readonly ended: (end: End) => void;
};

/** One connection. It tells one of `answered` and `ended`, once. */
class Visit {
  readonly #options: JoinOptions;
  readonly #hears: Hears;
  readonly #socket: WebSocket;
  readonly #stops: (() => void)[];
  #broker: Answered['broker'] | undefined;
  #kept = false;
  #exposed = false;
  #over = false;

  constructor(options: JoinOptions, hears: Hears) {
    this.#options = options;
    this.#hears = hears;
    this.#socket = dialSocket(options.address);
    const { clock, timers } = options;
    const ping = (): void => {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
    };
    const onDead = (): void => this.#end({ kind: 'offline', why: 'dead' });
    const keepAlive = startKeepAlive({ clock, timers, ping, onDead });
    const late = timers.after(ANSWER_MS, () => {
      if (!this.#kept) this.#end({ kind: 'offline', why: 'timeout' });
    });
    this.#stops = [keepAlive.stop, late];
    this.#listen(keepAlive.heard);
  }

  close(): void {
    this.#over = true;
    for (const stop of this.#stops) stop();
    this.#socket.close(1000);
  }

  #listen(heard: () => void): void {
    const socket = this.#socket;
    socket.on('upgrade', (response) => {
      const plain = exporterOf(response.socket) === 'none';
      this.#exposed = plain && !isLoopback(this.#options.address.url);
    });
    socket.on('message', (frame, binary) => {
      heard();
      // ws gives text frames as Buffers too; `binaryType` is its default, so no other form arrives.
      const text = binary || !Buffer.isBuffer(frame) ? undefined : frame.toString('utf8');
      const message = text === undefined ? undefined : decodeServerMessage(text);
      if (message?.ok === true) this.#take(message.value);
      else this.#end(NOT_A_BROKER);
    });
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('unexpected-response', (_request, response) =>
      this.#end(endOfStatus(response.statusCode)),
    );
    socket.on('error', (error) => this.#end(endOfError(error, this.#broker !== undefined)));
    socket.on('close', (code) => this.#end(endOfClose(code)));
  }

  #take(message: AnyServerMessage): void {
    if (this.#over) return;
    if (message.t === 'hello' && this.#broker === undefined) {
      this.#broker = { keyId: message.body.brokerKeyId, origin: message.body.brokerOrigin };
      const { envelope, random } = this.#options;
      this.#socket.send(encodeMessage({ t: 'join', id: toHex(random(16)), body: { envelope } }));
    } else if (message.t === 'ack' && this.#broker !== undefined) {
      this.#kept = true;
      this.#hears.waiting(this.#exposed);
    } else if (message.t === 'enrolled' && this.#broker !== undefined) {
      const { keyrings } = message.body;
      this.close();
      this.#hears.answered({ keyrings, broker: this.#broker, exposed: this.#exposed });
    } else if (message.t === 'refused') this.#end(endOfCode(message.body.code));
    else this.#end(NOT_A_BROKER);
  }

  #end(end: End): void {
    if (this.#over) return;
    this.close();
    this.#hears.ended(end);
  }
}
