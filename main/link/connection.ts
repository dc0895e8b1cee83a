// One socket's life: dial, hello, login, welcome, messages, one end. Nothing but the login is written before the welcome
// has been verified, and not even that to a broker that the keyring does not hold. It ends exactly once, with a reason.

import { type RawData, WebSocket } from 'ws';
import { toHex } from '../../shared/bytes.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { decodeServerMessage, encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import { fail, type Result } from '../../shared/result.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair, PublicKey } from '../trust/ed25519.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { corkFor } from './cork.ts';
import { dialSocket, exporterOf, isLoopback, mayDial } from './dial-socket.ts';
import {
  BAD_BROKER,
  type End,
  endOfClose,
  endOfCode,
  endOfError,
  endOfStatus,
  NOT_A_BROKER,
} from './ends.ts';
import {
  checkHello,
  checkWelcome,
  type Endpoint,
  type Hello,
  type LoginStatement,
  type Role,
  signLogin,
} from './handshake.ts';
import { type KeepAlive, startKeepAlive } from './keep-alive.ts';
import type { Clock, Timers } from './ports.ts';

/** What the broker said at the start. Only `id` is proven; keyrings and checkpoint prove themselves or nothing. */
export type Session = {
  readonly id: string;
  readonly checkpoint: string;
  /** CJ-1 text of keyring envelopes, oldest first. */
  readonly keyrings: readonly string[];
  /** No TLS between the two: by what this end sees or by what the broker says. */
  readonly plain: boolean;
  /** Plain, and not on this machine alone: others on the network can read along, and a person is told so. */
  readonly exposed: boolean;
  readonly brokerVersion: string;
};

export type Dial = {
  readonly endpoint: Endpoint;
  readonly keyring: () => HeldKeyring;
  readonly role: Role;
  readonly sessionKey: KeyPair;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly onOnline: (session: Session) => void;
  /** After `onOnline` only. 'strange': it is no message at this point, and the connection ends. */
  readonly onMessage: (message: AnyServerMessage) => 'taken' | 'strange';
  readonly onDrained: () => void;
  /** Once, and never before `Connection.open` has returned. */
  readonly onEnd: (end: End) => void;
};

type AtWelcome = {
  readonly name: 'welcome';
  readonly hello: Hello;
  readonly login: LoginStatement;
  readonly key: PublicKey;
};
type Phase = { readonly name: 'hello' | 'online' | 'ended' } | AtWelcome;

/** Dial, TLS, upgrade and login together. */
const WELCOME_MS = 2 * LIMITS.loginMs;

export class Connection {
  readonly #dial: Dial;
  readonly #socket: WebSocket;
  readonly #keepAlive: KeepAlive;
  readonly #cancelTimeout: () => void;
  #phase: Phase = { name: 'hello' };
  #tlsExporter = 'none';
  #beforeWrite = (): void => {};

  /** 'badEndpoint': an address that is never dialled. */
  static open(dial: Dial): Result<Connection, 'badEndpoint'> {
    if (!mayDial(dial.endpoint)) return fail('badEndpoint');
    return { ok: true, value: new Connection(dial) };
  }

  private constructor(dial: Dial) {
    this.#dial = dial;
    this.#socket = dialSocket(dial.endpoint);
    this.#cancelTimeout = dial.timers.after(WELCOME_MS, () =>
      this.end({ kind: 'offline', why: 'timeout' }),
    );
    this.#keepAlive = startKeepAlive({
      clock: dial.clock,
      timers: dial.timers,
      ping: () => {
        if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
      },
      onDead: () => this.end({ kind: 'offline', why: 'dead' }),
    });
    this.#listen();
  }

  /** False when not logged in, or while more than 1 MiB waits in the socket: `onDrained` follows. */
  write(text: string): boolean {
    const socket = this.#socket;
    if (this.#phase.name !== 'online' || socket.readyState !== WebSocket.OPEN) return false;
    if (socket.bufferedAmount > LIMITS.pauseBufferedBytes) return false;
    this.#beforeWrite();
    socket.send(text, () => {
      if (this.#phase.name === 'online') this.#dial.onDrained();
    });
    return true;
  }

  /** Finds out now whether the other end is there. */
  probe(): void {
    if (this.#phase.name !== 'ended') this.#keepAlive.probe();
  }

  end(how: End): void {
    if (this.#phase.name === 'ended') return;
    this.#phase = { name: 'ended' };
    this.#cancelTimeout();
    this.#keepAlive.stop();
    // A polite close waits for its answer, one second at most; who is gone or strange gets none.
    const gone = how.kind === 'offline' && (how.why === 'dead' || how.why === 'timeout');
    if (gone || how.kind === 'stranger') this.#socket.terminate();
    else this.#socket.close(how === BAD_BROKER ? WIRE_CODES.badFrame.close : 1000);
    this.#dial.onEnd(how);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('upgrade', (response) => {
      this.#beforeWrite = corkFor(response.socket);
      this.#tlsExporter = exporterOf(response.socket);
    });
    socket.on('message', (frame, binary) => this.#onFrame(frame, binary));
    socket.on('ping', this.#keepAlive.heard);
    socket.on('pong', this.#keepAlive.heard);
    socket.on('unexpected-response', (_request, response) =>
      this.end(endOfStatus(response.statusCode)),
    );
    socket.on('error', (error) => this.end(endOfError(error, this.#phase.name !== 'hello')));
    socket.on('close', (code) => this.end(endOfClose(code)));
  }

  #onFrame(frame: RawData, binary: boolean): void {
    const phase = this.#phase;
    if (phase.name === 'ended') return;
    this.#keepAlive.heard();
    // ws gives text frames as Buffers too; `binaryType` is its default, so no other form arrives.
    const text = binary || !Buffer.isBuffer(frame) ? undefined : frame.toString('utf8');
    const message = text === undefined ? undefined : decodeServerMessage(text);
    if (!message?.ok) this.end(phase.name === 'hello' ? NOT_A_BROKER : BAD_BROKER);
    else if (phase.name === 'hello') this.#onHello(message.value);
    else if (phase.name === 'welcome') this.#onWelcome(message.value, phase);
    else this.#onMessage(message.value);
  }

  #onHello(message: AnyServerMessage): void {
    if (message.t === 'refused') return this.end(endOfCode(message.body.code));
    if (message.t !== 'hello') return this.end(NOT_A_BROKER);
    const { endpoint, keyring, clock, random } = this.#dial;
    const key = checkHello(message.body, endpoint, keyring());
    if (!key.ok) return this.end({ kind: 'stranger', because: key.code });
    const { login, envelope } = signLogin(message.body, {
      ...this.#dial,
      tlsExporter: this.#tlsExporter,
      nowMs: clock.now(),
    });
    this.#phase = { name: 'welcome', hello: message.body, login, key: key.value };
    this.#socket.send(encodeMessage({ t: 'login', id: toHex(random(16)), body: { envelope } }));
  }

  #onWelcome(message: AnyServerMessage, at: AtWelcome): void {
    if (message.t === 'refused') return this.end(endOfCode(message.body.code));
    if (message.t !== 'welcome') return this.end(NOT_A_BROKER);
    const id = checkWelcome(message.body.envelope, at.login, at.key);
    if (!id.ok) return this.end({ kind: 'stranger', because: id.code });
    this.#phase = { name: 'online' };
    this.#cancelTimeout();
    this.#dial.onOnline(this.#sessionOf(id.value, at.hello, message.body));
  }

  #sessionOf(id: string, hello: Hello, welcome: ServerMessageOf<'welcome'>['body']): Session {
    const plain = welcome.plain || this.#tlsExporter === 'none';
    return {
      id,
      checkpoint: hello.checkpoint,
      keyrings: welcome.keyrings,
      plain,
      exposed: plain && !isLoopback(this.#dial.endpoint.url),
      brokerVersion: hello.version,
    };
  }

  #onMessage(message: AnyServerMessage): void {
    const late = message.t === 'hello' || message.t === 'welcome';
    if (late || this.#dial.onMessage(message) === 'strange') this.end(BAD_BROKER);
  }
}
