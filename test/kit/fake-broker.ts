// A small broker on a real loopback socket that speaks the protocol, keeps what it was sent, and lies where it is told to.
// It stores nothing and checks only the login: it is the other end of the link's tests, not a model of the broker.

import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { textOf, toHex, utf8 } from '../../shared/bytes.ts';
import { decodeClientMessage, encodeMessage } from '../../shared/protocol/decode.ts';
import { SUBPROTOCOL } from '../../shared/protocol/limits.ts';
import type {
  AnyClientMessage,
  AnyServerMessage,
  ServerMessageOf,
} from '../../shared/protocol/messages.ts';
import { invariant } from '../../shared/result.ts';
import type { Login, Welcome } from '../../shared/statement/login.ts';
import { decodeStatement, encodeStatement } from '../../shared/statement/statement.ts';
import type { Endpoint } from '../../main/link/handshake.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type KeyPair, publicKeyOf } from '../../main/trust/ed25519.ts';
import { parseEnvelope, seal, verifyEnvelope } from '../../main/trust/envelope.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { ENVELOPE_LIMITS } from '../../main/trust/limits.ts';

export type FakePeer = {
  readonly say: (message: AnyServerMessage) => void;
  readonly raw: (frame: string | Buffer) => void;
  readonly hangUp: (code?: number) => void;
  /** As if the cable were pulled: no frame, no answer to a ping, no end of the connection. */
  readonly freeze: () => void;
  /** This end's RFC 9266 value, or `none`. */
  readonly exporter: string;
  readonly login: () => Login | undefined;
  /** Resolves once all that the client had written before is here. */
  readonly roundTrip: () => Promise<unknown>;
  /** Resolves at the client's first ping. */
  readonly pinged: Promise<unknown>;
};

export type FakeBrokerOptions = {
  readonly origin: string;
  /** Claimed in the hello. */
  readonly keyId: string;
  /** Signs the welcome. */
  readonly signer: KeyPair;
  readonly client: KeyPair;
  /** PEM: speaks TLS, for the name `localhost`. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Last word on the hello: the place to lie. */
  readonly hello?: (body: ServerMessageOf<'hello'>['body']) => ServerMessageOf<'hello'>['body'];
  readonly welcome?: (statement: Welcome) => Welcome;
  /** Replaces the whole answer to a login. */
  readonly onLogin?: (peer: FakePeer, login: Login) => void;
  /** Default: acknowledge. */
  readonly onMessage?: (peer: FakePeer, message: AnyClientMessage, count: number) => void;
};

export type FakeBroker = {
  readonly endpoint: Endpoint;
  /** Every frame that came, of every connection. */
  readonly frames: readonly string[];
  /** After the login. */
  readonly messages: readonly AnyClientMessage[];
  readonly welcomes: readonly string[];
  readonly peers: readonly FakePeer[];
  readonly stop: () => Promise<void>;
};

export async function startFakeBroker(options: FakeBrokerOptions): Promise<FakeBroker> {
  const http =
    options.tls === undefined
      ? createServer()
      : createTlsServer({ ...options.tls, minVersion: 'TLSv1.3' });
  const server = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const frames: string[] = [];
  const messages: AnyClientMessage[] = [];
  const welcomes: string[] = [];
  const peers: FakePeer[] = [];

  server.on('connection', (socket, request) => {
    const serverNonce = toHex(systemRandom(32));
    let login: Login | undefined;
    const tcp = request.socket;
    const exporter =
      tcp instanceof TLSSocket
        ? toHex(tcp.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)))
        : 'none';
    const peer = peerOf(socket, exporter, () => login);
    peers.push(peer);
    socket.on('message', (frame) => {
      invariant(Buffer.isBuffer(frame), 'ws gives text as a Buffer unless told otherwise');
      const text = frame.toString('utf8');
      frames.push(text);
      const message = decodeClientMessage(text);
      invariant(message.ok, 'the client sends messages of the protocol');
      if (message.value.t === 'login') {
        login = checkLogin(message.value.body.envelope, serverNonce, options.client);
        if (options.onLogin !== undefined) return options.onLogin(peer, login);
        const envelope = welcomeOf(login, options);
        welcomes.push(envelope);
        return peer.say({ t: 'welcome', body: { envelope, keyrings: [], plain: true } });
      }
      invariant(login !== undefined, 'nothing comes before the login');
      messages.push(message.value);
      if (options.onMessage !== undefined) options.onMessage(peer, message.value, messages.length);
      else peer.say({ t: 'ack', ref: message.value.id, body: {} });
    });
    const hello = {
      brokerOrigin: options.origin,
      brokerKeyId: options.keyId,
      serverNonce,
      checkpoint: '',
      version: 'fake',
    };
    peer.say({ t: 'hello', body: options.hello?.(hello) ?? hello });
  });

  // A TCP server's address is an object; only a pipe's is a string.
  const { port } = http.address() as AddressInfo;
  return {
    endpoint: {
      url: options.tls === undefined ? `ws://127.0.0.1:${port}` : `wss://localhost:${port}`,
      origin: options.origin,
      brokerKeyId: options.keyId,
    },
    frames,
    messages,
    welcomes,
    peers,
    stop: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => http.close(() => resolve())));
    },
  };
}

/** A welcome that a broker with this key would give to this login. */
export function welcomeOf(
  login: Login,
  by: Pick<FakeBrokerOptions, 'keyId' | 'signer' | 'welcome'>,
): string {
  const honest: Welcome = {
    sessionId: toHex(systemRandom(16)),
    serverNonce: login.serverNonce,
    clientNonce: login.clientNonce,
    clientKeyId: login.keyId,
    brokerKeyId: by.keyId,
    issuedAt: login.issuedAt,
  };
  const payload = encodeStatement('welcome', by.welcome?.(honest) ?? honest);
  return textOf(seal(payloadTypeOf('welcome'), payload, by.signer)) ?? '';
}

function checkLogin(text: string, serverNonce: string, client: KeyPair): Login {
  const envelope = parseEnvelope(utf8(text), ENVELOPE_LIMITS.login);
  invariant(envelope.ok, 'a login is an envelope');
  invariant(verifyEnvelope(envelope.value, publicKeyOf(client)), 'a login is signed');
  const login = decodeStatement('login', envelope.value.payload);
  invariant(login.ok && login.value.serverNonce === serverNonce, 'a login answers this hello');
  return login.value;
}

function peerOf(socket: WebSocket, exporter: string, login: () => Login | undefined): FakePeer {
  return {
    say: (message) => socket.send(encodeMessage(message)),
    raw: (frame) => socket.send(frame),
    hangUp: (code) => (code === undefined ? socket.terminate() : socket.close(code)),
    freeze: () => socket.pause(),
    exporter,
    login,
    roundTrip: () => {
      const answered = new Promise((resolve) => socket.once('pong', resolve));
      socket.ping();
      return answered;
    },
    pinged: new Promise((resolve) => socket.once('ping', resolve)),
  };
}
