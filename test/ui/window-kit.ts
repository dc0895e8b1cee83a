// The built window over a real page and a real socket, with the fake main behind it, and the requests it is shown.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { expect, type Page } from 'playwright/test';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLICK_APART_MS } from '../../main/app/gesture.ts';
import { responseHeaders } from '../../main/hosts/browser/headers.ts';
import { CallFrame, EnterFrame, type ServerFrame } from '../../shared/ipc/frames.ts';
import { invariant } from '../../shared/result.ts';
import type { ExecAction } from '../../shared/statement/action.ts';
import type { Request } from '../../shared/statement/request.ts';
import { answerCall, type FakeMain, sha256 } from '../kit/fake-bridge.ts';

/** The longer of main's two rests: after a movement and after an earlier click. */
const SETTLE_MS = CLICK_APART_MS;
const OUT = resolve(import.meta.dirname, '../../out/renderer');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export type Served = {
  /** With a token that works once. */
  readonly address: () => string;
  readonly dropSockets: () => void;
  readonly close: () => Promise<void>;
};

/** `pages`: a build of the window other than the product's. */
export async function serveWindow(main: FakeMain, pages = OUT): Promise<Served> {
  let port = 0;
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').split('?')[0] ?? '/';
    const path = join(pages, name === '/' ? 'index.html' : name);
    void readFile(path).then(
      (bytes) => {
        const headers = { ...responseHeaders(port), 'content-type': TYPES[extname(path)] ?? '' };
        response.writeHead(200, headers).end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  const tokens = new Set<string>();
  const session = randomBytes(16).toString('hex');
  const sockets = new WebSocketServer({ server, path: '/bridge' });
  sockets.on('connection', (socket) => serveSocket(socket, main, { tokens, session }));
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  invariant(typeof address === 'object' && address !== null, 'listens on a port');
  port = address.port;
  return {
    address: () => {
      const token = randomBytes(16).toString('hex');
      tokens.add(token);
      return `http://127.0.0.1:${port}/#t=${token}`;
    },
    dropSockets: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

type Admission = { readonly tokens: Set<string>; readonly session: string };

function serveSocket(socket: WebSocket, main: FakeMain, { tokens, session }: Admission): void {
  const send = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));
  let entered = false;
  socket.on('error', () => {});
  socket.on('message', (bytes) => {
    // ws hands over one Buffer for each message: its default binaryType.
    const frame: unknown = JSON.parse((bytes as Buffer).toString('utf8'));
    if (entered) return void answer(frame, main, send);
    const { enter } = EnterFrame.parse(frame);
    entered = 'token' in enter ? tokens.delete(enter.token) : enter.session === session;
    if (!entered) {
      send({ refused: 'enter' });
      return socket.close();
    }
    socket.once(
      'close',
      main.listen((event, payload) => send({ event, payload })),
    );
    send({ entered: { session } });
  });
}

async function answer(frame: unknown, main: FakeMain, send: (frame: ServerFrame) => void) {
  const { call, id, input } = CallFrame.parse(frame);
  const answered = await answerCall(main.answers, call, input, {
    surface: 'window',
    caller: 'page',
  });
  send(answered.ok ? { reply: id, output: answered.value } : { reply: id, failed: answered.code });
}

export const EXPORT_ARGV = ['node', 'export.js', 'customers', '--format', 'csv'] as const;

export function execAction(part: Partial<ExecAction> = {}): ExecAction {
  const file = { size: 48_213_112, mode: '0755', uid: 0, gid: 0 };
  return {
    kind: 'exec',
    argv: [...EXPORT_ARGV],
    cwd: '/srv/reports',
    executable: { path: '/usr/bin/node', sha256: '9f'.repeat(32), ...file },
    script: { ...file, path: '/srv/reports/export.js', sha256: '3c'.repeat(32), size: 2114 },
    env: [
      { name: 'DATABASE_HOST', value: 'db-1.prod.internal' },
      { name: 'LANG', value: 'C.UTF-8' },
      { name: 'DATABASE_PASSWORD', secret: 'e1'.repeat(32) },
    ],
    stdin: { from: 'nothing' },
    inputs: [],
    uid: 1000,
    gid: 1000,
    umask: '0022',
    runs: 'descriptor',
    ...part,
  };
}

/** A request as a guard would sign it, fresh each time; `tier` as policy asks. */
export function sampleRequest(
  part: Partial<Request> = {},
  tier: Request['policy']['tier'] = 'medium',
): Request {
  const at = new Date().toISOString();
  return {
    requestId: randomBytes(16).toString('hex'),
    nonce: randomBytes(32).toString('hex'),
    org: 'ada-solo',
    log: 'ada-solo/log',
    guard: { id: 'build-guard', keyId: '5a'.repeat(32), host: 'ada-laptop', mode: 'run' },
    agent: {
      id: 'night-agent',
      session: 'nightly 2026-11-22',
      onBehalfOf: 'ada',
      authn: 'declared',
    },
    action: execAction(),
    facts: { kind: 'exec', program: 'node' },
    evaluatedAt: at,
    policy: {
      sha256: '77'.repeat(32),
      rules: ['hold-everything'],
      tier,
      needs: [{ group: 'anyone', count: tier === 'critical' ? 2 : 1 }],
    },
    checks: [
      { name: 'program is unchanged', outcome: 'passed', why: 'hashed through one descriptor' },
    ],
    reason: 'nightly export',
    narrative: 'The export is scheduled for every night. I have run it before without trouble.',
    trigger: 'schedule: nightly',
    attachments: [],
    createdAt: at,
    ttlMs: 10 * 60_000,
    ...part,
  };
}

/** A value too long for its place: the attachment's bytes and the field that names them. */
export function longArgument(text: string) {
  const bytes = new TextEncoder().encode(text);
  const digest = sha256(bytes);
  return {
    bytes,
    field: { attachment: digest, size: bytes.length },
    listed: { sha256: digest, size: bytes.length, mediaType: 'text/plain', name: 'argument 3' },
  };
}

/** Serves, opens, and closes it all when the test's scope ends. */
export async function openWindow(
  page: Page,
  main: FakeMain,
  pages?: string,
): Promise<Served & AsyncDisposable> {
  const served = await serveWindow(main, pages);
  await page.goto(served.address());
  return { ...served, [Symbol.asyncDispose]: served.close };
}

/** As long as the window and main ignore presses after something moved. */
export const settle = (page: Page): Promise<void> => page.waitForTimeout(SETTLE_MS + 150);

export const approve = (page: Page) => page.getByRole('button', { name: 'Approve', exact: true });
export const deny = (page: Page) => page.getByRole('button', { name: 'Deny', exact: true });
export const note = (page: Page) => page.locator('#verdict-note');

/** Brings every must-see line on screen by the window's own button, as a person would. */
export async function readAll(page: Page): Promise<void> {
  const next = page.getByRole('button', { name: 'Show the next one' });
  await expect(page.getByRole('region', { name: 'Record' })).toBeAttached();
  await expect(async () => {
    if (await next.isVisible()) await next.click();
    await expect(next).toBeHidden({ timeout: 100 });
  }).toPass();
}
