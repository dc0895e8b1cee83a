// The floor that our window is compared with: pages without any framework in the same browser. One has the queue, the same
// text of a card and the same messages from the same main; the other a recycled list of rows that are made in the page.

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { responseHeaders } from '../../main/hosts/browser/headers.ts';
import { invariant } from '../../shared/result.ts';
import type { FakeMain } from '../kit/fake-bridge.ts';

export const BARE_ROW = 'request-';
const ROW_PX = 48;

export type Bare = {
  readonly queue: () => string;
  readonly list: (rows: number) => string;
  readonly close: () => Promise<void>;
};

/** `card`: the text of the card beside the queue. */
export async function serveBare(main: FakeMain, card: () => string): Promise<Bare> {
  let port = 0;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bare');
    const script = pathname.endsWith('.js');
    const body = script
      ? `(${String(pathname === '/queue.js' ? queuePage : listPage)})();`
      : page(pathname.slice(1), card());
    const type = script ? 'text/javascript' : 'text/html; charset=utf-8';
    response.writeHead(200, { ...responseHeaders(port), 'content-type': type }).end(body);
  });
  const sockets = new WebSocketServer({ server, path: '/bridge' });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    const { requests } = main.snapshot;
    const changes = requests.map((value) => ({ what: 'request', value }));
    socket.send(JSON.stringify({ event: 'app.changed', payload: { changes } }));
    socket.once(
      'close',
      main.listen((event, payload) => socket.send(JSON.stringify({ event, payload }))),
    );
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  invariant(typeof address === 'object' && address !== null, 'listens on a port');
  port = address.port;
  return {
    queue: () => `http://127.0.0.1:${port}/queue`,
    list: (rows) => `http://127.0.0.1:${port}/list#${rows}`,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);

/** Plain system text; the list scrolls by itself, as ours does. */
const page = (name: string, card: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>bare</title></head>
<body><div id="list"></div><pre>${escaped(name === 'queue' ? card : '')}</pre>
<script src="/${name}.js"></script></body></html>`;

/** Runs in the page. */
function queuePage(): void {
  const list = document.querySelector<HTMLElement>('#list');
  if (list === null) return;
  list.style.cssText = 'height:700px;width:312px;overflow-y:auto';
  const known = new Map<string, HTMLElement>();
  const put = (value: Record<string, string>): void => {
    const digest = value['digest'] ?? '';
    const row = known.get(digest) ?? document.createElement('button');
    row.id = `request-${digest}`;
    row.style.cssText = 'display:block;width:100%;text-align:left';
    row.textContent = `${value['title']} ${value['expiresAt']}\n${value['agent']} for ${value['onBehalfOf']} on ${value['host']}`;
    if (!known.has(digest)) list.append(row);
    known.set(digest, row);
  };
  const socket = new WebSocket(`ws://${location.host}/bridge`);
  socket.onmessage = ({ data }) => {
    const { payload } = JSON.parse(String(data));
    for (const { what, value } of payload.changes) if (what === 'request') put(value);
  };
}

/** Runs in the page: 60 elements for any number of rows. */
function listPage(): void {
  const box = document.querySelector<HTMLElement>('#list');
  if (box === null) return;
  const [rowPx, kept] = [48, 60];
  const count = Number(location.hash.slice(1));
  const rows = Array.from({ length: count }, (_, i) => `request ${i} of agent-${i % 12}`);
  box.style.cssText = 'height:700px;overflow-y:auto;position:relative';
  const space = document.createElement('div');
  space.style.height = `${Math.min(count, 400_000) * rowPx}px`;
  box.append(space);
  const elements = Array.from({ length: kept }, (_, i) => {
    const row = document.createElement('div');
    row.id = `request-${i}`;
    row.style.cssText = `position:absolute;height:${rowPx}px`;
    return row;
  });
  const draw = (): void => {
    const from = Math.max(0, Math.floor(box.scrollTop / rowPx) - 6);
    for (const [i, row] of elements.entries()) {
      row.textContent = rows[from + i] ?? '';
      row.style.transform = `translateY(${(from + i) * rowPx}px)`;
    }
  };
  box.addEventListener('scroll', draw, { passive: true });
  draw();
  space.append(...elements);
}

export const BARE_ROW_PX = ROW_PX;
