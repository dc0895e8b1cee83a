// A broker that makes organisations up, against the command line of somebody who joins: nothing is pinned unless the
// invitation, or a person who compared the words, vouches for the roots.

import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { fromUtf8 } from '../../shared/bytes.ts';
import { keyWords } from '../../shared/domain/key-words.ts';
import { main } from '../../main/cli/main.ts';
import { formatInvitation } from '../../main/link/invitation.ts';
import { rootSetOf } from '../../main/trust/keyring.ts';
import { openJoin } from '../../main/link/join-statement.ts';
import type { Keyring } from '../../shared/statement/keyring.ts';
import { Machines } from '../cli/keyring-machines.ts';
import { hold, makeTeam } from '../unit/cli/keyring/world.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;
let machines: Machines;
let broker: Server;
let url: string;
/** What it answers to a join, made from the keyring of an organisation that names the joiner. */
let answer: (naming: (team: ReturnType<typeof makeTeam>) => string) => readonly string[];

beforeEach(async () => {
  machines = new Machines();
  broker = createServer();
  const sockets = new WebSocketServer({ server: broker });
  sockets.on('connection', (socket) => {
    const hello = {
      brokerOrigin: 'acme/1',
      brokerKeyId: evil.broker.session.keyId,
      serverNonce: '0'.repeat(64),
      checkpoint: '',
      version: 'hostile',
    };
    socket.send(JSON.stringify({ t: 'hello', body: hello }));
    socket.once('message', (bytes: Buffer) => {
      const { id, body } = JSON.parse(bytes.toString('utf8')) as {
        id: string;
        body: { envelope: string };
      };
      socket.send(JSON.stringify({ t: 'ack', ref: id, body: {} }));
      const keyrings = answer((team) => naming(team, body.envelope));
      socket.send(JSON.stringify({ t: 'enrolled', body: { keyrings } }));
    });
  });
  await new Promise<void>((resolve) => {
    broker.listen(0, '127.0.0.1', resolve);
  });
  const address = broker.address();
  url = `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(() => {
  broker.closeAllConnections();
  broker.close();
  machines[Symbol.dispose]();
});

const [real, evil] = [makeTeam(), makeTeam()];

/** The team's keyring with the keys of this join in it, signed by that team's own roots. */
function naming(team: ReturnType<typeof makeTeam>, envelope: string): string {
  const opened = openJoin(envelope);
  if (!opened.ok || opened.value.join.kind !== 'guard') throw new Error('a guard asks');
  const { join: asked } = opened.value;
  const now = Date.now();
  const keyring: Keyring = {
    ...team.keyring,
    issuedAt: new Date(now).toISOString(),
    expires: new Date(now + YEAR_MS / 12).toISOString(),
    guards: [
      {
        id: asked.id,
        host: asked.host,
        agents: [],
        maxTier: 'critical',
        keys: [
          { ...asked.keys.guard, use: 'guard', fromIndex: 0 },
          { ...asked.keys.session, use: 'session', fromIndex: 0 },
        ],
      },
    ],
  };
  return fromUtf8(hold(keyring, team.roots).envelope);
}

const pinned = (who: string): boolean => existsSync(join(machines.state(who), 'guard/pin.json'));
const line = (target: string) => ['guard', 'join', target, '--name', 'ci', '--host', 'ci-host'];

describe('with an invitation', () => {
  test('an organisation of the same name with other roots is refused, and nothing is pinned', async () => {
    answer = (name) => [name(evil)];
    const ran = await machines.run('ci', line(formatInvitation(url, real.keyring)));
    expect([ran.code, ran.err]).toEqual([
      76,
      'countersign: the keyring is not signed by the roots of the invitation\n',
    ]);
    expect(pinned('ci')).toBe(false);
  });

  test('true keyrings before the made-up one do not help it', async () => {
    answer = (name) => [fromUtf8(real.held.envelope), name(evil)];
    const ran = await machines.run('ci', line(formatInvitation(url, real.keyring)));
    expect(ran.err).toMatch(/do not follow from one another/);
    expect(pinned('ci')).toBe(false);
  });

  test('the true keyring under a broker that it does not name is refused', async () => {
    answer = (name) => [name(real)];
    const ran = await machines.run('ci', line(formatInvitation(url, real.keyring)));
    expect(ran.err).toMatch(/does not name the broker that answers here/);
    expect(pinned('ci')).toBe(false);
  });

  test('the invited organisation is pinned', async () => {
    answer = (name) => [name(evil)];
    const ran = await machines.run('ci', line(formatInvitation(url, evil.keyring)));
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(pinned('ci')).toBe(true);
  });
});

describe('without an invitation', () => {
  test('nothing is pinned where nobody can compare the words', async () => {
    answer = (name) => [name(evil)];
    const ran = await machines.run('ci', line(url));
    expect(ran.out).toContain(
      `organisation acme, its roots together: ${keyWords(rootSetOf(evil.keyring))}`,
    );
    expect([ran.code, ran.err]).toEqual([76, expect.stringMatching(/has to compare the words/)]);
    expect(pinned('ci')).toBe(false);
  });

  test.each([
    ['yes', true],
    ['no', false],
    ['', false],
  ])('a person who answers %j decides', async (said, expected) => {
    answer = (name) => [name(evil)];
    const { machine, out } = machines.machine('ci');
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = Object.assign(machine.terminal.output, { isTTY: true });
    const asked = new Promise<void>((resolve) => {
      const look = (): void => {
        if (out.join('').includes('yes or no')) resolve();
        else setImmediate(look);
      };
      look();
    });
    const ended = main(line(url), process, {
      ...machine,
      terminal: { ...machine.terminal, input, output },
    });
    await asked;
    input.write(`${said}\n`);
    expect(await ended).toBe(expected ? 0 : 76);
    expect(pinned('ci')).toBe(expected);
  });
});

test('a later try says the same words, and a machine that is in refuses to join again', async () => {
  answer = (name) => [name(evil)];
  const first = await machines.run('ci', line(formatInvitation(url, real.keyring)));
  const second = await machines.run('ci', line(formatInvitation(url, evil.keyring)));
  const wordsOf = (out: string) => /^words: (.*)$/m.exec(out)?.[1];
  expect(wordsOf(second.out)).toBe(wordsOf(first.out));
  expect(second.code).toBe(0);
  const third = await machines.run('ci', line(formatInvitation(url, evil.keyring)));
  expect([third.code, third.err]).toEqual([78, expect.stringMatching(/is in acme already/)]);
});
