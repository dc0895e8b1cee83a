// The way to the broker that the app and the guard hold on to: it dials, logs in, comes back after every end by itself,
// and keeps calls until they are answered. The endpoint is read anew for each attempt, so a broker may move.

import type { AnyServerMessage } from '../../shared/protocol/messages.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { invariant, type Result } from '../../shared/result.ts';
import { toHex } from '../../shared/bytes.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import {
  type AnswerOf,
  type BodyOf,
  type CallCode,
  type Calls,
  type CallType,
  createCalls,
} from './calls.ts';
import {
  type Connection,
  type End,
  type OfflineWhy,
  openConnection,
  type Session,
} from './connection.ts';
import { brokerKey, type Endpoint, type Role, type StrangerCode } from './handshake.ts';
import type { Clock, Timers } from './ports.ts';
import { createReconnect } from './reconnect.ts';

/** Times are wall-clock ms. All but `stopped` go on by themselves; `refused` tries again only every 30 s or at `nudge`. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online'; readonly session: Session }
  | {
      readonly kind: 'offline';
      readonly why: OfflineWhy;
      readonly since: number;
      readonly nextTryAt: number;
    }
  | {
      readonly kind: 'stranger';
      readonly because: StrangerCode;
      readonly since: number;
      readonly nextTryAt: number;
    }
  | {
      readonly kind: 'refused';
      readonly code: WireCode;
      readonly since: number;
      readonly nextTryAt: number;
    }
  | { readonly kind: 'stopped' };

export type LinkOptions = {
  readonly role: Role;
  readonly sessionKey: KeyPair;
  /** Where the broker is now; undefined while nobody has said. A rejection counts as undefined. */
  readonly endpoint: () => Promise<Endpoint | undefined>;
  /** The keyring in force now. */
  readonly keyring: () => HeldKeyring;
  /** One line, at most 60 characters: goes into the login. */
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** What the broker sends of its own accord, and refusals of `tell`; answers to `send` do not come here. */
  readonly onMessage: (message: AnyServerMessage) => void;
  readonly onState: (state: LinkState) => void;
};

export type Link = {
  /** Keeps on until answered, over any number of connections. The same `id` again is the same call. */
  readonly send: <T extends CallType>(
    type: T,
    body: BodyOf<T>,
    options?: { readonly id?: string; readonly signal?: AbortSignal },
  ) => Promise<Result<AnswerOf<T>, CallCode>>;
  /** Once, on this connection only, without an answer; false where there is none or it is full. */
  readonly tell: <T extends 'follow' | 'got'>(type: T, body: BodyOf<T>) => boolean;
  readonly state: () => LinkState;
  /** Try now: the machine woke up, the network or the keyring changed. */
  readonly nudge: () => void;
  /** Idempotent. Open calls settle as 'closed'. */
  readonly stop: () => void;
};

/** A broker that refused this key: the keyring may change, but not in seconds. */
const REFUSED_WAIT_MS = LIMITS.reconnectMaxMs;

export function openLink(options: LinkOptions): Link {
  const { clock, timers, random } = options;
  let state: LinkState = { kind: 'connecting' };
  let connection: Connection | undefined;
  let dialled: Endpoint | undefined;
  let onlineAt: number | undefined;

  const move = (next: LinkState): void => {
    state = next;
    options.onState(next);
  };
  const calls: Calls = createCalls({
    timers,
    random,
    write: (text) => connection?.write(text) ?? false,
  });
  const onEnd = (end: End): void => {
    const lasted = onlineAt === undefined ? 0 : clock.monotonic() - onlineAt;
    onlineAt = undefined;
    connection = undefined;
    if (state.kind === 'stopped') return;
    if (end.kind === 'refused' && end.code === 'badFrame') calls.failPending('badFrame');
    calls.cut();
    const since = 'since' in state ? state.since : clock.now();
    const atLeast = end.kind === 'refused' ? REFUSED_WAIT_MS : 0;
    move({ ...end, since, nextTryAt: reconnect.plan(lasted, atLeast) });
  };
  const onMessage = (message: AnyServerMessage): 'taken' | 'strange' => {
    const how = calls.answer(message);
    // An answer to a call that is settled already is a repeat; a refusal may be of what was told, and is passed on.
    const answers = message.t === 'ack' || message.t === 'proof' || message.t === 'part';
    if (how === 'stray' && !answers) options.onMessage(message);
    return how === 'strange' ? 'strange' : 'taken';
  };
  const dial = (endpoint: Endpoint): void => {
    dialled = endpoint;
    connection = openConnection({
      ...options,
      endpoint,
      onOnline: (session) => {
        onlineAt = clock.monotonic();
        move({ kind: 'online', session });
        calls.flush();
      },
      onMessage,
      onDrained: calls.flush,
      onEnd,
    });
  };
  const attempt = async (): Promise<void> => {
    const endpoint = await options.endpoint().catch(() => undefined);
    if (state.kind === 'stopped') return;
    invariant(connection === undefined, 'one connection at a time');
    if (endpoint === undefined) onEnd({ kind: 'offline', why: 'noEndpoint' });
    else dial(endpoint);
  };
  const reconnect = createReconnect({ clock, timers, random, attempt: () => void attempt() });

  void attempt();
  return {
    send: (type, body, { id, signal } = {}) =>
      calls.add(type, id ?? toHex(random(16)), body, signal),
    tell: (type, body) => {
      // The pair of type and body is checked by the signature above; the union does not show it.
      const message = { t: type, id: toHex(random(16)), body } as Parameters<
        typeof encodeMessage
      >[0];
      return connection?.write(encodeMessage(message)) ?? false;
    },
    state: () => state,
    nudge: () => {
      if (connection === undefined) return reconnect.now();
      const key = dialled && brokerKey(options.keyring(), dialled.brokerKeyId);
      if (key?.ok === false) connection.end({ kind: 'stranger', because: key.code });
      else connection.probe();
    },
    stop: () => {
      if (state.kind === 'stopped') return;
      move({ kind: 'stopped' });
      reconnect.stop();
      connection?.end({ kind: 'offline', why: 'cut' });
      calls.end();
    },
  };
}
