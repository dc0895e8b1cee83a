// The broker as the process that it is: how it says that it listens, how it ends, what a `kill -9` costs, and what it
// does not start with.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokerFiles } from '../../main/broker/open-home.ts';
import { writeAtomic } from '../../main/state/atomic-file.ts';
import { readEndpoint } from '../../main/state/endpoint.ts';
import { jsonBytes } from '../../main/state/json-file.ts';
import { loadOrCreateKey } from '../../main/state/key-file.ts';
import { messageId, WireClient } from '../kit/wire-client.ts';
import { HandTime, makeOrg, type Org, ORIGIN, requestBy } from '../kit/wire-world.ts';

const ENTRY = fileURLToPath(new URL('../../main/broker.ts', import.meta.url));
const KILLS = Number(process.env['COUNTERSIGN_KILLS'] ?? 5);

let org: Org;
let root: string;
let children: ChildProcess[];

beforeEach(() => {
  org = makeOrg();
  root = mkdtempSync(join(tmpdir(), 'countersign-home-'));
  for (const part of ['broker', 'guard', 'app']) mkdirSync(join(root, part), { mode: 0o700 });
  const files = brokerFiles(join(root, 'broker'));
  loadOrCreateKey(files.session, () => org.broker.session);
  loadOrCreateKey(files.log, () => org.broker.log);
  const { org: name, roots, threshold, log } = org.keyring;
  writeAtomic(files.pin, jsonBytes({ v: 1, org: name, log, roots, threshold }));
  writeAtomic(files.keyring, org.envelope);
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function spawnBroker(...flags: string[]): ChildProcess {
  const argv = [ENTRY, '--home', root, ...flags];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** The address that the broker says it listens on. */
async function listening(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return (JSON.parse(line) as { listening: string }).listening;
}
async function endOf(child: ChildProcess): Promise<{ code: number | null; says: string }> {
  let says = '';
  child.stderr?.on('data', (part: Buffer) => {
    says += part.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, says };
}

describe('a broker that runs', () => {
  test('writes where it listens for its user alone, and a client gets in by it', async () => {
    const url = await listening(spawnBroker());
    const endpoint = readEndpoint({ root });
    expect(endpoint).toEqual({
      ok: true,
      value: { url, origin: ORIGIN, brokerKeyId: org.broker.session.keyId },
    });
    expect(statSync(join(root, 'endpoint.json')).mode & 0o777).toBe(0o600);
    const client = new WireClient(url);
    await client.login('guard', org.guard.session);
    client.close();
  });

  test('reads the rota that it is given, and says in a sentence what is wrong with it', async () => {
    const rota = join(root, 'oncall.json');
    writeFileSync(rota, '{"v":1,"groups":{"ops":{"zone":"Mars","weeks":["ann"]}}}');
    const child = spawnBroker('--rota', rota);
    const ended = endOf(child);
    await listening(child);
    child.kill('SIGTERM');
    expect(await ended).toEqual({
      code: 0,
      says: expect.stringMatching(
        /oncall\.json is not used, nobody is routed: groups\.ops\.zone: not a time zone like Europe\/Berlin/,
      ),
    });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says goodbye on %s and ends with 0',
    async (signal) => {
      const child = spawnBroker();
      const client = new WireClient(await listening(child));
      await client.login('guard', org.guard.session);
      const ended = endOf(child);
      child.kill(signal);
      expect((await client.ended).code).toBe(4007);
      expect((await ended).code).toBe(0);
    },
  );

  test('ends when the pipe of its parent closes, and not otherwise', async () => {
    const child = spawnBroker('--parent-pipe');
    await listening(child);
    const ended = endOf(child);
    child.stdin?.end();
    expect((await ended).code).toBe(0);
    const alone = spawnBroker();
    const url = await listening(alone);
    alone.stdin?.end();
    const client = new WireClient(url);
    await client.login('guard', org.guard.session);
    client.close();
  });

  test(`killed ${KILLS} times in the middle of traffic it loses nothing that it acknowledged`, async () => {
    const time = new HandTime();
    const acked = new Map<string, { readonly envelope: string; readonly index: number }>();
    for (let cycle = 0; cycle < KILLS; cycle++) {
      const child = spawnBroker();
      const client = new WireClient(await listening(child));
      await client.login('guard', org.guard.session);
      // What was acknowledged before the kill is answered with the same index after it.
      for (const [id, { envelope, index }] of [...acked].slice(-10)) {
        expect(await client.ask('request', { envelope }, id)).toBe(index);
      }
      const sent = new Map<string, string>();
      client.socket.on('message', () => {
        const last = client.heard.at(-1);
        const envelope = last?.t === 'ack' ? sent.get(last.ref ?? '') : undefined;
        if (last?.t !== 'ack' || last.ref === undefined || envelope === undefined) return;
        acked.set(last.ref, { envelope, index: last.body.index ?? -1 });
        if (acked.size >= (cycle + 1) * 7) child.kill('SIGKILL');
      });
      for (let i = 0; i < 30; i++) {
        const id = messageId();
        const agent = {
          id: `a${cycle}-${i}`,
          session: 's',
          onBehalfOf: 'carol',
          authn: 'token' as const,
        };
        const { envelope } = requestBy(org.guard, time, {
          agent,
          createdAt: new Date().toISOString(),
        });
        sent.set(id, envelope);
        client.tell('request', { envelope }, id);
      }
      await client.ended;
    }
    expect(acked.size).toBeGreaterThanOrEqual(KILLS * 7);
    const indexes = [...acked.values()].map((one) => one.index);
    expect(new Set(indexes).size).toBe(indexes.length);
  });
});

describe('a broker does not start', () => {
  const refusal = async (...flags: string[]): Promise<string> => {
    const { code, says } = await endOf(spawnBroker(...flags));
    return `${code} ${says.trim()}`;
  };

  test('without its keys, its pin or its keyring, or with a key that others may read', async () => {
    const files = brokerFiles(join(root, 'broker'));
    chmodSync(files.log, 0o640);
    expect(await refusal()).toMatch(/^78 countersign broker: .*log\.pem may be opened by others$/);
    chmodSync(files.log, 0o600);
    for (const path of [files.pin, files.keyring, files.session]) {
      const bytes = readFileSync(path);
      rmSync(path);
      expect(await refusal()).toMatch(/^78 countersign broker: .* does not exist$/);
      writeAtomic(path, bytes);
    }
  });

  test('with a key that is not the pinned one', async () => {
    const files = brokerFiles(join(root, 'broker'));
    rmSync(files.log);
    loadOrCreateKey(files.log);
    expect(await refusal()).toBe(
      "69 countersign broker: the broker can't start: the log key is not the pinned one",
    );
  });

  test('on another address than loopback, or with a flag that it does not know', async () => {
    expect(await refusal('--host', '0.0.0.0')).toMatch(
      /^64 .*0\.0\.0\.0 is not loopback: give --tls-cert FILE and --tls-key FILE, or say --plain-network/,
    );
    expect(await refusal('--port', '70000')).toMatch(/^64 .*usage:/);
    expect(await refusal('--what')).toMatch(/^64 .*usage:/);
  });

  test('and writes no keyring before its other words are right: the corrected line finds nothing there', async () => {
    const files = brokerFiles(join(root, 'broker'));
    for (const path of [files.pin, files.keyring]) rmSync(path);
    writeFileSync(join(root, 'first.keyring'), org.envelope);
    writeFileSync(join(root, 'no.pem'), 'no certificate', { mode: 0o600 });
    const keyring = ['--keyring', join(root, 'first.keyring')];
    const tls = ['--tls-cert', join(root, 'no.pem'), '--tls-key', join(root, 'no.pem')];
    expect(await refusal(...keyring, '--listen', '0.0.0.0:0')).toMatch(/^64 /);
    expect(await refusal(...keyring, ...tls)).toMatch(/^78 .*certificate or its key can't be used/);
    expect([files.pin, files.keyring].map((path) => existsSync(path))).toEqual([false, false]);
  });
});

describe('a broker that is given its keyring', () => {
  test('starts by the same line again, and takes no other in its place', async () => {
    const files = brokerFiles(join(root, 'broker'));
    for (const path of [files.pin, files.keyring]) rmSync(path);
    const path = join(root, 'first.keyring');
    writeFileSync(path, org.envelope);
    for (let n = 0; n < 2; n += 1) {
      const child = spawnBroker('--keyring', path);
      expect(await listening(child)).toMatch(/^ws:/);
      const ended = endOf(child);
      child.kill('SIGTERM');
      expect(await ended).toEqual({ code: 0, says: '' });
    }
    // Only the first of the two was written: the same line completes it.
    rmSync(files.pin);
    expect(await listening(spawnBroker('--keyring', path))).toMatch(/^ws:/);
    writeAtomic(files.keyring, new TextEncoder().encode('another'));
    writeFileSync(path, org.envelope);
    expect(await endOf(spawnBroker('--keyring', path))).toEqual({
      code: 78,
      says: expect.stringMatching(
        /has another keyring already: later ones come by publishing them/,
      ),
    });
  });
});
