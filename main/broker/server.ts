// The listening socket and what may become a connection: our own path and subprotocol, a Host that is ours, no web
// page (Origin), and a bounded number that have not logged in. Plain ws is for loopback only.

import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS, SUBPROTOCOL } from '../../shared/protocol/limits.ts';
import { fail, ok, type Result } from '../../shared/result.ts';

export type Listen = { readonly host: string; readonly port: number };

export type Listening = {
  readonly host: string;
  readonly port: number;
  /** Takes no new connection; resolves once the socket is closed. */
  readonly close: () => Promise<void>;
};

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
/** A connection that sends half a request line is not kept. */
const HEADERS_MS = 5_000;

/** `notLoopback`: there is no TLS here. `taken`: the address can't be had. */
export async function listen(
  wanted: Listen,
  connected: (socket: WebSocket, address: string) => void,
): Promise<Result<Listening, 'notLoopback' | 'taken'>> {
  if (!LOOPBACK.has(wanted.host)) return fail('notLoopback', `${wanted.host} is not loopback`);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.maxFrameBytes,
    maxFragments: LIMITS.maxFragments,
    maxBufferedChunks: LIMITS.maxBufferedChunks,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const http = createServer({ headersTimeout: HEADERS_MS }, (_, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  const open = await bind(http, wanted);
  if (!open.ok) return open;
  const { port } = open.value;
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const status = refusalOf(request, port);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (upgraded) => {
      connected(upgraded, request.socket.remoteAddress ?? '');
    });
  });
  return ok({ host: wanted.host, port, close: () => closeServer(http) });
}

/** The HTTP status of a refusal: 404 another path, 403 not this host or a web page, 400 another protocol. */
export function refusalOf(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  port: number,
): 400 | 403 | 404 | undefined {
  if (request.url !== '/') return 404;
  const { host, origin } = request.headers;
  // A name that somebody else's DNS answers for would reach this socket too (DNS rebinding).
  const ours = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (host === undefined || !ours.includes(host) || origin !== undefined) return 403;
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((one) => one.trim());
  return offered?.includes(SUBPROTOCOL) ? undefined : 400;
}

function bind(http: Server, { host, port }: Listen): Promise<Result<AddressInfo, 'taken'>> {
  return new Promise((resolve) => {
    http.once('error', (error) => resolve(fail('taken', error.message)));
    http.listen(port, host, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? ok(address) : fail('taken'));
    });
  });
}

function closeServer(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeIdleConnections();
  });
}
