// The commands of docs/teams.md, in their order, as the people named there: what the document says is what works.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyWords } from '../../shared/domain/key-words.ts';
import { makeSolo } from '../../main/app/solo.ts';
import { readKeyring } from '../../main/cli/keyring/draft.ts';
import { systemClock } from '../../main/hosts/processes/machine.ts';
import { openHome } from '../../main/state/home.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { openIdentity } from '../../main/guard/state/identity.ts';
import { ROOT } from '../kit/app-home.ts';
import { makeCertificates } from './keyring-certificates.ts';
import { Machines, PASSPHRASE, type Ran } from './keyring-machines.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('SKIPPED: the commands of docs/teams.md need openssl for a certificate');

type Line = { readonly person: string; readonly words: readonly string[]; readonly stays: boolean };
type Section = { readonly title: string; readonly lines: readonly Line[] };

describe.skipIf(!openssl)('docs/teams.md', { timeout: 120_000 }, () => {
  const machines = new Machines();
  const brokers: ChildProcess[] = [];
  const joins = new Map<string, ReturnType<Machines['start']>>();
  const seen = new Map<string, string>();
  const ports = new Map<string, string>();
  beforeAll(async () => {
    makeCertificates(machines.folder);
    for (const port of ['8750', '8751', '8752']) ports.set(port, await freePort());
    await soloHome(machines);
  });
  afterAll(() => {
    for (const broker of brokers) broker.kill('SIGKILL');
    machines[Symbol.dispose]();
  });

  const filled = (line: Line): Line => ({
    ...line,
    words: line.words.map((word) =>
      [...seen, ...ports]
        .reduce((text, [from, to]) => text.replaceAll(from, to), word)
        .replace('broker.acme.example', 'localhost')
        .replace('0.0.0.0', '127.0.0.1')
        .replace('$COUNTERSIGN_HOME', machines.state(line.person)),
    ),
  });

  /** One line of the document; what it prints is kept where later lines need it. */
  const runLine = async (raw: Line): Promise<void> => {
    const line = filled(raw);
    const [program, ...words] = line.words;
    if (program !== 'countersign') {
      // Her app is stopped first, as the document says.
      await stopped(brokers.at(-1));
      return shell(machines, line);
    }
    if (words[0] === 'broker') return startOrInit(machines, words.slice(1), line.stays, brokers);
    if (line.stays) {
      const started = machines.start(line.person, words);
      joins.set(line.person, started);
      const said = await started.says(/waiting/);
      seen.set(`ID-OF-${line.person.toUpperCase()}`, /id: ([0-9a-f]{12})/.exec(said)?.[1] ?? '');
      return;
    }
    const ran = await machines.run(line.person, words);
    expect([line.words.join(' '), ran.code, ran.err]).toEqual([line.words.join(' '), 0, '']);
    notice(line, ran);
    if (words[1] === 'publish') await settle(words.at(-1) ?? '');
  };
  const notice = ({ words }: Line, ran: Ran): void => {
    if (words[2] === 'invite') seen.set('INVITATION', ran.out.trim());
    if (words[2] === 'proposals' && !seen.has('compared')) {
      seen.set('compared', 'yes');
      expect(ran.out).toContain('person bob (Bob Ray) on bob-laptop');
      expect(ran.out).toContain('guard ci-1 on ci-host');
      expect(ran.out).toContain(seen.get('ID-OF-BOB'));
    }
  };
  /** Who is enrolled by this version hears of it without being restarted. */
  const settle = async (file: string): Promise<void> => {
    const who = { 'acme-2.keyring': 'bob', 'acme-3.keyring': 'ci' }[file];
    const joined = who && (await joins.get(who)?.ended);
    if (joined) expect(joined.out).toMatch(/joined acme \(keyring version [23]\)\n$/);
  };

  for (const { title, lines } of sections())
    test(`${title}: every command does what it says`, async () => {
      if (title.startsWith('From solo')) brokers.push(await bundled(machines));
      for (const line of lines) await runLine(line);
      await checks[title]?.();
    });

  const checks: Record<string, () => void | Promise<void>> = {
    'A second person, and a guard on another machine': () => {
      const home = openHome(machines.state('ci'), { uid: process.getuid?.(), create: false });
      if (!home.ok) throw new Error(home.code);
      const identity = openIdentity(home.value, systemRandom);
      expect(identity.ok && [identity.value.id, identity.value.host]).toEqual(['ci-1', 'ci-host']);
    },
    'A lost laptop': async () => {
      const held = readKeyring(machines.path('acme-4.keyring'));
      const bob = held.ok ? held.value.keyring.reviewers.find(({ id }) => id === 'bob') : undefined;
      expect(bob?.keys.map(({ untilIndex, why }) => [untilIndex, why])).toEqual(
        Array.from({ length: 3 }, () => [3, 'left in a train']),
      );
      // Ann's app has never run: the index came from the broker's signed head, of four entries by now.
      const ahead =
        'keyring revoke --guard ci-1 --why sold --from-index 9999 --out ahead.draft'.split(' ');
      const refused = await machines.run('ann', ahead);
      expect([refused.code, refused.out]).toEqual([64, '']);
      expect(refused.err).toMatch(/--from-index 9999: the log has 4 entries.*the broker’s newest/);
    },
    'A log that must begin again': () => {
      const home = openHome(machines.state('ci'), { uid: process.getuid?.(), create: false });
      const identity = home.ok ? openIdentity(home.value, systemRandom) : home;
      if (!identity.ok) throw new Error(identity.code);
      const { keyring } = identity.value.trust().keyring;
      expect([keyring.version, keyring.log.origin]).toEqual([7, 'acme/2']);
    },
    'From solo to a team': async () => {
      const shown = await machines.run('eve', ['keyring', 'show']);
      expect(shown.out).toContain('mode: team');
      expect(shown.out).toContain('person eve: groups: admin');
      // The same log: its first entry is still the solo keyring, and the moved broker lets Eve in.
      expect((await machines.run('eve', ['keyring', 'proposals'])).code).toBe(0);
    },
  };

  test('the invitation of the solo team has its new roots, not its old one', async () => {
    const shown = await machines.run('eve', ['keyring', 'show']);
    const [, words] = /organisation and roots together: ([a-z ]+)/.exec(shown.out) ?? [];
    expect(words?.split(' ')).toHaveLength(8);
    expect(words).not.toBe(keyWords('0'.repeat(64)));
  });
});

function sections(): readonly Section[] {
  const text = readFileSync(join(ROOT, 'docs/teams.md'), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      title: part.split('\n')[0] ?? '',
      lines: [...part.matchAll(/^([a-z]+)\$ (.+?)( &)?$/gm)].map(
        ([, person = '', line = '', stays]) => ({
          person,
          words: wordsOf(line),
          stays: stays !== undefined,
        }),
      ),
    }));
}

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');

function shell(machines: Machines, { person, words }: Line): void {
  const env = { ...process.env, COUNTERSIGN_HOME: machines.state(person) };
  const ran = spawnSync('/bin/sh', ['-c', words.join(' ')], { cwd: machines.folder, env });
  expect([words.join(' '), ran.status, String(ran.stderr)]).toEqual([words.join(' '), 0, '']);
}

async function startOrInit(
  machines: Machines,
  words: readonly string[],
  stays: boolean,
  brokers: ChildProcess[],
): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'main/broker.ts'), ...words], {
    cwd: machines.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (stays) {
    brokers.push(child);
    await listening(child);
    return;
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
}

function stopped(child: ChildProcess | undefined): Promise<unknown> {
  const ended = new Promise((resolve) => child?.once('close', resolve));
  return child?.kill('SIGTERM') === true ? ended : Promise.resolve();
}

/** Rejects with what it said where it ends instead. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.stdout?.once('data', () => resolve());
    child.once('close', (code) => reject(new Error(`broker ended ${code}: ${said}`)));
  });
}

/** The bundled broker of Eve's solo app; the app itself has been stopped before the broker's files move. */
async function bundled(machines: Machines): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'main/broker.ts'), '--home', machines.state('eve')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await listening(child);
  return child;
}

async function soloHome(machines: Machines): Promise<void> {
  const home = openHome(machines.state('eve'), { uid: process.getuid?.(), create: true });
  if (!home.ok) throw new Error(home.code);
  const person = { id: 'eve', name: 'Eve', passphrase: PASSPHRASE, hostName: 'eve-laptop' };
  const made = await makeSolo(home.value, person, { clock: systemClock, random: systemRandom });
  if (!made.ok) throw new Error(made.detail);
}

function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(String(port)));
    });
  });
}
