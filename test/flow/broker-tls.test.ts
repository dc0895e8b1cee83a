// A team's broker: TLS 1.3 from files, several networks, logins bound to their TLS session, a certificate that changes
// while it runs; and plain ws beyond this machine only where somebody said so, and then every client is told.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { type Endpoint, readEndpoint } from '../../main/state/endpoint.ts';
import { jsonBytes } from '../../main/state/json-file.ts';
import { type Link, type LinkState, openLink } from '../../main/link/link.ts';
import { systemClock, systemTimers } from '../../main/link/system-ports.ts';
import { brokerFiles } from '../../main/broker/open-home.ts';
import { type RunningBroker, startBroker } from '../../main/broker/start-broker.ts';
import type { Security } from '../../main/broker/server.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { exportPkcs8 } from '../../main/trust/ed25519.ts';
import { openFirstKeyring } from '../../main/trust/keyring.ts';
import { makeCertificates } from '../cli/keyring-certificates.ts';
import { ROOT } from '../kit/app-home.ts';
import { WireClient } from '../kit/wire-client.ts';
import { HandTime, makeOrg, optionsOf, type Org } from '../kit/wire-world.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('SKIPPED: the TLS tests of the broker need openssl for a certificate');
const outside = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
if (outside === undefined)
  console.warn('SKIPPED: plain ws beyond loopback needs an address that is not loopback');

let org: Org;
let folder: string;
let stops: (() => unknown)[];
beforeEach(() => {
  org = makeOrg();
  folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'));
  for (const name of ['broker', 'app', 'guard']) mkdirSync(join(folder, name), { mode: 0o700 });
  stops = [];
});
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
const certificate = () => {
  makeCertificates(folder);
  return { cert: file('broker-tls.pem'), key: file('broker-tls.key') };
};

async function run(
  security: Security,
  hosts: readonly string[] = ['127.0.0.1'],
): Promise<RunningBroker> {
  const listen = hosts.map((host) => ({ host, port: 0 }));
  const time = new HandTime();
  const started = await startBroker({ ...optionsOf(org, folder, time, []), listen, security });
  if (!started.ok) throw new Error(started.detail);
  stops.push(() => started.value.stop());
  return started.value;
}

/** The state that the link reaches first, other than connecting. */
async function reach(change: Partial<Endpoint>): Promise<LinkState> {
  const held = openFirstKeyring(org.envelope, org.keyring);
  const endpoint = readEndpoint({ root: folder });
  if (!held.ok || !endpoint.ok) throw new Error('a broker and its keyring');
  const { promise, resolve } = Promise.withResolvers<LinkState>();
  const link: Link = openLink({
    role: 'reviewer',
    sessionKey: org.alice.session,
    endpoint: async () => ({ ...endpoint.value, ...change }),
    keyring: () => held.value,
    version: 'test',
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onMessage: () => {},
    onState: (state) => {
      if (state.kind !== 'connecting') resolve(state);
    },
  });
  stops.push(() => link.stop());
  return promise;
}

const online = (state: LinkState) => (state.kind === 'online' ? state.session : undefined);

describe.skipIf(!openssl)('with a certificate', () => {
  test('who trusts its authority is let in over TLS, and the login is bound to that session', async () => {
    await run({ tls: certificate() });
    const session = online(await reach({ ca: file('ca.pem') }));
    expect(session).toMatchObject({ plain: false, exposed: false });
    expect(readEndpoint({ root: folder })).toMatchObject({
      value: { url: expect.stringMatching(/^wss:/) },
    });
  });

  test('who does not trust its authority sends nothing', async () => {
    await run({ tls: certificate() });
    expect(await reach({})).toMatchObject({ kind: 'stranger', because: 'notABroker' });
  });

  test.each([
    ['without a binding', 'none'],
    ['bound to another session', '7'.repeat(64)],
  ])('a login %s is refused', async (_, tlsExporter) => {
    const { url } = await run({ tls: certificate() });
    const client = overTls(url, file('ca.pem'));
    await expect(client.login('reviewer', org.alice.session, { tlsExporter })).rejects.toThrow(
      /4001/,
    );
  });

  test('a login bound to its own session is taken by hand, too', async () => {
    const { url } = await run({ tls: certificate() });
    const client = overTls(url, file('ca.pem'));
    const { promise, resolve } = Promise.withResolvers<string>();
    client.socket.on('upgrade', ({ socket }) => {
      // Over wss the socket of the upgrade is a TLS socket.
      const tls = socket as TLSSocket;
      resolve(toHex(tls.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))));
    });
    const tlsExporter = await promise;
    const welcome = await client.login('reviewer', org.alice.session, { tlsExporter });
    expect(welcome.body.plain).toBe(false);
  });

  test('TLS 1.2 is not spoken', async () => {
    const { port } = await run({ tls: certificate() });
    expect(await handshake(port, { ca: file('ca.pem'), maxVersion: 'TLSv1.2' })).toMatch(/version/);
    expect(await handshake(port, { ca: file('ca.pem') })).toBe('TLSv1.3');
  });

  test('several networks are served by one broker', async () => {
    const { urls } = await run({ tls: certificate() }, ['127.0.0.1', '127.0.0.2']);
    expect(urls).toHaveLength(2);
    for (const url of urls) {
      const client = overTls(url, file('ca.pem'));
      expect((await client.wait('hello')).body.brokerKeyId).toBe(org.broker.session.keyId);
    }
  });

  test('an address that can not be had leaves none of them open', async () => {
    const first = await run({ tls: certificate() });
    const second = await startBroker({
      ...optionsOf(org, folder, new HandTime(), []),
      listen: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.1', port: first.port },
      ],
      security: { tls: certificate() },
    });
    expect(second).toMatchObject({ ok: false, code: 'taken' });
  });

  test('a certificate that is replaced is served to who comes next; a broken one changes nothing', async () => {
    const broker = await run({ tls: certificate() });
    const before = file('ca.pem');
    const fresh = certificate();
    expect(await handshake(broker.port, { ca: before })).toBe('TLSv1.3');
    expect(broker.renew({ cert: fresh.cert, key: 'no key' })).toMatchObject({
      code: 'certificate',
    });
    expect(await handshake(broker.port, { ca: before })).toBe('TLSv1.3');
    expect(broker.renew(fresh)).toMatchObject({ ok: true });
    expect(await handshake(broker.port, { ca: before })).not.toBe('TLSv1.3');
    expect(await handshake(broker.port, { ca: file('ca.pem') })).toBe('TLSv1.3');
  });

  test('a certificate and the key of another are refused at the start', async () => {
    const one = certificate();
    const other = certificate();
    const started = await startBroker({
      ...optionsOf(org, folder, new HandTime(), []),
      security: { tls: { cert: one.cert, key: other.key } },
    });
    expect(started).toMatchObject({ ok: false, code: 'certificate' });
  });

  test('as a process it reads its files again on SIGHUP', async () => {
    certificate();
    const child = await asProcess(['--tls-cert', 'broker-tls.pem', '--tls-key', 'broker-tls.key']);
    const endpoint = readEndpoint({ root: folder });
    const port = Number(new URL(endpoint.ok ? endpoint.value.url : '').port);
    expect(await handshake(port, { ca: file('ca.pem') })).toBe('TLSv1.3');
    const old = file('ca.pem');
    copyFileSync(join(folder, 'ca.pem'), join(folder, 'old.pem'));
    certificate();
    const said = heardOn(child, /the certificate was read again/);
    child.kill('SIGHUP');
    await said;
    expect(await handshake(port, { ca: old })).not.toBe('TLSv1.3');
    expect(await handshake(port, { ca: file('ca.pem') })).toBe('TLSv1.3');
  });
});

describe('without a certificate', () => {
  test('it listens on loopback alone, and that is no exposure', async () => {
    await run({});
    expect(online(await reach({}))).toMatchObject({ plain: true, exposed: false });
    const started = await startBroker({
      ...optionsOf(org, folder, new HandTime(), []),
      listen: { host: '0.0.0.0', port: 0 },
    });
    expect(started).toMatchObject({ ok: false, code: 'notLoopback' });
  });

  test.skipIf(outside === undefined)(
    'on a network it takes the flag, and each client is told',
    async () => {
      await run({ plainNetwork: true }, [outside ?? '']);
      const session = online(await reach({ plainNetwork: true }));
      expect(session).toMatchObject({ plain: true, exposed: true });
    },
  );

  test.skipIf(outside === undefined)('a client that nobody told does not dial it', async () => {
    await run({ plainNetwork: true }, [outside ?? '']);
    expect(await reach({ plainNetwork: false })).toMatchObject({ why: 'badEndpoint' });
  });

  test('a Host that is not ours is refused unless it was named', async () => {
    const { port } = await run({ names: ['broker.acme.example'] });
    const say = async (host: string): Promise<string> => {
      const client = new WireClient(`ws://127.0.0.1:${port}`, { headers: { host } });
      stops.push(() => client.close());
      return Promise.race([
        client.wait('hello').then(() => 'hello'),
        client.ended.then(() => 'refused'),
      ]);
    };
    expect(await say(`broker.acme.example:${port}`)).toBe('hello');
    expect(await say(`evil.example:${port}`)).toBe('refused');
  });
});

/** A raw client that trusts this authority, for the name that the certificate has. */
function overTls(url: string, ca: string): WireClient {
  const client = new WireClient(url, { tls: { ca, servername: 'localhost' } });
  stops.push(() => client.close());
  return client;
}

/** The version that was agreed on, or what went wrong. */
function handshake(port: number, options: { ca: string; maxVersion?: 'TLSv1.2' }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options });
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.once('error', (error) => resolve(error.message));
  });
}

async function asProcess(words: readonly string[]): Promise<ChildProcess> {
  const files = brokerFiles(join(folder, 'broker'));
  const pem = (der: Uint8Array): string =>
    `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----\n`;
  const { org: name, log, roots, threshold } = org.keyring;
  for (const [path, bytes] of [
    [files.session, pem(exportPkcs8(org.broker.session))],
    [files.log, pem(exportPkcs8(org.broker.log))],
    [files.pin, jsonBytes({ v: 1, org: name, log, roots, threshold })],
    [files.keyring, org.envelope],
  ] as const)
    writeFileSync(path, bytes, { mode: 0o600 });
  const child = spawn(
    process.execPath,
    [join(ROOT, 'main/broker.ts'), '--home', folder, ...words],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  stops.push(() => child.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('close', (code) => reject(new Error(`ended ${code}`)));
  });
  return child;
}

const heardOn = (child: ChildProcess, pattern: RegExp): Promise<void> =>
  new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      if (pattern.test(chunk.toString('utf8'))) resolve();
    });
  });
