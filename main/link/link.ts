// The way to the broker that the app and the guard hold on to: it dials, logs in, comes back after every end by itself,
// and keeps calls until they are answered. The endpoint is read anew for each attempt, so a broker may move.

import type { AnyClientMessage, AnyServerMessage } from '../../shared/protocol/messages.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { encodeMessage } from '../../shared/protocol/decode.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { invariant } from '../../shared/result.ts';
import { toHex } from '../../shared/bytes.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { HeldKeyring } from '../trust/keyring.ts';
import { type Answered, type BodyOf, Calls, type CallType } from './calls.ts';
import { Connection, type Session } from './connection.ts';
import type { End, OfflineWhy } from './ends.ts';
import { brokerKey, type Endpoint, type Role, type StrangerCode } from './handshake.ts';
import type { Clock, Timers } from './ports.ts';
import { createReconnect, type Reconnect } from './reconnect.ts';

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
  ) => Promise<Answered<T>>;
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

export const openLink = (options: LinkOptions): Link => new BrokerLink(options);

class BrokerLink implements Link {
  readonly #options: LinkOptions;
  readonly #calls: Calls;
  readonly #reconnect: Reconnect;
  #state: LinkState = { kind: 'connecting' };
  #connection: Connection | undefined;
  #dialled: Endpoint | undefined;
  #onlineAt: number | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#calls = new Calls({
      timers: options.timers,
      random: options.random,
      write: (text) => this.#connection?.write(text) ?? false,
    });
    this.#reconnect = createReconnect({ ...options, attempt: () => void this.#attempt() });
    void this.#attempt();
  }

  send<T extends CallType>(
    type: T,
    body: BodyOf<T>,
    { id, signal }: { readonly id?: string; readonly signal?: AbortSignal } = {},
  ): Promise<Answered<T>> {
    return this.#calls.add(type, id ?? this.#newId(), body, signal);
  }

  tell<T extends 'follow' | 'got'>(type: T, body: BodyOf<T>): boolean {
    // The pair of type and body is checked by the signature above; the union does not show it.
    const message = { t: type, id: this.#newId(), body } as AnyClientMessage;
    return this.#connection?.write(encodeMessage(message)) ?? false;
  }

  state(): LinkState {
    return this.#state;
  }

  nudge(): void {
    if (this.#connection === undefined) return this.#reconnect.now();
    const key = this.#dialled && brokerKey(this.#options.keyring(), this.#dialled.brokerKeyId);
    if (key?.ok === false) this.#connection.end({ kind: 'stranger', because: key.code });
    else this.#connection.probe();
  }

  stop(): void {
    if (this.#state.kind === 'stopped') return;
    this.#move({ kind: 'stopped' });
    this.#reconnect.stop();
    this.#connection?.end({ kind: 'offline', why: 'cut' });
    this.#calls.end();
  }

  async #attempt(): Promise<void> {
    const endpoint = await this.#options.endpoint().catch(() => undefined);
    if (this.#state.kind === 'stopped') return;
    invariant(this.#connection === undefined, 'one connection at a time');
    if (endpoint === undefined) return this.#onEnd({ kind: 'offline', why: 'noEndpoint' });
    const opened = Connection.open({
      ...this.#options,
      endpoint,
      onOnline: (session) => this.#onOnline(session),
      onMessage: (message) => this.#onMessage(message),
      onDrained: () => this.#calls.flush(),
      onEnd: (end) => this.#onEnd(end),
    });
    if (!opened.ok) return this.#onEnd({ kind: 'offline', why: opened.code });
    this.#dialled = endpoint;
    this.#connection = opened.value;
  }

  #onOnline(session: Session): void {
    this.#onlineAt = this.#options.clock.monotonic();
    this.#move({ kind: 'online', session });
    this.#calls.flush();
  }

  #onMessage(message: AnyServerMessage): 'taken' | 'strange' {
    const how = this.#calls.answer(message);
    // An answer to a call that is settled already is a repeat; a refusal may be of what was told, and is passed on.
    const answers =
      message.t === 'ack' ||
      message.t === 'proof' ||
      message.t === 'part' ||
      message.t === 'included';
    if (how === 'stray' && !answers) this.#options.onMessage(message);
    return how === 'strange' ? 'strange' : 'taken';
  }

  #onEnd(end: End): void {
    const { clock } = this.#options;
    const lasted = this.#onlineAt === undefined ? 0 : clock.monotonic() - this.#onlineAt;
    this.#onlineAt = undefined;
    this.#connection = undefined;
    if (this.#state.kind === 'stopped') return;
    if (end.kind === 'refused' && end.code === 'badFrame') this.#calls.failPending('badFrame');
    this.#calls.cut();
    const since = 'since' in this.#state ? this.#state.since : clock.now();
    const atLeast = end.kind === 'refused' ? REFUSED_WAIT_MS : 0;
    this.#move({ ...end, since, nextTryAt: this.#reconnect.plan(lasted, atLeast) });
  }

  #move(next: LinkState): void {
    this.#state = next;
    this.#options.onState(next);
  }

  #newId(): string {
    return toHex(this.#options.random(16));
  }
}
