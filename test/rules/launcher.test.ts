// The launcher of the command line, in a root of its own with a stand-in program: what it execs, and what it says when it cannot.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const LAUNCHER = resolve(import.meta.dirname, '../../build/launcher/countersign');
const PROGRAM = 'process.stdout.write(JSON.stringify([process.pid, process.argv.slice(2)]));\n';

let root = '';

const put = (path: string, text: string): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const launch = (program: string, args: readonly string[], path = '/usr/bin:/bin') =>
  spawnSync(program, args, { cwd: tmpdir(), env: { PATH: path }, encoding: 'utf8' });

describe.skipIf(process.platform === 'win32')('launcher', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'counter sign-'));
    mkdirSync(join(root, 'build/launcher'), { recursive: true });
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    cpSync(LAUNCHER, join(root, 'build/launcher/countersign'));
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
    symlinkSync('../../build/launcher/countersign', join(root, 'node_modules/.bin/countersign'));
    put('out/main/package.json', '{"type":"commonjs"}');
    put('out/main/cli.js', PROGRAM);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('passes every argument byte for byte, through links, and is replaced by the program', () => {
    const args = ['run', '--', '', 'a b', '$HOME', '*', "it's", '"', '\\', 'ä\n', '-e'];
    const linked = launch(join(root, 'node_modules/.bin/countersign'), args);
    expect([linked.stderr, linked.status]).toEqual(['', 0]);
    expect(JSON.parse(linked.stdout)).toEqual([linked.pid, args]);
  });

  test('says in one line that nothing is built, with 78', () => {
    rmSync(join(root, 'out'), { recursive: true });
    const ran = launch(join(root, 'build/launcher/countersign'), []);
    expect(ran.status).toBe(78);
    expect(ran.stderr).toBe(`countersign: not built yet: run npm start once in ${root}\n`);
  });

  test('takes no Node older than 24 from PATH, with 78', () => {
    rmSync(join(root, 'node_modules/.bin/node'));
    const old = put('old/node', '#!/bin/sh\necho 20\n');
    chmodSync(old, 0o755);
    const path = `${dirname(old)}:/usr/bin:/bin`;
    const ran = launch(join(root, 'build/launcher/countersign'), [], path);
    expect(ran.status).toBe(78);
    expect(ran.stderr).toBe(`countersign: needs Node 24 or newer: run npm ci in ${root}\n`);
  });

  test('falls back to a Node 24 on PATH', () => {
    rmSync(join(root, 'node_modules/.bin/node'));
    mkdirSync(join(root, 'new'));
    symlinkSync(process.execPath, join(root, 'new/node'));
    const ran = launch(
      join(root, 'build/launcher/countersign'),
      ['x'],
      `${join(root, 'new')}:/bin`,
    );
    expect(JSON.parse(ran.stdout)).toEqual([ran.pid, ['x']]);
  });
});
