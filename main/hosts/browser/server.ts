// The page's server on 127.0.0.1: GET of a fixed map of files, and one WebSocket at /bridge. Host must be exactly ours,
// which stops DNS rebinding, and the socket's Origin exactly the page's, which stops every other page.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Timers } from '../../app/ports.ts';
import { errorCode } from '../../state/errno.ts';
import type { Served } from '../instance/calls.ts';
import type { Admission } from './admission.ts';
import { responseHeaders } from './headers.ts';
import type { Pages } from './pages.ts';
import { serveSocket } from './socket.ts';

export const SUBPROTOCOL = 'countersign-bridge.v1';
const MAX_FRAME = 64 * 1024;
const MAX_SOCKETS = 32;

export type PageServer = {
  readonly port: number;
  /** With a fresh token, for one opening within 60 s. The fragment never reaches a server. */
  readonly address: () => string;
  /** Without one: shows the page, admits nobody. */
  readonly bareAddress: string;
  /** Pages that are admitted and connected now. */
  readonly pages: () => number;
  readonly close: () => Promise<void>;
};

export type ServerOptions = {
  readonly served: Served;
  readonly pages: Pages;
  readonly admission: Admission;
  readonly timers: Timers;
  /** 0, the default, takes a free one. */
  readonly port?: number;
};

export async function startServer(options: ServerOptions): Promise<Result<PageServer, 'io'>> {
  const http = createServer({
    requestTimeout: 10_000,
    headersTimeout: 5000,
    keepAliveTimeout: 5000,
    maxHeaderSize: 8 * 1024,
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const listening = await new Promise<Result<number, 'io'>>((resolve) => {
    http.once('error', (error) =>
      resolve(fail('io', `127.0.0.1 can't be listened on (${errorCode(error)})`)),
    );
    http.listen(options.port ?? 0, '127.0.0.1', () =>
      // A TCP server that listens has an address of this form.
      resolve(ok((http.address() as AddressInfo).port)),
    );
  });
  if (!listening.ok) return listening;
  const port = listening.value;
  http.on('request', (request, response) => answer(request, response, options.pages, port));
  const entered = serveUpgrades(http, sockets, port, options);
  const bareAddress = `http://127.0.0.1:${port}/`;
  return ok({
    port,
    bareAddress,
    address: () => `${bareAddress}#t=${options.admission.newToken()}`,
    pages: entered,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
  port: number,
): void {
  const plain = (
    status: number,
    text: string,
    more: Readonly<Record<string, string>> = {},
  ): void => {
    const headers = { ...responseHeaders(port), 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(status, { ...headers, ...more }).end(`${text}\n`);
  };
  if (request.headers.host !== `127.0.0.1:${port}`) return plain(421, 'not this host');
  if (request.method !== 'GET') return plain(405, 'GET only', { allow: 'GET' });
  const page = pages.get(request.url ?? '');
  if (page === undefined) return plain(404, 'no such page');
  const { bytes, type } = page;
  const headers = { ...responseHeaders(port), 'content-type': type };
  response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
}

/** Gives the number of pages that are admitted and connected. */
function serveUpgrades(
  http: ReturnType<typeof createServer>,
  sockets: WebSocketServer,
  port: number,
  { served, admission, timers }: ServerOptions,
): () => number {
  let entered = 0;
  let last = 0;
  http.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', () => {});
    const refusal = refusalOf(request, port, sockets.clients.size);
    if (refusal !== undefined) {
      raw.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const onEntered = (): void => {
        entered += 1;
        socket.once('close', () => {
          entered -= 1;
        });
      };
      serveSocket(socket, { served, admission, timers, caller: `window-${++last}`, onEntered });
    });
  });
  return () => entered;
}

function refusalOf(request: IncomingMessage, port: number, open: number): string | undefined {
  const { host, origin } = request.headers;
  if (host !== `127.0.0.1:${port}`) return '421 Misdirected Request';
  if (origin !== `http://127.0.0.1:${port}`) return '403 Forbidden';
  if (request.url !== '/bridge') return '404 Not Found';
  if (request.headers['sec-websocket-protocol'] !== SUBPROTOCOL) return '400 Bad Request';
  return open >= MAX_SOCKETS ? '503 Service Unavailable' : undefined;
}
