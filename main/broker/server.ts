// The listening socket and what may become a connection: our own path and subprotocol, a Host that is ours, no web
// page (Origin), and a bounded number that have not logged in. Beyond loopback it is TLS 1.3, or the operator has said in
// so many words that others may read along.

import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS, SUBPROTOCOL } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { corkFor } from '../link/cork.ts';
import { errorCode } from '../state/errno.ts';
import { channelOver, ChannelSocket } from './channel.ts';

export type Listen = { readonly host: string; readonly port: number };

/** PEM texts: the certificate with its chain, and its key. */
export type Certificate = { readonly cert: string; readonly key: string };

export type Security = {
  readonly tls?: Certificate | undefined;
  /** Plain ws beyond loopback is accepted. */
  readonly plainNetwork?: boolean;
  /** Names that clients dial, `host` or `host:port`, beside the addresses themselves and the certificate's names. */
  readonly names?: readonly string[];
};

export type Listening = {
  readonly host: string;
  readonly port: number;
  /** New connections get this certificate; nothing where there is no TLS. */
  readonly renew: (tls: Certificate) => Result<void, 'certificate'>;
  /** Takes no new connection; resolves once the socket is closed. */
  readonly close: () => Promise<void>;
};

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
/** A connection that sends half a request line is not kept. */
const HEADERS_MS = 5_000;
const GOODBYE_MS = 1_000;

/** Why these addresses take no plain connections, in one sentence; undefined where all of them are this machine's own. */
export function whyExposed(all: readonly Listen[]): string | undefined {
  const host = all.map((one) => one.host).find((one) => !LOOPBACK.has(one));
  return (
    host &&
    `${host} is not loopback: give --tls-cert FILE and --tls-key FILE, or say --plain-network if others on the network may read along`
  );
}

/** `notLoopback`: no TLS, and nobody accepted that. `certificate`: not a certificate and its key. `taken`: no such address, or in use. */
export async function listen(
  wanted: Listen,
  connected: (socket: WebSocket, address: string) => void,
  security: Security = {},
): Promise<Result<Listening, 'notLoopback' | 'certificate' | 'taken'>> {
  const secure = security.tls !== undefined || security.plainNetwork === true;
  const exposed = secure ? undefined : whyExposed([wanted]);
  if (exposed !== undefined) return fail('notLoopback', exposed);
  const made = makeServer(security.tls);
  if (!made.ok) return made;
  const http = made.value;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.maxFrameBytes,
    maxFragments: LIMITS.maxFragments,
    maxBufferedChunks: LIMITS.maxBufferedChunks,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
    WebSocket: ChannelSocket,
  });
  const connections = openSockets(http);
  const open = await bind(http, wanted);
  if (!open.ok) return open;
  const { port } = open.value;
  let names = namesOf(wanted, security);
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const status = refusalOf(request, port, namesFor(names, request.socket));
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (upgraded) => {
      // Made by this server, with the class that it was given.
      const own = upgraded as ChannelSocket;
      own.channel = channelOver(request.socket);
      own.beforeWrite = corkFor(socket);
      connected(upgraded, request.socket.remoteAddress ?? '');
    });
  });
  const renew = (tls: Certificate): Result<void, 'certificate'> => {
    const sound = checkCertificate(tls);
    if (!sound.ok || !(http instanceof TlsServer)) return sound;
    http.setSecureContext({ ...tls, minVersion: 'TLSv1.3' });
    names = namesOf(wanted, { ...security, tls });
    return ok(undefined);
  };
  return ok({ host: wanted.host, port, renew, close: () => closeServer(http, connections) });
}

/** The HTTP status of a refusal: 404 another path, 403 not this host or a web page, 400 another protocol. */
export function refusalOf(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  port: number,
  names: readonly string[] = [],
): 400 | 403 | 404 | undefined {
  if (request.url !== '/') return 404;
  const { host, origin } = request.headers;
  // A name that somebody else's DNS answers for would reach this socket too (DNS rebinding).
  const ours = ['127.0.0.1', 'localhost', '[::1]', ...names].flatMap((name) =>
    /^(\[.*\]|[^:]*)$/.test(name)
      ? [`${name}:${port}`, ...(port === 443 || port === 80 ? [name] : [])]
      : [name],
  );
  const known = host !== undefined && ours.some((one) => one.toLowerCase() === host.toLowerCase());
  if (!known || origin !== undefined) return 403;
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((one) => one.trim());
  return offered?.includes(SUBPROTOCOL) ? undefined : 400;
}

/** Names in a certificate that a client may dial: DNS names and addresses, no wildcards. */
export function certificateNames({ cert }: Pick<Certificate, 'cert'>): readonly string[] {
  const { subjectAltName = '' } = new X509Certificate(cert);
  return subjectAltName.split(', ').flatMap((entry) => {
    const name = /^(?:DNS|IP Address):([^*"]+)$/.exec(entry)?.[1];
    return name === undefined ? [] : [inUrl(name)];
  });
}

/** A certificate and key that belong together; else one sentence. */
export function checkCertificate(tls: Certificate): Result<void, 'certificate'> {
  const made = makeServer(tls);
  return made.ok ? ok(undefined) : made;
}

export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function namesOf({ host }: Listen, { names = [], tls }: Security): readonly string[] {
  return [inUrl(host), ...names, ...(tls === undefined ? [] : certificateNames(tls))];
}

/** The address that was really reached: where the broker listens on all of them, each is its own name. */
const namesFor = (names: readonly string[], socket: Socket): readonly string[] =>
  socket.localAddress === undefined
    ? names
    : [...names, inUrl(socket.localAddress.replace(/^::ffff:/, ''))];

function makeServer(tls: Certificate | undefined): Result<Server, 'certificate'> {
  const refuse: Parameters<typeof createServer>[1] = (_, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  };
  const options = { headersTimeout: HEADERS_MS };
  if (tls === undefined) return ok(createServer(options, refuse));
  try {
    // Throws for what is no certificate, no key, or not the key of this certificate.
    const server = createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.3' }, refuse);
    // Without it a client that goes away in the middle of a handshake would be an unhandled error.
    server.on('tlsClientError', (_, socket) => socket.destroy());
    return ok(server);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    return fail('certificate', `the certificate or its key can't be used: ${why}`);
  }
}

function bind(http: Server, { host, port }: Listen): Promise<Result<AddressInfo, 'taken'>> {
  return new Promise((resolve) => {
    http.once('error', (error) => resolve(fail('taken', whyNotBound(error, { host, port }))));
    http.listen(port, host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? ok(address) : fail('taken'));
    });
  });
}

function whyNotBound(error: Error, { host, port }: Listen): string {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') return `${inUrl(host)}:${port} is in use: another broker may run here`;
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${host}`;
  if (code === 'EACCES') return `${inUrl(host)}:${port} may not be listened on by this user`;
  return error.message;
}

/** Every TCP connection: one in the middle of its upgrade is neither the server's nor anybody's yet. */
function openSockets(http: Server): ReadonlySet<Duplex> {
  const open = new Set<Duplex>();
  http.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** Whoever was told goodbye has a moment to hear it; what is still open then is cut. */
function closeServer(http: Server, open: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, GOODBYE_MS);
    http.close(() => {
      clearTimeout(cut);
      resolve();
    });
    http.closeIdleConnections();
  });
}
