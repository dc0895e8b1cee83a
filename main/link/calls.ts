// Calls that must arrive: each settles exactly once, by the broker's answer to its id. Until then it is written again,
// the same text with the same id, on every new connection (the broker answers a repeat from its record). `busy` puts a
// call off for as long as the broker says. At most 64 are in flight, and none is written into a socket that is full.

import { utf8 } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import {
  type AnyServerMessage,
  CLIENT_MESSAGES,
  type ClientMessageOf,
  type ServerMessageOf,
} from '../../shared/protocol/messages.ts';
import { type Failure, fail, type Ok, ok } from '../../shared/result.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { Timers } from './ports.ts';
import { fractionOf } from './reconnect.ts';

export type CallType = Exclude<keyof typeof CLIENT_MESSAGES, 'login' | 'follow' | 'got'>;
export type BodyOf<T extends keyof typeof CLIENT_MESSAGES> = ClientMessageOf<T>['body'];
type AnswerType<T extends CallType> = T extends 'prove'
  ? 'proof'
  : T extends 'fetch'
    ? 'part'
    : T extends 'include'
      ? 'included'
      : T extends 'policy'
        ? 'policyBytes'
        : T extends 'grants'
          ? 'granted'
          : 'ack';
export type AnswerOf<T extends CallType> = ServerMessageOf<AnswerType<T>>['body'];
/** `closed`: the link was stopped, or the caller gave up, before an answer came; the broker may have acted or not. */
export type CallCode = WireCode | 'closed';

/** `retryAfterMs`: before then the broker would say the same. */
export type CallFailure = Failure<CallCode> & { readonly retryAfterMs?: number };
export type Answered<T extends CallType> = Ok<AnswerOf<T>> | CallFailure;

type AnswerBody = AnswerOf<CallType>;
type Settled = Ok<AnswerBody> | CallFailure;
type Call = {
  readonly id: string;
  readonly text: string;
  readonly answeredBy: AnswerType<CallType>;
  readonly promise: Promise<Settled>;
  readonly settle: (how: Settled) => void;
  /** `outgoing`: not yet on this connection. `pending`: written. `putOff`: the broker was busy. */
  where: 'outgoing' | 'pending' | 'putOff';
  /** Undoes what waits on this call: its timer, its caller's signal. */
  release: () => void;
};

const ANSWERS: Partial<Record<CallType, AnswerType<CallType>>> = {
  prove: 'proof',
  fetch: 'part',
  include: 'included',
  grants: 'granted',
  policy: 'policyBytes',
};
const MAX_IN_FLIGHT = 64;
const BUSY_DEFAULT_MS = 1_000;

export type CallsPorts = {
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** False: not now, `flush` will be called. */
  readonly write: (text: string) => boolean;
};

export class Calls {
  readonly #ports: CallsPorts;
  readonly #open = new Map<string, Call>();
  #ended = false;

  constructor(ports: CallsPorts) {
    this.#ports = ports;
  }

  async add<T extends CallType>(
    type: T,
    id: string,
    body: BodyOf<T>,
    signal?: AbortSignal,
  ): Promise<Answered<T>> {
    if (this.#ended || signal?.aborted === true) return fail('closed');
    const message = CLIENT_MESSAGES[type].safeParse({ t: type, id, body });
    // Never written: one bad message would end the connection of all the others.
    if (!message.success) return fail('badFrame', message.error.issues[0]?.message);
    const text = encodeMessage(message.data);
    if (utf8(text).length > LIMITS.maxFrameBytes) return fail('tooLarge');
    const same = this.#open.get(id);
    if (same !== undefined && same.text !== text) return fail('duplicate');
    const call = same ?? this.#begin(type, id, text, signal);
    // The answer's kind is compared with the call's in `answer`, before it settles.
    return call.promise as Promise<Answered<T>>;
  }

  /** `strange`: an answer of another kind than the call's. `stray`: the answer to no call in flight. */
  answer(message: AnyServerMessage): 'settled' | 'stray' | 'strange' {
    const call = message.ref === undefined ? undefined : this.#open.get(message.ref);
    if (call === undefined || call.where !== 'pending') return 'stray';
    if (message.t === 'refused') {
      const { code, retryAfterMs } = message.body;
      if (code === 'busy') this.#putOff(call, retryAfterMs);
      else
        this.#settle(call, {
          ...fail(code),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        });
    } else if (message.t === call.answeredBy) {
      // `answeredBy` is one of the kinds whose body is an answer.
      this.#settle(call, ok(message.body as AnswerBody));
    } else {
      return 'strange';
    }
    this.flush();
    return 'settled';
  }

  /** Writes what may be written: after the welcome, and each time the socket has drained. */
  flush(): void {
    let inFlight = 0;
    for (const call of this.#open.values()) if (call.where === 'pending') inFlight++;
    for (const call of this.#open.values()) {
      if (inFlight >= MAX_IN_FLIGHT) return;
      if (call.where !== 'outgoing') continue;
      if (!this.#ports.write(call.text)) return;
      call.where = 'pending';
      inFlight++;
    }
  }

  /** The connection is gone: what was written counts as unwritten. */
  cut(): void {
    for (const call of this.#open.values()) if (call.where === 'pending') call.where = 'outgoing';
  }

  /** Settles what was written on this connection: the broker took one of them for no message at all. */
  failPending(code: CallCode): void {
    for (const call of this.#open.values()) {
      if (call.where === 'pending') this.#settle(call, fail(code));
    }
  }

  end(): void {
    this.#ended = true;
    for (const call of this.#open.values()) this.#settle(call, fail('closed'));
  }

  #begin(type: CallType, id: string, text: string, signal: AbortSignal | undefined): Call {
    const { promise, resolve } = Promise.withResolvers<Settled>();
    const giveUp = (): void => this.#settle(call, fail('closed'));
    const call: Call = {
      id,
      text,
      answeredBy: ANSWERS[type] ?? 'ack',
      promise,
      settle: resolve,
      where: 'outgoing',
      release: () => signal?.removeEventListener('abort', giveUp),
    };
    signal?.addEventListener('abort', giveUp);
    this.#open.set(id, call);
    this.flush();
    return call;
  }

  #settle(call: Call, how: Settled): void {
    if (!this.#open.delete(call.id)) return;
    call.release();
    call.settle(how);
  }

  #putOff(call: Call, retryAfterMs: number | undefined): void {
    const { timers, random } = this.#ports;
    const wait = Math.min(retryAfterMs ?? BUSY_DEFAULT_MS, LIMITS.reconnectMaxMs);
    const { release } = call;
    // Spread: those that were refused together do not come back together.
    const cancel = timers.after(Math.ceil(wait * (1 + fractionOf(random) / 2)), () => {
      call.where = 'outgoing';
      call.release = release;
      this.flush();
    });
    call.where = 'putOff';
    call.release = () => {
      cancel();
      release();
    };
  }
}
