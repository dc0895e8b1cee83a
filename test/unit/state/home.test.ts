import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHome, stateHome } from '../../../main/state/home.ts';
import { scratchFolder } from './scratch.ts';

const uid = process.getuid?.();

describe('where the state is', () => {
  test.each([
    [{ COUNTERSIGN_HOME: '/srv/cs' }, 'linux', '/srv/cs'],
    [{ COUNTERSIGN_HOME: '' }, 'linux', '/home/a/.local/state/countersign'],
    [{}, 'linux', '/home/a/.local/state/countersign'],
    [{ XDG_STATE_HOME: '/x' }, 'linux', '/x/countersign'],
    [{ XDG_STATE_HOME: 'x' }, 'linux', '/home/a/.local/state/countersign'],
    [{}, 'darwin', '/home/a/Library/Application Support/Countersign'],
  ] as const)('%o on %s is %s', (env, platform, path) => {
    expect(stateHome(env, platform, '/home/a')).toEqual({ ok: true, value: path });
  });

  test('Windows takes LOCALAPPDATA', () => {
    const at = stateHome({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'win32', 'C:\\Users\\a');
    expect(at).toEqual({ ok: true, value: 'C:\\Users\\a\\AppData\\Local\\Countersign' });
    expect(stateHome({}, 'win32', 'C:\\Users\\a')).toEqual(at);
  });

  test('refuses a relative COUNTERSIGN_HOME: the project folder is no root of trust', () => {
    expect(stateHome({ COUNTERSIGN_HOME: '.cs' }, 'linux', '/home/a')).toMatchObject({
      code: 'notAbsolute',
    });
  });
});

describe.skipIf(uid === undefined)('who may write it', () => {
  test('makes the folder and its three parts, closed to others', () => {
    using at = scratchFolder();
    const home = openHome(join(at.path, 'new', 'cs'), { uid, create: true });
    expect(home.ok).toBe(true);
    if (!home.ok) return;
    for (const path of Object.values(home.value)) expect(modeOf(path)).toBe(0o700);
    expect(openHome(home.value.root, { uid, create: false })).toEqual(home);
  });

  test('makes nothing unless asked to', () => {
    using at = scratchFolder();
    const path = join(at.path, 'cs');
    expect(openHome(path, { uid, create: false })).toMatchObject({ code: 'missing' });
    expect(existsSync(path)).toBe(false);
  });

  test.each(['', 'broker', 'guard', 'app'])(
    'refuses when "%s" may be written by others',
    (part) => {
      for (const mode of [0o770, 0o720, 0o702, 0o777]) {
        using at = scratchFolder();
        const root = made(at.path);
        chmodSync(join(root, part), mode);
        const opened = openHome(root, { uid, create: true });
        expect(opened).toMatchObject({ code: 'groupWritable' });
        expect(modeOf(join(root, part))).toBe(mode);
      }
    },
  );

  test.each(['', 'broker', 'guard', 'app'])('tightens "%s" where others may only read', (part) => {
    using at = scratchFolder();
    const root = made(at.path);
    chmodSync(join(root, part), 0o755);
    expect(openHome(root, { uid, create: false }).ok).toBe(true);
    expect(modeOf(join(root, part))).toBe(0o700);
  });

  test('refuses a folder of another owner', () => {
    using at = scratchFolder();
    const opened = openHome(made(at.path), { uid: (uid ?? 0) + 1, create: true });
    expect(opened).toMatchObject({ code: 'foreignOwner' });
    expect(opened.ok || opened.detail).toContain('another user');
  });

  test.each(['', 'broker', 'guard', 'app'])(
    'refuses a symbolic link in the place of "%s"',
    (part) => {
      using at = scratchFolder();
      const elsewhere = join(at.path, 'elsewhere');
      mkdirSync(elsewhere, { mode: 0o700 });
      const root = join(at.path, 'cs');
      if (part !== '') mkdirSync(root, { mode: 0o700 });
      symlinkSync(elsewhere, join(root, part).replace(/\/$/, ''));
      expect(openHome(root, { uid, create: true })).toMatchObject({ code: 'notFolder' });
    },
  );

  test('refuses a file in its place', () => {
    using at = scratchFolder();
    writeFileSync(join(at.path, 'cs'), '');
    expect(openHome(join(at.path, 'cs'), { uid, create: true })).toMatchObject({
      code: 'notFolder',
    });
  });

  test('says so when it can not be made', () => {
    expect(openHome('/proc/countersign', { uid, create: true })).toMatchObject({ code: 'io' });
  });
});

function made(folder: string): string {
  const root = join(folder, 'cs');
  const home = openHome(root, { uid, create: true });
  expect(home.ok).toBe(true);
  return root;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;
