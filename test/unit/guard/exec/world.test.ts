// The measured action is one that the schema accepts, and the second measurement names what changed.

import { chmod, mkdir, open as openFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { readdirSync, realpathSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { remeasure } from '../../../../main/guard/exec/remeasure.ts';
import {
  measureWorld,
  releaseWorld,
  type World,
  type WorldSpec,
} from '../../../../main/guard/exec/world.ts';
import { ExecAction } from '../../../../shared/statement/action.ts';
import {
  got,
  PATH,
  runWorld,
  specOf,
  type Surroundings,
  surroundings,
  type Yard,
  yard,
} from './kit.ts';

let place: Yard;
let around: Surroundings;
let open: World[];
beforeEach(async () => {
  place = await yard();
  around = surroundings(place);
  open = [];
});
afterEach(async () => {
  for (const world of open) await releaseWorld(world);
  place.remove();
});

const measure = async (argv: readonly string[], more: Partial<WorldSpec> = {}): Promise<World> => {
  const world = got(await measureWorld(specOf(place, argv, { around, ...more })));
  open.push(world);
  return world;
};
const codeOf = async (argv: readonly string[], more: Partial<WorldSpec> = {}) => {
  const world = await measureWorld(specOf(place, argv, { around, ...more }));
  if (world.ok) open.push(world.value);
  return world.ok ? 'measured' : world.code;
};

describe('the action', () => {
  test('of a program', async () => {
    const { action } = await measure(['printf', 'a b', 'n\n']);
    expect(ExecAction.parse(action)).toEqual(action);
    expect(action).toMatchObject({
      kind: 'exec',
      argv: ['printf', 'a b', { b64: 'bgo=' }],
      cwd: place.work,
      executable: { path: realpathSync('/usr/bin/printf') },
      env: [
        { name: 'HOME', value: place.root },
        { name: 'PATH', value: PATH },
      ],
      stdin: { from: 'nothing' },
      inputs: [],
      uid: around.uid,
      gid: around.gid,
      umask: around.umask.toString(8).padStart(4, '0'),
      runs: 'descriptor',
    });
    expect(action.script).toBeUndefined();
  });

  test('of a script by its #! line and by its interpreter', async () => {
    await place.script('x.sh', '#!/bin/sh -e\n');
    const sh = realpathSync('/bin/sh');
    const script = { path: place.at('x.sh'), mode: '0755' };
    const line = (await measure(['./x.sh', 'a'])).action;
    expect(line).toMatchObject({
      executable: { path: sh },
      script,
      interpreterArgs: ['-e'],
      runs: 'path',
    });
    const word = (await measure(['sh', 'x.sh'])).action;
    expect(word).toMatchObject({ executable: { path: sh }, script, runs: 'path' });
    expect(word.interpreterArgs).toBeUndefined();
  });

  test('of an env line names env, the script and, as last input, the program', async () => {
    await place.script('x.pl', '#!/usr/bin/env perl\n');
    await writeFile(place.at('in'), '');
    const { action } = await measure(['./x.pl'], { inputs: ['in'] });
    expect(action).toMatchObject({
      executable: { path: realpathSync('/usr/bin/env') },
      interpreterArgs: ['perl'],
      inputs: [{ path: place.at('in') }, { path: realpathSync('/usr/bin/perl') }],
    });
  });

  test('of strict is a copy', async () => {
    expect((await measure(['true'], { strict: true })).action.runs).toBe('copy');
  });

  test('carries long words as attachments', async () => {
    const { action, attachments } = await measure(['true', 'x'.repeat(5000)]);
    const [sha256] = attachments.keys();
    expect(action.argv[1]).toEqual({ attachment: sha256, size: 5000 });
  });
});

describe('is not measured', () => {
  test.each([
    [['absent'], {}, 'notFound'],
    [['./folder'], {}, 'notExecutable'],
    [['./plain'], {}, 'notExecutable'],
    [['./noline'], {}, 'notExecutable'],
    [['./badline'], {}, 'notFound'],
    [['./nested'], {}, 'notExecutable'],
    [['./noenv'], {}, 'notFound'],
    [['true'], { inputs: ['absent'] }, 'usage'],
    [['true'], { passes: { shown: ['GONE'], secrets: [] } }, 'usage'],
    [['./split'], { strict: true }, 'usage'],
    [['./suid'], { strict: true }, 'usage'],
    [['true'], { strict: true, inputs: ['plain'] }, 'usage'],
    [['true', ...Array.from({ length: 5000 }, () => 'x')], {}, 'usage'],
  ] as [string[], Partial<WorldSpec>, string][])('%j %j: %s', async (argv, more, code) => {
    await mkdir(place.at('folder'));
    await writeFile(place.at('plain'), 'x', { mode: 0o644 });
    await place.script('noline', 'echo a shell would run this\n');
    await place.script('badline', '#!/absent/interpreter\n');
    await place.script('inner', '#!/bin/sh\n');
    await place.script('nested', `#!${place.at('inner')}\n`);
    await place.script('noenv', '#!/usr/bin/env absent-program\n');
    await place.script('split', '#!/usr/bin/env -S perl -w\n');
    await place.binary('suid', '/bin/true');
    await chmod(place.at('suid'), 0o4755);
    const before = readdirSync('/proc/self/fd').length;
    expect(await codeOf(argv, more)).toBe(code);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('an env line of several words is measured by default, and env looks for itself', async () => {
    await place.script('split', '#!/usr/bin/env -S perl -w\nprint "ran"');
    const world = await measure(['./split']);
    expect(world.action.inputs).toMatchObject([{ path: realpathSync('/usr/bin/perl') }]);
    expect((await runWorld(place, world)).out).toBe('ran');
  });
});

describe('the second measurement', () => {
  test('says nothing where nothing changed, twice', async () => {
    await place.script('x.sh', '#!/bin/sh\n');
    const world = await measure(['./x.sh']);
    expect(await remeasure(world, world.action)).toBeUndefined();
    expect(await remeasure(world, world.action)).toBeUndefined();
  });

  test.each(['uid', 'gid', 'umask'] as const)('%s: identityChanged', async (field) => {
    const world = await measure(['true']);
    around[field] += 1;
    expect(await remeasure(world, world.action)).toBe('identityChanged');
  });

  test('another account in the approved action than in the world: identityChanged', async () => {
    const world = await measure(['true']);
    expect(await remeasure(world, { ...world.action, uid: 4242 })).toBe('identityChanged');
    const argv = ['true', 'more'];
    expect(await remeasure(world, { ...world.action, argv })).toBe('programChanged');
  });

  test('folderChanged: another folder at its path, no folder, a link elsewhere', async () => {
    await mkdir(place.at('here'));
    around.cwd = place.at('here');
    const world = await measure(['true']);
    await rename(place.at('here'), place.at('gone'));
    expect(await remeasure(world, world.action)).toBe('folderChanged');
    await mkdir(place.at('here'));
    expect(await remeasure(world, world.action)).toBe('folderChanged');
    await rm(place.at('here'), { recursive: true });
    await symlink(place.at('gone'), place.at('here'));
    expect(await remeasure(world, world.action)).toBe('folderChanged');
  });

  test('environmentChanged: a value, a secret, one that is gone', async () => {
    around.env = { PATH, A: '1', TOKEN: 't' };
    const world = await measure(['true'], { passes: { shown: ['A'], secrets: ['TOKEN'] } });
    for (const env of [
      { PATH, A: '2', TOKEN: 't' },
      { PATH, A: '1', TOKEN: 'u' },
      { PATH, A: '1' },
    ]) {
      around.env = env;
      expect(await remeasure(world, world.action)).toBe('environmentChanged');
    }
    around.env = { PATH, A: '1', TOKEN: 't', OTHER: 'not passed' };
    expect(await remeasure(world, world.action)).toBeUndefined();
  });

  test('stdinChanged: a live descriptor that is another one now', async () => {
    const [one, other] = [await openFile('/dev/zero', 'r'), await openFile('/dev/random', 'r')];
    const stdin = { fd: one.fd, choice: 'live' as const };
    const world = await measure(['true'], { stdin });
    expect(await remeasure(world, world.action)).toBeUndefined();
    stdin.fd = other.fd;
    expect(await remeasure(world, world.action)).toBe('stdinChanged');
    await one.close();
    await other.close();
  });

  test('programChanged: gone, its mode, its bytes', async () => {
    await place.binary('prog', '/bin/true');
    const world = await measure(['./prog']);
    await chmod(place.at('prog'), 0o700);
    expect(await remeasure(world, world.action)).toBe('programChanged');
    await rm(place.at('prog'));
    expect(await remeasure(world, world.action)).toBe('programChanged');
  });

  test('scriptChanged: gone, and one whose line names another interpreter', async () => {
    await place.script('x', '#!/bin/sh\n');
    const world = await measure(['./x']);
    await place.script('x', '#!/usr/bin/perl\n');
    expect(await remeasure(world, world.action)).toBe('scriptChanged');
    await rm(place.at('x'));
    expect(await remeasure(world, world.action)).toBe('scriptChanged');
  });

  test('programChanged where only the interpreter is gone', async () => {
    await place.binary('interp', '/bin/sh');
    await place.script('x', `#!${place.at('interp')}\n`);
    const world = await measure(['./x']);
    await rm(place.at('interp'));
    expect(await remeasure(world, world.action)).toBe('programChanged');
  });

  test('inputChanged for a declared file, programChanged for what env names', async () => {
    await place.binary('interp', '/bin/sh');
    await place.script('x', '#!/usr/bin/env interp\n');
    await writeFile(place.at('in'), 'a');
    around.env = { PATH: `${place.work}:${PATH}` };
    const world = await measure(['./x'], { inputs: ['in'] });
    await writeFile(place.at('in'), 'b');
    expect(await remeasure(world, world.action)).toBe('inputChanged');
    await writeFile(place.at('in'), 'a');
    expect(await remeasure(world, world.action)).toBeUndefined();
    await rename(place.at('in'), place.at('in2'));
    expect(await remeasure(world, world.action)).toBe('inputChanged');
    await rename(place.at('in2'), place.at('in'));
    await place.binary('interp', '/bin/false');
    expect(await remeasure(world, world.action)).toBe('programChanged');
  });
});

test('after the second measurement a change in place is still refused at the start', async () => {
  await place.binary('prog', '/bin/true');
  await place.script('x.sh', '#!/bin/sh\nexit 0\n');
  const [program, script] = [await measure(['./prog']), await measure(['sh', 'x.sh'])];
  await place.binary('prog', '/bin/false');
  await place.script('x.sh', '#!/bin/sh\nexit 1\n');
  expect((await runWorld(place, program)).outcome).toBe('programChanged');
  expect((await runWorld(place, script)).outcome).toBe('scriptChanged');
});

test('where descriptors have no path, everything is hashed again and run by path', async () => {
  const world = await measure(['true'], { platform: 'freebsd' });
  expect(world.capability).toBe('path');
  expect(world.action.runs).toBe('path');
  expect((await runWorld(place, world)).outcome).toEqual({ code: 0 });
  await mkdir(place.at('bin'));
  await place.binary('bin/prog', '/bin/true');
  const own = await measure(['./bin/prog'], { platform: 'freebsd' });
  // The measured file itself stays as it is; another stands at its path.
  await rename(place.at('bin'), place.at('old'));
  await mkdir(place.at('bin'));
  await place.binary('bin/prog', '/bin/false');
  expect((await runWorld(place, own)).outcome).toBe('programChanged');
});

test('where folders are compared, another one at the path refuses the start', async () => {
  await mkdir(place.at('here'));
  around.cwd = place.at('here');
  const world = await measure(['true'], { platform: 'freebsd' });
  await rename(place.at('here'), place.at('gone'));
  await mkdir(place.at('here'));
  expect((await runWorld(place, world)).outcome).toBe('folderChanged');
});

test('strict gives the command copies of its declared inputs', async () => {
  await writeFile(place.at('in'), 'approved');
  const world = await measure(['cat', 'in'], { strict: true, inputs: ['in'] });
  expect(await remeasure(world, world.action)).toBeUndefined();
  expect((await runWorld(place, world)).out).toBe('approved');
  await writeFile(place.at('in'), 'changed!');
  expect((await runWorld(place, world)).outcome).toBe('inputChanged');
  expect(readdirSync(place.scratch)).toEqual([]);
});
