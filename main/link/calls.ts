// Calls that must arrive: each settles exactly once, by the broker's answer to its id. Until then it is written again,
// the same text with the same id, on every new connection (the broker answers a repeat from its record). `busy` puts a
// call off for as long as the broker says. At most 64 are in flight, and none is written into a socket that is full.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import {
  type AnyServerMessage,
  CLIENT_MESSAGES,
  type ClientMessageOf,
  type ServerMessageOf,
} from '../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { Timers } from './ports.ts';
import { fractionOf } from './reconnect.ts';

export type CallType = Exclude<keyof typeof CLIENT_MESSAGES, 'login' | 'follow' | 'got'>;
export type BodyOf<T extends keyof typeof CLIENT_MESSAGES> = ClientMessageOf<T>['body'];
type AnswerType<T extends CallType> = T extends 'prove'
  ? 'proof'
  : T extends 'fetch'
    ? 'part'
    : 'ack';
export type AnswerOf<T extends CallType> = ServerMessageOf<AnswerType<T>>['body'];
/** `closed`: the link was stopped, or the caller gave up, before an answer came; the broker may have acted or not. */
export type CallCode = WireCode | 'closed';

type AnswerBody = AnswerOf<CallType>;
type Settled = Result<AnswerBody, CallCode>;
type Call = {
  readonly id: string;
  readonly text: string;
  readonly answeredBy: 'ack' | 'proof' | 'part';
  readonly promise: Promise<Settled>;
  readonly settle: (how: Settled) => void;
  /** `outgoing`: not yet on this connection. `pending`: written. `putOff`: the broker was busy. */
  where: 'outgoing' | 'pending' | 'putOff';
  /** Undoes what waits on this call: its timer, its caller's signal. */
  release: () => void;
};

const MAX_IN_FLIGHT = 64;
const BUSY_DEFAULT_MS = 1_000;

export type Calls = {
  readonly add: <T extends CallType>(
    type: T,
    id: string,
    body: BodyOf<T>,
    signal?: AbortSignal,
  ) => Promise<Result<AnswerOf<T>, CallCode>>;
  /** `strange`: an answer of another kind than the call's. `stray`: the answer to no open call. */
  readonly answer: (message: AnyServerMessage) => 'settled' | 'stray' | 'strange';
  /** Writes what may be written: after the welcome, and each time the socket has drained. */
  readonly flush: () => void;
  /** The connection is gone: what was written counts as unwritten. */
  readonly cut: () => void;
  /** Settles what was written on this connection: the broker took one of them for no message at all. */
  readonly failPending: (code: CallCode) => void;
  readonly end: () => void;
};

export function createCalls(by: {
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** False: not now, `flush` will be called. */
  readonly write: (text: string) => boolean;
}): Calls {
  const open = new Map<string, Call>();
  let ended = false;

  const settle = (call: Call, how: Settled): void => {
    if (!open.delete(call.id)) return;
    call.release();
    call.settle(how);
  };
  const flush = (): void => {
    let inFlight = 0;
    for (const call of open.values()) if (call.where === 'pending') inFlight++;
    for (const call of open.values()) {
      if (inFlight >= MAX_IN_FLIGHT) return;
      if (call.where !== 'outgoing') continue;
      if (!by.write(call.text)) return;
      call.where = 'pending';
      inFlight++;
    }
  };
  const putOff = (call: Call, retryAfterMs: number | undefined): void => {
    call.where = 'putOff';
    const wait = Math.min(retryAfterMs ?? BUSY_DEFAULT_MS, LIMITS.reconnectMaxMs);
    // Spread: those that were refused together do not come back together.
    const release = call.release;
    const cancel = by.timers.after(Math.ceil(wait * (1 + fractionOf(by.random) / 2)), () => {
      call.where = 'outgoing';
      call.release = release;
      flush();
    });
    call.release = () => {
      cancel();
      release();
    };
  };

  const add = async (
    type: CallType,
    id: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<Settled> => {
    if (ended || signal?.aborted === true) return fail('closed');
    const message = CLIENT_MESSAGES[type].safeParse({ t: type, id, body });
    // Never written: one bad message would end the connection of all the others.
    if (!message.success) return fail('badFrame', message.error.issues[0]?.message);
    const text = encodeMessage(message.data);
    if (Buffer.byteLength(text) > LIMITS.maxFrameBytes) return fail('tooLarge');
    const same = open.get(id);
    if (same !== undefined) return same.text === text ? same.promise : fail('duplicate');
    const { promise, resolve } = Promise.withResolvers<Settled>();
    const call: Call = {
      id,
      text,
      answeredBy: type === 'prove' ? 'proof' : type === 'fetch' ? 'part' : 'ack',
      promise,
      settle: resolve,
      where: 'outgoing',
      release: () => signal?.removeEventListener('abort', giveUp),
    };
    const giveUp = (): void => settle(call, fail('closed'));
    signal?.addEventListener('abort', giveUp);
    open.set(id, call);
    flush();
    return promise;
  };

  return {
    // The answer's type is checked against the call's in `answer`, before it settles.
    add: add as Calls['add'],
    answer: (message) => {
      const call = message.ref === undefined ? undefined : open.get(message.ref);
      if (call === undefined || call.where !== 'pending') return 'stray';
      if (message.t === 'refused') {
        if (message.body.code === 'busy') putOff(call, message.body.retryAfterMs);
        else settle(call, fail(message.body.code));
      } else if (message.t === call.answeredBy) {
        // `answeredBy` is one of the three kinds whose body is an answer.
        settle(call, ok(message.body as AnswerBody));
      } else {
        return 'strange';
      }
      flush();
      return 'settled';
    },
    flush,
    cut: () => {
      for (const call of open.values()) if (call.where === 'pending') call.where = 'outgoing';
    },
    failPending: (code) => {
      for (const call of [...open.values()]) {
        if (call.where === 'pending') settle(call, fail(code));
      }
    },
    end: () => {
      ended = true;
      for (const call of [...open.values()]) settle(call, fail('closed'));
    },
  };
}
