// `npm start` and `countersign review` as wholes: real store process, real sockets, an app that keeps state, streams in memory.

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runBrowserHost } from '../../main/hosts/browser/run.ts';
import * as pageWords from '../../main/hosts/browser/words.ts';
import { type Machine, systemClock, systemTimers } from '../../main/hosts/processes/machine.ts';
import { reviewInTerminal } from '../../main/hosts/terminal/run.ts';
import * as words from '../../main/hosts/terminal/words.ts';
import { systemRandom } from '../../main/trust/digest.ts';
import { type FakeApp, fakeApp } from '../unit/hosts/fake-app.ts';
import { scratchFolder } from '../unit/state/scratch.ts';

const STORE = join(import.meta.dirname, '../../main/store.ts');
const SECRET = 'correct horse battery';

function machine(scratch: string, env: Record<string, string>, isTTY = false) {
  const pages = join(scratch, 'pages');
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<p>page');
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 200, rows: 500 });
  const errors = new PassThrough();
  let printed = '';
  for (const stream of [output, errors]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  }
  let stop = (): void => {};
  const exits: number[] = [];
  const made: Machine = {
    env: { PATH: process.env['PATH'], COUNTERSIGN_HOME: join(scratch, 'home'), ...env },
    platform: process.platform,
    uid: process.getuid?.(),
    homedir: scratch,
    hostName: 'build-7',
    account: 'maya',
    execPath: process.execPath,
    version: '9.9.9',
    files: { store: STORE, broker: '/nonexistent', pages, launcher: '/opt/countersign' },
    terminal: { input, output, errors },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    onStop: (ask) => {
      stop = ask;
      return () => {};
    },
    exit: (code) => void exits.push(code),
  };
  const saw = async (part: string): Promise<void> => {
    await expect.poll(() => printed, { timeout: 8000 }).toContain(part);
  };
  return { machine: made, input, printed: () => printed, stop: () => stop(), saw, exits };
}

const compose = (app: FakeApp) => () => app;
const TOKEN = /#t=([A-Za-z0-9_-]{43})/;

describe('start', () => {
  test('says what runs and where, gives no token to a pipe, and stops in order on request', async () => {
    using scratch = scratchFolder();
    const journal: string[] = [];
    const one = machine(scratch.path, { COUNTERSIGN_NO_OPEN: '1' });
    const ended = runBrowserHost(one.machine, compose(fakeApp(SECRET, journal)));
    await one.saw(pageWords.state(join(scratch.path, 'home')));
    expect(one.printed()).toContain(pageWords.running('9.9.9'));
    expect(one.printed()).toContain('/opt/countersign');
    expect(one.printed()).not.toMatch(TOKEN);
    one.stop();
    expect(await ended).toBe(0);
    expect(journal).toEqual(['app stopped']);
    expect(
      readdirSync(join(scratch.path, 'home/app')).filter((name) => name.endsWith('.sock')),
    ).toEqual([]);
    one.stop();
    expect(one.exits).toEqual([130]);
  });

  test('a terminal gets an address with a token, a second start a fresh one and exit 0', async () => {
    using scratch = scratchFolder();
    const one = machine(scratch.path, { COUNTERSIGN_NO_OPEN: '1' }, true);
    const ended = runBrowserHost(one.machine, compose(fakeApp(SECRET)));
    await one.saw(pageWords.state(join(scratch.path, 'home')));
    const token = TOKEN.exec(one.printed())?.[1];
    expect(token).toBeDefined();
    const second = machine(scratch.path, {}, true);
    expect(await runBrowserHost(second.machine, compose(fakeApp(SECRET)))).toBe(0);
    await second.saw(pageWords.RUNNING_ALREADY);
    const fresh = TOKEN.exec(second.printed())?.[1];
    expect(fresh).toBeDefined();
    expect(fresh).not.toBe(token);
    const third = machine(scratch.path, {}, false);
    expect(await runBrowserHost(third.machine, compose(fakeApp(SECRET)))).toBe(0);
    await third.saw(pageWords.RUNNING_ALREADY);
    expect(third.printed()).not.toMatch(TOKEN);
    one.stop();
    expect(await ended).toBe(0);
  });

  test('the address file is private, and its address shows the page', async () => {
    using scratch = scratchFolder();
    const file = join(scratch.path, 'address');
    const one = machine(scratch.path, { COUNTERSIGN_NO_OPEN: '1', COUNTERSIGN_ADDRESS_FILE: file });
    const ended = runBrowserHost(one.machine, compose(fakeApp(SECRET)));
    await one.saw('State:');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const address = readFileSync(file, 'utf8').trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[A-Za-z0-9_-]{43}$/);
    const status = await new Promise((resolve) =>
      get(address, (response) => resolve(response.resume().statusCode)),
    );
    expect(status).toBe(200);
    one.stop();
    await ended;
  });

  test.runIf(process.platform === 'linux')(
    'no process shows the token in its arguments',
    async () => {
      using scratch = scratchFolder();
      const bin = join(scratch.path, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'xdg-open'), '#!/bin/sh\nsleep 2\n', { mode: 0o755 });
      const env = { DISPLAY: ':9', PATH: `${bin}:/usr/bin:/bin` };
      const one = machine(scratch.path, env);
      const user = { ...one.machine, uid: one.machine.uid };
      // A browser is never opened as root: where the tests run as root, the folder is checked as root's, the rest is not.
      const asPerson = process.getuid?.() === 0 ? undefined : user.uid;
      const ended = runBrowserHost({ ...user, uid: asPerson }, compose(fakeApp(SECRET)));
      const folder = join(scratch.path, 'home/app');
      const redirect = () => readdirSync(folder).find((name) => name.startsWith('open-'));
      await expect
        .poll(
          () => {
            try {
              return redirect();
            } catch {
              return undefined;
            }
          },
          { timeout: 5000 },
        )
        .toBeDefined();
      const token = TOKEN.exec(readFileSync(join(folder, redirect() ?? ''), 'utf8'))?.[1] ?? '';
      expect(token).toHaveLength(43);
      const commands = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
          } catch {
            return '';
          }
        });
      expect(commands.some((command) => command.includes('xdg-open'))).toBe(true);
      expect(commands.filter((command) => command.includes(token))).toEqual([]);
      await one.saw('State:');
      one.stop();
      await ended;
      expect(redirect()).toBeUndefined();
    },
  );

  test('a machine sets up and unlocks from its passphrase file, and is told when it can not', async () => {
    using scratch = scratchFolder();
    const file = join(scratch.path, 'p');
    writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
    const env = { COUNTERSIGN_NO_OPEN: '1', COUNTERSIGN_PASSPHRASE_FILE: file };
    const app = fakeApp(undefined);
    const one = machine(scratch.path, env);
    const ended = runBrowserHost(one.machine, compose(app));
    await one.saw('State:');
    const caller = { surface: 'window', caller: 'test' } as const;
    expect((await app.answers.app.snapshot({}, caller)).key.state).toBe('unlocked');
    one.stop();
    await ended;
    const wrong = machine(scratch.path, env);
    expect(await runBrowserHost(wrong.machine, compose(fakeApp('another secret')))).toBe(78);
    await wrong.saw(words.WRONG);
    chmodSync(file, 0o644);
    const exposed = machine(scratch.path, env);
    expect(await runBrowserHost(exposed.machine, compose(fakeApp(SECRET)))).toBe(78);
    await exposed.saw('may be opened by others');
  });

  test('a first run without a browser asks in the terminal too', async () => {
    using scratch = scratchFolder();
    const app = fakeApp(undefined);
    const one = machine(scratch.path, { COUNTERSIGN_NO_OPEN: '1' }, true);
    const ended = runBrowserHost(one.machine, compose(app));
    await one.saw(words.ASK_NEW);
    one.input.write(`${SECRET}\r`);
    await one.saw(words.ASK_AGAIN);
    one.input.write(`${SECRET}\r`);
    await one.saw(words.SET_UP);
    expect(one.printed()).not.toContain(SECRET);
    one.stop();
    expect(await ended).toBe(0);
  });

  test('a home that others may write is 78', async () => {
    using scratch = scratchFolder();
    mkdirSync(join(scratch.path, 'home'));
    chmodSync(join(scratch.path, 'home'), 0o777);
    const one = machine(scratch.path, {});
    expect(await runBrowserHost(one.machine, compose(fakeApp(SECRET)))).toBe(78);
    await one.saw('may be written by others');
  });
});

describe('review', () => {
  test('joins the app that runs, once the passphrase is proved', async () => {
    using scratch = scratchFolder();
    const app = fakeApp(SECRET);
    const digest = app.add('low');
    const one = machine(scratch.path, { COUNTERSIGN_NO_OPEN: '1' });
    const ended = runBrowserHost(one.machine, compose(app));
    await one.saw('State:');
    const person = machine(scratch.path, {});
    person.input.end(`${SECRET}\nnext\napprove\nquit\n`);
    expect(await reviewInTerminal(person.machine, compose(fakeApp('never composed')))).toBe(0);
    expect(app.intents).toMatchObject([{ digest, verdict: 'approve' }]);
    const stranger = machine(scratch.path, {});
    stranger.input.end('wrong passphrase\nlist\n');
    expect(await reviewInTerminal(stranger.machine, compose(fakeApp('x')))).toBe(77);
    expect(stranger.printed()).not.toContain('export.js');
    one.stop();
    await ended;
  });

  test('runs the app itself where none runs, and is then the one that a start finds', async () => {
    using scratch = scratchFolder();
    const app = fakeApp(SECRET);
    app.add('low');
    const person = machine(scratch.path, {});
    const ended = reviewInTerminal(person.machine, compose(app));
    person.input.write(`${SECRET}\n`);
    await person.saw('1. [low]');
    const second = machine(scratch.path, {});
    expect(await runBrowserHost(second.machine, compose(fakeApp('x')))).toBe(0);
    await second.saw(words.RUNS_HERE);
    person.input.end('next\ndeny\nquit\n');
    expect(await ended).toBe(0);
    expect(app.intents).toMatchObject([{ verdict: 'deny' }]);
  });
});
