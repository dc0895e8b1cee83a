// One socket's life: dial, hello, login, welcome, messages, one end. Nothing but the login is written before the welcome
// has been verified, and not even that to a broker that the keyring does not hold. It ends exactly once, with a reason.

import { TLSSocket } from 'node:tls';
import { type RawData, WebSocket } from 'ws';
import { toHex } from '../../shared/bytes.ts';
import { WIRE_CODES, type WireCode } from '../../shared/protocol/codes.ts';
import { decodeServerMessage, encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS, SUBPROTOCOL } from '../../shared/protocol/limits.ts';
import type { AnyServerMessage, ServerMessageOf } from '../../shared/protocol/messages.ts';
import { assertNever } from '../../shared/result.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair, PublicKey } from '../trust/ed25519.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import {
  checkHello,
  checkWelcome,
  type Endpoint,
  type Hello,
  type LoginStatement,
  mayDial,
  type Role,
  signLogin,
  type StrangerCode,
} from './handshake.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { Clock, Timers } from './ports.ts';

/** What the broker said at the start. Only `id` is proven; keyrings and checkpoint prove themselves or nothing. */
export type Session = {
  readonly id: string;
  readonly checkpoint: string;
  /** CJ-1 text of keyring envelopes, oldest first. */
  readonly keyrings: readonly string[];
  /** No TLS between the two. */
  readonly plain: boolean;
  readonly brokerVersion: string;
};

/**
 * `noEndpoint`: no broker has said where it is. `badEndpoint`: plain text to another machine, or no address.
 * `unreachable`: nobody listens. `timeout`: no welcome in time. `dead`: no sign for 35 s. `cut`: the connection ended.
 * `badBroker`: the broker sent what is not a message of the protocol.
 */
export type OfflineWhy =
  | 'noEndpoint'
  | 'badEndpoint'
  | 'unreachable'
  | 'timeout'
  | 'dead'
  | 'cut'
  | 'badBroker'
  | WireCode;

export type End =
  | { readonly kind: 'offline'; readonly why: OfflineWhy }
  | { readonly kind: 'stranger'; readonly because: StrangerCode }
  | { readonly kind: 'refused'; readonly code: WireCode };

export type Connection = {
  /** False when not logged in or while more than 1 MiB waits in the socket. */
  readonly write: (text: string) => boolean;
  /** Finds out now whether the other end is there. */
  readonly probe: () => void;
  readonly end: (end: End) => void;
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
  readonly onEnd: (end: End) => void;
};

type Phase =
  | { readonly name: 'hello' }
  | {
      readonly name: 'welcome';
      readonly hello: Hello;
      readonly login: LoginStatement;
      readonly key: PublicKey;
    }
  | { readonly name: 'online' }
  | { readonly name: 'ended' };

/** Dial, TLS, upgrade and login together. */
const WELCOME_MS = 2 * LIMITS.loginMs;
const BAD_FRAME: End = { kind: 'offline', why: 'badBroker' };

export function openConnection(dial: Dial): Connection {
  let phase: Phase = { name: 'hello' };
  let tlsExporter = 'none';
  const socket = mayDial(dial.endpoint.url) ? dialSocket(dial.endpoint.url) : undefined;

  const end = (how: End): void => {
    if (phase.name === 'ended') return;
    phase = { name: 'ended' };
    cancelTimeout();
    keepAlive.stop();
    // A polite close waits for its answer, one second at most; who is gone or strange gets none.
    if (how.kind === 'stranger' || (how.kind === 'offline' && how.why === 'dead'))
      socket?.terminate();
    else socket?.close(how === BAD_FRAME ? WIRE_CODES.badFrame.close : 1000);
    dial.onEnd(how);
  };

  const onHello = (message: AnyServerMessage): void => {
    if (message.t === 'refused') return end(endOfCode(message.body.code));
    if (message.t !== 'hello') return end({ kind: 'stranger', because: 'notABroker' });
    const key = checkHello(message.body, dial.endpoint, dial.keyring());
    if (!key.ok) return end({ kind: 'stranger', because: key.code });
    const { login, envelope } = signLogin(message.body, {
      ...dial,
      tlsExporter,
      nowMs: dial.clock.now(),
    });
    phase = { name: 'welcome', hello: message.body, login, key: key.value };
    const id = toHex(dial.random(16));
    socket?.send(encodeMessage({ t: 'login', id, body: { envelope } }));
  };

  const onWelcome = (message: AnyServerMessage, at: Phase & { name: 'welcome' }): void => {
    if (message.t === 'refused') return end(endOfCode(message.body.code));
    if (message.t !== 'welcome') return end({ kind: 'stranger', because: 'notABroker' });
    const id = checkWelcome(message.body.envelope, at.login, at.key);
    if (!id.ok) return end({ kind: 'stranger', because: 'badWelcome' });
    phase = { name: 'online' };
    cancelTimeout();
    dial.onOnline(sessionOf(id.value, at.hello, message.body));
  };

  const onFrame = (frame: RawData, binary: boolean): void => {
    if (phase.name === 'ended') return;
    keepAlive.heard();
    // ws gives text frames as Buffers too; `binaryType` is its default, so no other form arrives.
    const message = binary ? undefined : decodeServerMessage(String(frame));
    if (message === undefined || !message.ok) {
      return end(phase.name === 'hello' ? { kind: 'stranger', because: 'notABroker' } : BAD_FRAME);
    }
    if (phase.name === 'hello') return onHello(message.value);
    if (phase.name === 'welcome') return onWelcome(message.value, phase);
    const t = message.value.t;
    if (t === 'hello' || t === 'welcome' || dial.onMessage(message.value) === 'strange') {
      end(BAD_FRAME);
    }
  };

  const cancelTimeout = dial.timers.after(WELCOME_MS, () =>
    end({ kind: 'offline', why: 'timeout' }),
  );
  const keepAlive = startKeepAlive({
    clock: dial.clock,
    timers: dial.timers,
    ping: () => {
      if (socket?.readyState === WebSocket.OPEN) socket.ping();
    },
    onDead: () => end({ kind: 'offline', why: 'dead' }),
  });

  if (socket === undefined) {
    // As every other end it comes after the caller holds the connection.
    queueMicrotask(() => end({ kind: 'offline', why: 'badEndpoint' }));
  }
  socket?.on('upgrade', (response) => {
    tlsExporter = exporterOf(response.socket);
  });
  socket?.on('message', onFrame);
  socket?.on('ping', keepAlive.heard);
  socket?.on('pong', keepAlive.heard);
  socket?.on('unexpected-response', (_request, response) => end(endOfStatus(response.statusCode)));
  socket?.on('error', (error) => end(endOfError(error, phase)));
  socket?.on('close', (code) => end(endOfClose(code)));

  return {
    write: (text) => {
      if (phase.name !== 'online' || socket?.readyState !== WebSocket.OPEN) return false;
      if (socket.bufferedAmount > LIMITS.pauseBufferedBytes) return false;
      socket.send(text, () => {
        if (phase.name === 'online') dial.onDrained();
      });
      return true;
    },
    probe: () => {
      if (phase.name !== 'ended') keepAlive.probe();
    },
    end,
  };
}

function dialSocket(url: string): WebSocket {
  // Not a literal argument: ws 8.23 knows `closeTimeout`, its types do not.
  const options = {
    perMessageDeflate: false,
    maxPayload: LIMITS.maxFrameBytes,
    maxFragments: LIMITS.maxFragments,
    maxBufferedChunks: LIMITS.maxBufferedChunks,
    followRedirects: false,
    closeTimeout: 1_000,
  };
  return new WebSocket(url, SUBPROTOCOL, options);
}

const sessionOf = (
  id: string,
  hello: Hello,
  welcome: ServerMessageOf<'welcome'>['body'],
): Session => ({
  id,
  checkpoint: hello.checkpoint,
  keyrings: welcome.keyrings,
  plain: welcome.plain,
  brokerVersion: hello.version,
});

/** RFC 9266, `tls-exporter`: 32 bytes, empty context. */
function exporterOf(socket: unknown): string {
  if (!(socket instanceof TLSSocket)) return 'none';
  return toHex(socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)));
}

function endOfCode(code: WireCode): End {
  return WIRE_CODES[code].retry ? { kind: 'offline', why: code } : { kind: 'refused', code };
}

function endOfClose(code: number): End {
  const codes = Object.keys(WIRE_CODES) as WireCode[];
  const said = codes.find((name) => closeCodeOf(name) === code);
  return said === undefined ? { kind: 'offline', why: 'cut' } : endOfCode(said);
}

function closeCodeOf(name: WireCode): number | undefined {
  const row = WIRE_CODES[name];
  return 'close' in row ? row.close : undefined;
}

/** An HTTP answer instead of an upgrade: overload passes; anything else is not our broker. */
const endOfStatus = (status: number | undefined): End =>
  status === 503 || status === 429
    ? { kind: 'offline', why: 'tooMany' }
    : { kind: 'stranger', because: 'notABroker' };

function endOfError(error: Error, phase: Phase): End {
  switch (phase.name) {
    case 'hello':
      // The system's own errors name the call that failed. Anything else is an answer that is no WebSocket of ours.
      return 'syscall' in error
        ? { kind: 'offline', why: 'unreachable' }
        : { kind: 'stranger', because: 'notABroker' };
    case 'welcome':
    case 'online':
    case 'ended':
      return 'syscall' in error ? { kind: 'offline', why: 'cut' } : BAD_FRAME;
    default:
      return assertNever(phase);
  }
}
