// npm's additions are taken from a real `npm run`, so a newer npm that adds something else turns these red.

import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEnvironment, environmentEntries } from '../../../../main/guard/exec/environment.ts';
import type { Attached } from '../../../../main/guard/exec/long-value.ts';
import { strippedPath, withoutNpm } from '../../../../main/guard/exec/npm-traces.ts';
import { got, PATH, type Yard, yard } from './kit.ts';

const NONE = { shown: [], secrets: [] };
const child = (env: NodeJS.ProcessEnv, passes: { shown?: string[]; secrets?: string[] } = {}) =>
  childEnvironment(env, { ...NONE, ...passes }, 'linux');

describe('npm', () => {
  let place: Yard;
  beforeAll(async () => {
    place = await yard();
    writeFileSync(
      place.at('package.json'),
      JSON.stringify({ name: 'x', version: '1.0.0', config: { a: 'b' }, scripts: { e: 'env -0' } }),
    );
  });
  afterAll(() => place.remove());

  const npmRun = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
    // env(1) from the start, so that nothing of this test's own npm is in it.
    const words = ['run', '--silent', 'e'];
    const out = execFileSync('npm', words, { cwd: place.work, env, encoding: 'utf8' });
    return Object.fromEntries(
      out
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  };
  const npmPath = strippedPath(process.env['PATH'] ?? '', 'linux');

  test('everything that npm run added is gone, and nothing else', () => {
    const own = { PATH: npmPath, HOME: place.root, MINE: 'x', EDITOR: 'nano', NODE_ENV: 'test' };
    const inside = npmRun(own);
    expect(inside['npm_execpath']).toBeDefined();
    expect(inside['PATH']).not.toBe(npmPath);
    // What the shell that runs the script adds is not npm's, and the allow-list drops it.
    const {
      PWD: _pwd,
      SHLVL: _level,
      OLDPWD: _old,
      _: _last,
      ...rest
    } = withoutNpm(inside, 'linux');
    expect(rest).toEqual(own);
  });

  test('NODE_OPTIONS of npm own settings are dropped, the person own stay', () => {
    const npm = { PATH, npm_execpath: '/npm', npm_config_node_options: '--a' };
    expect(withoutNpm({ ...npm, NODE_OPTIONS: '--a' }, 'linux')).toEqual({ PATH });
    const own = { PATH, NODE_OPTIONS: '--b' };
    expect(withoutNpm({ ...npm, ...own }, 'linux')).toEqual(own);
  });

  test('EDITOR is dropped where npm made it up', () => {
    const own = { PATH: npmPath, HOME: place.root };
    expect(npmRun(own)['EDITOR']).toBe('vi');
    expect(withoutNpm(npmRun(own), 'linux')['EDITOR']).toBeUndefined();
  });

  test('an entry of the person own that looks like npm stays', () => {
    const gyp = '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin';
    const block = `/a/node_modules/.bin:/node_modules/.bin:${gyp}`;
    const own = '/own/node_modules/.bin:/usr/bin';
    expect(strippedPath(`${block}:${own}`, 'linux')).toBe(own);
    expect(strippedPath(`${block}:/venv/bin:${block}:${own}`, 'linux')).toBe(`/venv/bin:${own}`);
    expect(strippedPath(own, 'linux')).toBe(own);
  });

  test('what npm overwrote cannot be named into the child', () => {
    const env = { PATH, npm_execpath: '/npm', NODE: '/usr/bin/node', npm_token: 'x' };
    expect(child(env, { shown: ['NODE'] })).toMatchObject({ ok: false, code: 'usage' });
    expect(child(env, { shown: ['npm_token'] })).toMatchObject({ ok: false, code: 'usage' });
    expect(child({ PATH, NODE: 'mine' }, { shown: ['NODE'] }).ok).toBe(true);
  });
});

const DANGEROUS = [
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'NODE_OPTIONS',
  'NODE_PATH',
  'BASH_ENV',
  'ENV',
  'PYTHONSTARTUP',
  'PYTHONPATH',
  'PERL5OPT',
  'PERL5LIB',
  'RUBYOPT',
  'GIT_SSH_COMMAND',
  'GIT_DIR',
  'IFS',
  'SHELLOPTS',
  'BASH_FUNC_x%%',
  'PROMPT_COMMAND',
  'DYLD_INSERT_LIBRARIES',
  'AWS_SECRET_ACCESS_KEY',
  'PWD',
  '_',
];

test.each(DANGEROUS)('%s passes only when named, and is then shown', (name) => {
  const env = { PATH, [name]: 'v' };
  expect(got(child(env)).childEnv).toEqual({ PATH });
  const named = got(child(env, { shown: [name] }));
  expect(named.childEnv[name]).toBe('v');
  expect(environmentEntries(named, new Uint8Array(32), new Map())).toContainEqual({
    name,
    value: 'v',
  });
});

test('the allow-list passes', () => {
  const env = {
    PATH,
    HOME: '/h',
    LANG: 'C',
    LC_ALL: 'C',
    TERM: 'x',
    TZ: 'UTC',
    USER: 'u',
    LOGNAME: 'u',
    SHELL: '/bin/sh',
    TMPDIR: '/t',
    COLORTERM: 'x',
  };
  expect(got(child(env)).childEnv).toEqual(env);
});

test('entries are sorted by name, and NAME=VALUE sets and overrides', () => {
  const built = got(child({ PATH, HOME: '/h' }, { shown: ['Z=1=2', 'A=', 'HOME=/other'] }));
  const names = environmentEntries(built, new Uint8Array(32), new Map()).map((entry) => entry.name);
  expect(names).toEqual(['A', 'HOME', 'PATH', 'Z']);
  expect(built.childEnv).toEqual({ A: '', HOME: '/other', PATH, Z: '1=2' });
});

test('a secret is an HMAC under the guard key, of name and value', () => {
  const built = got(child({ PATH, TOKEN: 's3cret' }, { secrets: ['TOKEN'] }));
  const key = new Uint8Array(32).fill(1);
  const entries = environmentEntries(built, key, new Map());
  const secret = createHmac('sha256', key).update('TOKEN=s3cret').digest('hex');
  expect(entries).toContainEqual({ name: 'TOKEN', secret });
  expect(JSON.stringify(entries)).not.toContain('s3cret');
  expect(environmentEntries(built, new Uint8Array(32), new Map())).not.toEqual(entries);
});

test('a value over 4 KiB is an attachment', () => {
  const attached: Attached = new Map();
  const built = got(child({ PATH }, { shown: [`BIG=${'x'.repeat(4097)}`] }));
  const [big] = environmentEntries(built, new Uint8Array(32), attached);
  expect(big).toMatchObject({ name: 'BIG', value: { size: 4097 } });
  expect([...attached.values()].map((bytes) => bytes.length)).toEqual([4097]);
});

test.each([
  [{ shown: ['GONE'] }],
  [{ secrets: ['GONE'] }],
  [{ shown: ['=x'] }],
  [{ secrets: ['A=b'] }],
  [{ secrets: ['PATH'] }],
  [{ shown: ['HOME'], secrets: ['HOME'] }],
])('refuses %j as usage', (passes) => {
  expect(child({ PATH, HOME: '/h' }, passes)).toMatchObject({ ok: false, code: 'usage' });
});

test('Windows and macOS get what their programs cannot start without', () => {
  const env = { Path: 'x', SystemRoot: 'C:\\Windows', __CF_USER_TEXT_ENCODING: '0x0', SECRET: 's' };
  expect(got(childEnvironment(env, NONE, 'win32')).childEnv).toEqual({
    Path: 'x',
    SystemRoot: 'C:\\Windows',
  });
  expect(got(childEnvironment(env, NONE, 'darwin')).childEnv).toEqual({
    __CF_USER_TEXT_ENCODING: '0x0',
  });
});
