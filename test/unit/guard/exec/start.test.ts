// Real processes: what is approved is what runs, with its own words, environment, folder, signals and exit code.

import { readdirSync, realpathSync } from 'node:fs';
import { mkdir, open, rename, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remeasure } from '../../../../main/guard/exec/remeasure.ts';
import { start } from '../../../../main/guard/exec/start.ts';
import { measureWorld, releaseWorld, type WorldSpec } from '../../../../main/guard/exec/world.ts';
import {
  got,
  type Ran,
  runWorld,
  specOf,
  startOptions,
  surroundings,
  type Yard,
  yard,
} from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
});
afterAll(() => place.remove());

async function run(argv: readonly string[], more: Parameters<typeof specOf>[2] = {}): Promise<Ran> {
  const world = got(await measureWorld(specOf(place, argv, more)));
  expect(await remeasure(world, world.action)).toBeUndefined();
  const ran = await runWorld(place, world);
  await releaseWorld(world);
  return ran;
}

const ended = async (argv: readonly string[], more: Partial<WorldSpec> = {}) =>
  (await run(argv, more)).outcome;

describe.each([{ strict: false }, { strict: true }])('the exit, strict $strict', ({ strict }) => {
  test('is the child code', async () => {
    expect(await ended(['true'], { strict })).toEqual({ code: 0 });
    expect(await ended(['sh', '-c', 'exit 3'], { strict })).toEqual({ code: 3 });
    expect(await ended(['sh', '-c', 'exit 255'], { strict })).toEqual({ code: 255 });
  });

  test.each(['TERM', 'INT', 'KILL', 'QUIT', 'ABRT'])('is the signal SIG%s', async (name) => {
    const outcome = await ended(['sh', '-c', `ulimit -c 0; kill -${name} $$`], { strict });
    expect(outcome).toEqual({ signal: `SIG${name}` });
  });

  test('keeps every byte of every word', async () => {
    const words = [
      'a b',
      '',
      'line\nline',
      'tab\t',
      'q\'"$HOME `id`',
      'Grüße',
      '👩‍👩‍👧',
      '-x',
      '--',
      '*',
    ];
    const { out } = await run(['printf', '%s\\0', ...words], { strict });
    expect(out.split('\0').slice(0, -1)).toEqual(words);
  });

  test('gives exactly the approved environment', async () => {
    const around = surroundings(place, {
      LD_PRELOAD: '/x.so',
      NODE_OPTIONS: '--inspect',
      npm_config_registry: 'x',
      TOKEN: 'hidden',
      SHOWN: 'yes',
    });
    const passes = { shown: ['SHOWN', 'MADE=a=b'], secrets: ['TOKEN'] };
    // Node adds this one of its own to every child, unless told not to.
    const coverage = process.env['NODE_V8_COVERAGE'];
    process.env['NODE_V8_COVERAGE'] = '/added';
    const { out } = await run(['env', '-0'], { strict, around, passes });
    if (coverage === undefined) delete process.env['NODE_V8_COVERAGE'];
    else process.env['NODE_V8_COVERAGE'] = coverage;
    expect(out.split('\0').slice(0, -1).toSorted()).toEqual([
      `HOME=${place.root}`,
      'MADE=a=b',
      `PATH=${around.env['PATH']}`,
      'SHOWN=yes',
      'TOKEN=hidden',
    ]);
  });

  test('leaks no descriptor but 0 to 2', async () => {
    const held = await open(place.work, 'r');
    const { out } = await run(['ls', '/proc/self/fd'], { strict });
    await held.close();
    // 3 is ls's own, of the folder that it lists.
    expect(out.trim().split('\n')).toEqual(['0', '1', '2', '3']);
  });

  test('runs a script with its #! line, and one by its interpreter', async () => {
    await place.script('hello.sh', '#!/bin/sh -e\nprintf "%s|" "$@"\n');
    expect((await run(['./hello.sh', 'a b', 'c'], { strict })).out).toBe('a b|c|');
    expect((await run(['sh', 'hello.sh', 'd'], { strict })).out).toBe('d|');
  });

  test('runs the program that env would find, for an env line', async () => {
    await place.script('perl.pl', '#!/usr/bin/env perl\nprint join("|", @ARGV);\n');
    expect((await run(['./perl.pl', 'x', 'y z'], { strict })).out).toBe('x|y z');
  });

  test('leaves nothing behind in the scratch folder, and no open descriptor', async () => {
    const before = readdirSync('/proc/self/fd').length;
    await run(['true'], { strict });
    expect(readdirSync(place.scratch)).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});

test('keeps argv0, so programs of several names know theirs', async () => {
  await symlink('/bin/sh', place.at('other-name'));
  expect((await run(['./other-name', '-c', 'echo $0'])).out).toBe('./other-name\n');
});

test('gives an unset --stdin nothing, and a bound file from its own copy', async () => {
  expect((await run(['cat'])).out).toBe('');
  await writeFile(place.at('in.txt'), 'approved');
  const file = await open(place.at('in.txt'), 'r');
  const stdin = { fd: file.fd, choice: 'auto' } as const;
  const world = got(await measureWorld(specOf(place, ['cat'], { stdin })));
  await writeFile(place.at('in.txt'), 'changed!');
  expect(await remeasure(world, world.action)).toBeUndefined();
  expect((await runWorld(place, world)).out).toBe('approved');
  await releaseWorld(world);
  await file.close();
});

test('starts in the held folder even where its path names another by then', async () => {
  await mkdir(place.at('here'));
  const around = { ...surroundings(place), cwd: place.at('here') };
  const world = got(await measureWorld(specOf(place, ['touch', 'mark'], { around })));
  await rename(place.at('here'), place.at('moved'));
  await mkdir(place.at('here'));
  expect((await runWorld(place, world)).outcome).toEqual({ code: 0 });
  await releaseWorld(world);
  expect(readdirSync(place.at('here'))).toEqual([]);
  expect(readdirSync(place.at('moved'))).toEqual(['mark']);
});

test('applies the approved mask', async () => {
  const around = { ...surroundings(place), umask: 0o027 };
  expect((await run(['sh', '-c', 'umask'], { around })).out).toBe('0027\n');
});

test('what the kernel refuses to start is notExecutable', async () => {
  const long = Array.from({ length: 40 }, () => 'x'.repeat(100_000));
  const around = surroundings(place);
  const world = got(await measureWorld(specOf(place, ['true', ...long], { around })));
  expect((await runWorld(place, world)).outcome).toBe('notExecutable');
  await releaseWorld(world);
});

describe('signals to the guard', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
    '%s reaches the child',
    async (name) => {
      expect(await signalled(name, true)).toEqual({ signal: name });
    },
  );
  test('SIGINT reaches the child where no terminal would send it', async () => {
    expect(await signalled('SIGINT', false)).toEqual({ signal: 'SIGINT' });
  });
  test('SIGINT is the keyboard business on a terminal: the guard outlives it', async () => {
    expect(await signalled('SIGINT', true)).toEqual({ signal: 'SIGTERM' });
  });

  // spawn() returns after execve: libuv waits for it, so no signal comes too early.
  async function signalled(signal: NodeJS.Signals, terminal: boolean) {
    const world = got(await measureWorld(specOf(place, ['sleep', '20'])));
    const started = got(await start(world, startOptions({ terminal })));
    process.emit(signal);
    if (terminal && signal === 'SIGINT') process.emit('SIGTERM');
    const outcome = await started.ended;
    await releaseWorld(world);
    expect(process.listenerCount(signal)).toBe(0);
    return outcome;
  }
});

test('the child is in the guard process group', async () => {
  const { out } = await run([
    'sh',
    '-c',
    'cut -d" " -f5 /proc/self/stat; cut -d" " -f5 /proc/$PPID/stat',
  ]);
  const [own, guard] = out.trim().split('\n');
  expect(own).toBe(guard);
});

test('what is executed is named by descriptor, not by path', async () => {
  const { out } = await run(['sh', '-c', 'readlink /proc/$$/exe; cat /proc/$$/comm; pwd']);
  // comm is the last part of the path that execve got (proc_pid_comm(5)): of /proc/self/fd/N.
  expect(out.split('\n')).toEqual([
    realpathSync('/bin/sh'),
    expect.stringMatching(/^\d+$/),
    place.work,
    '',
  ]);
});
