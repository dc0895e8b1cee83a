// A small raw client of the wire: it says what it is told to, keeps what it hears, and knows nothing of resuming. A
// wait that nothing answers fails by itself, in real time.

import { WebSocket } from 'ws';
import { fromUtf8, toHex } from '../../shared/bytes.ts';
import { decodeServerMessage } from '../../shared/protocol/decode.ts';
import { SUBPROTOCOL } from '../../shared/protocol/limits.ts';
import type {
  AnyClientMessage,
  AnyServerMessage,
  ServerMessageOf,
} from '../../shared/protocol/messages.ts';
import { invariant } from '../../shared/result.ts';
import type { Login } from '../../shared/statement/login.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { seal } from '../../main/trust/envelope.ts';

type Type = AnyServerMessage['t'];
type Body<T extends AnyClientMessage['t']> = Extract<AnyClientMessage, { t: T }>['body'];
const WAIT_MS = 5_000;

export const messageId = (): string => toHex(systemRandom(16));

export class WireClient {
  readonly socket: WebSocket;
  readonly heard: AnyServerMessage[] = [];
  /** Close code and reason, once the connection has ended. */
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #waiting = new Set<() => void>();

  constructor(
    url: string,
    options: {
      readonly headers?: Record<string, string>;
      readonly protocol?: string;
      readonly tls?: { readonly ca: string; readonly servername: string };
    } = {},
  ) {
    this.socket = new WebSocket(url, options.protocol ?? SUBPROTOCOL, {
      perMessageDeflate: false,
      headers: options.headers ?? {},
      ...options.tls,
    });
    this.socket.on('message', (bytes: Buffer) => {
      const message = decodeServerMessage(bytes.toString('utf8'));
      invariant(
        message.ok,
        `the broker speaks the protocol: ${bytes.toString('utf8').slice(0, 200)}`,
      );
      this.heard.push(message.value);
      for (const check of this.#waiting) check();
    });
    this.socket.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** The first message that fits, heard already or still to come. */
  async wait<T extends Type>(
    t: T,
    fits: (message: ServerMessageOf<T>) => boolean = () => true,
  ): Promise<ServerMessageOf<T>> {
    const find = (): ServerMessageOf<T> | undefined =>
      // `t` is the literal that names T.
      this.heard.find((one) => one.t === t && fits(one as ServerMessageOf<T>)) as
        | ServerMessageOf<T>
        | undefined;
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`no ${t} came; heard: ${this.heard.map((one) => one.t).join(' ')}`));
      }, WAIT_MS);
      this.#waiting.add(check);
      check();
    });
  }

  raw(text: string): void {
    this.socket.send(text);
  }

  tell<T extends AnyClientMessage['t']>(t: T, body: Body<T>, id = messageId()): string {
    this.raw(JSON.stringify({ t, id, body }));
    return id;
  }

  /** The index of the ack, 'kept' for an ack without one, or the code of the refusal. */
  async ask<T extends AnyClientMessage['t']>(
    t: T,
    body: Body<T>,
    id = messageId(),
  ): Promise<number | string> {
    // Marks the place, so that a repeat of a message waits for a second answer.
    const from = this.heard.length;
    this.tell(t, body, id);
    const isAnswer = (message: AnyServerMessage): boolean =>
      message.ref === id && this.heard.indexOf(message) >= from;
    const answer = await Promise.race([this.wait('ack', isAnswer), this.wait('refused', isAnswer)]);
    return answer.t === 'refused' ? answer.body.code : (answer.body.index ?? 'kept');
  }

  /** Logs in; `change` has the last word on the statement. */
  async login(
    role: Login['role'],
    pair: KeyPair,
    change: Partial<Login> = {},
    signer = pair,
  ): Promise<ServerMessageOf<'welcome'>> {
    const { body } = await this.wait('hello');
    const login: Login = {
      brokerOrigin: body.brokerOrigin,
      brokerKeyId: body.brokerKeyId,
      serverNonce: body.serverNonce,
      clientNonce: toHex(systemRandom(32)),
      role,
      keyId: pair.keyId,
      tlsExporter: 'none',
      clientVersion: 'test',
      issuedAt: '2026-11-22T09:00:00.000Z',
      ...change,
    };
    const envelope = fromUtf8(
      seal(payloadTypeOf('login'), encodeStatement('login', login), signer),
    );
    this.tell('login', { envelope });
    const ended = this.ended.then(({ code, reason }) => {
      throw new Error(`closed ${code} ${reason}`);
    });
    return Promise.race([this.wait('welcome'), ended]);
  }

  /** All leaves heard, by index, with their payloads in base64. */
  leaves(): ReadonlyMap<number, { readonly leaf: string; readonly payload?: string | undefined }> {
    const all = new Map<number, { leaf: string; payload?: string | undefined }>();
    for (const message of this.heard) {
      if (message.t !== 'leaves') continue;
      for (const [i, entry] of message.body.entries.entries())
        all.set(message.body.from + i, entry);
    }
    return all;
  }

  /** Everything up to leaf `index` has come. */
  async leaf(index: number): Promise<void> {
    await this.wait('leaves', ({ body }) => body.from + body.entries.length > index);
  }

  close(): void {
    this.socket.terminate();
  }
}
