// The loopback page's server over real HTTP and WebSocket: who is refused, and what an admitted page may do.

import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { admission } from '../../main/hosts/browser/admission.ts';
import { responseHeaders } from '../../main/hosts/browser/headers.ts';
import { type PageServer, startServer, SUBPROTOCOL } from '../../main/hosts/browser/server.ts';
import { servedBy } from '../../main/hosts/instance/local.ts';
import { systemTimers } from '../../main/hosts/processes/machine.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type FakeApp, fakeApp } from '../unit/hosts/fake-app.ts';
import { movedTime } from '../unit/hosts/moved.ts';

const PAGES = new Map([
  ['/', { bytes: new TextEncoder().encode('<p>page'), type: 'text/html; charset=utf-8' }],
  ['/assets/a.js', { bytes: new TextEncoder().encode('1'), type: 'text/javascript' }],
]);

const servers: PageServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function served(app: FakeApp = fakeApp('x'), timers = systemTimers) {
  const time = movedTime();
  const gate = admission({ clock: time.clock, random: systemRandom });
  const server = await startServer({
    served: servedBy(app, { note: () => {} }),
    pages: PAGES,
    admission: gate,
    timers,
  });
  if (!server.ok) throw new Error(server.detail);
  servers.push(server.value);
  const token = (): string => server.value.address().split('#t=')[1] ?? '';
  return { app, server: server.value, port: server.value.port, token, move: time.move };
}

type Ask = { readonly method?: string; readonly host?: string };

/** The path goes out as it is: no URL parser tidies it. */
function get(port: number, path: string, { method = 'GET', host = `127.0.0.1:${port}` }: Ask = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path, method, headers: { host } },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            body += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
        },
      );
      sent.once('error', reject).end();
    },
  );
}

type Dial = { readonly host?: string; readonly origin?: string; readonly path?: string };

function dial(port: number, protocols: string[] = [SUBPROTOCOL], changes: Dial = {}) {
  const {
    host = `127.0.0.1:${port}`,
    origin = `http://127.0.0.1:${port}`,
    path = '/bridge',
  } = changes;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
    headers: { host, ...(origin === '' ? {} : { origin }) },
    perMessageDeflate: false,
  });
  const frames: unknown[] = [];
  const waiting: ((frame: unknown) => void)[] = [];
  socket.on('message', (bytes: Buffer) => {
    const frame: unknown = JSON.parse(bytes.toString('utf8'));
    const next = waiting.shift();
    if (next === undefined) frames.push(frame);
    else next(frame);
  });
  const opened = new Promise<string>((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('error', (error) => resolve(error.message));
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return {
    socket,
    opened,
    closed,
    send: (frame: unknown) => socket.send(JSON.stringify(frame)),
    next: (): Promise<unknown> =>
      frames.length > 0
        ? Promise.resolve(frames.shift())
        : new Promise((resolve) => waiting.push(resolve)),
  };
}

async function entered(port: number, token: string) {
  const page = dial(port);
  expect(await page.opened).toBe('open');
  page.send({ enter: { token } });
  // The frame is checked right here.
  const frame = (await page.next()) as { entered?: { session: string } };
  expect(frame.entered?.session).toMatch(/^[A-Za-z0-9_-]{43}$/);
  return { ...page, session: frame.entered?.session ?? '' };
}

describe('pages', () => {
  test('are served with every header of the rule, and never cached', async () => {
    const { port } = await served();
    const page = await get(port, '/');
    expect(page).toMatchObject({ status: 200, body: '<p>page' });
    for (const [name, value] of Object.entries(responseHeaders(port))) {
      expect(page.headers[name]).toBe(value);
    }
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test.each([
    'localhost',
    'localhost:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'evil.example:PORT',
    '[::1]:PORT',
  ])('host %s is refused', async (host) => {
    const { port } = await served();
    const page = await get(port, '/', { host: host.replace('PORT', String(port)) });
    expect(page.status).toBe(421);
    expect(page.body).not.toContain('page');
  });

  test.each(['POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE'])('%s is refused', async (method) => {
    const { port } = await served();
    expect((await get(port, '/', { method })).status).toBe(405);
  });

  test.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
    '//etc/passwd',
    '/assets/a.js?x',
    '/__proto__',
    '/constructor',
    '/bridge',
  ])('%s is not there', async (path) => {
    const { port } = await served();
    const page = await get(port, path);
    expect(page.status).toBe(404);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('the socket', () => {
  test.each<[string, string[], Dial]>([
    ['421', [SUBPROTOCOL], { host: 'localhost:1' }],
    ['403', [SUBPROTOCOL], { origin: 'http://evil.example' }],
    ['403', [SUBPROTOCOL], { origin: 'null' }],
    ['403', [SUBPROTOCOL], { origin: '' }],
    ['404', [SUBPROTOCOL], { path: '/bridge/' }],
    ['400', ['other.v1'], {}],
    ['400', [], {}],
  ])('is refused with %s for %j %j', async (status, protocols, changes) => {
    const { port } = await served();
    expect(await dial(port, protocols, changes).opened).toContain(status);
  });

  test('a token admits once; its session admits again, after a reload', async () => {
    const { port, token, server } = await served();
    const once = token();
    const page = await entered(port, once);
    expect(server.pages()).toBe(1);
    const again = dial(port);
    await again.opened;
    again.send({ enter: { token: once } });
    expect(await again.next()).toEqual({ refused: 'enter' });
    expect(await again.closed).toBe(1008);
    page.socket.close();
    await page.closed;
    const reloaded = dial(port);
    await reloaded.opened;
    reloaded.send({ enter: { session: page.session } });
    expect(await reloaded.next()).toEqual({ entered: { session: page.session } });
  });

  test('a token of 60 s ago, another app’s session and a call before entering are refused', async () => {
    const { port, token, move } = await served();
    const old = token();
    move(60_000);
    for (const frame of [
      { enter: { token: old } },
      { enter: { session: 'A'.repeat(43) } },
      { enter: {} },
      { call: 'app.snapshot', id: 1, input: {} },
    ]) {
      const page = dial(port);
      await page.opened;
      page.send(frame);
      expect(await page.next()).toEqual({ refused: 'enter' });
      expect(await page.closed).toBe(1008);
    }
  });

  test('silence for 5 s before entering ends it; after entering it does not', async () => {
    const time = movedTime();
    const { port, token } = await served(fakeApp('x'), time.timers);
    const page = await entered(port, token());
    const silent = dial(port);
    await silent.opened;
    time.move(5000);
    expect(await silent.closed).toBe(1008);
    expect(page.socket.readyState).toBe(page.socket.OPEN);
  });

  test('calls are answered, and refused by name where they break the contract', async () => {
    const { port, token, app } = await served();
    const page = await entered(port, token());
    page.send({ call: 'app.snapshot', id: 7, input: {} });
    expect(await page.next()).toMatchObject({ reply: 7, output: { revision: 0 } });
    for (const name of ['app.nothing', 'app', 'app.changed', '__proto__.x', 'a.b.c']) {
      page.send({ call: name, id: 8, input: {} });
      expect(await page.next()).toEqual({ reply: 8, failed: 'unknownCall' });
    }
    page.send({ call: 'key.unlock', id: 9, input: { passphrase: 'x', surface: 'terminal' } });
    expect(await page.next()).toEqual({ reply: 9, failed: 'badInput' });
    page.send({ call: 'history.verify', id: 10, input: {} });
    expect(await page.next()).toEqual({ reply: 10, failed: 'internal' });
    page.send({ call: 'key.unlock', id: 11, input: { passphrase: 'wrong' } });
    expect(await page.next()).toMatchObject({ reply: 11, output: { ok: false } });
    expect(app.callers.at(-1)).toEqual({ surface: 'window', caller: 'window-1' });
  });

  test('events arrive until the page leaves', async () => {
    const { port, token, app } = await served();
    const page = await entered(port, token());
    app.raise();
    expect(await page.next()).toEqual({ event: 'app.raised', payload: {} });
    app.change({ what: 'log', value: { size: 1 } });
    expect(await page.next()).toMatchObject({ event: 'app.changed', payload: { revision: 1 } });
    expect(app.listeners()).toBe(1);
    page.socket.close();
    await page.closed;
    await expect.poll(() => app.listeners()).toBe(0);
  });

  test('bytes, a frame that is no call, and one over the limit end it', async () => {
    const { port, token } = await served();
    const binary = await entered(port, token());
    binary.socket.send(Buffer.from('{}'), { binary: true });
    expect(await binary.closed).toBe(1003);
    const stranger = await entered(port, token());
    stranger.send({ enter: { session: stranger.session } });
    expect(await stranger.closed).toBe(1008);
    const large = await entered(port, token());
    large.send({ call: 'x'.repeat(70_000), id: 1, input: {} });
    expect(await large.closed).toBe(1009);
  });
});
