// Where `npm start` shows the app, decided from its surroundings; a download that fails is tried once.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fetchElectron } from '../../../build/scripts/start.ts';
import {
  electronIn,
  failureFile,
  type Surroundings,
  whereToShow,
} from '../../../build/scripts/start-where.ts';
import { scratchFolder } from '../state/scratch.ts';

const DESK: Surroundings = {
  env: { DISPLAY: ':0' },
  platform: 'linux',
  uid: 1000,
  program: '/e/electron',
  failedBefore: false,
};

describe('the app is shown', () => {
  test('in Electron where its program is there', () => {
    expect(whereToShow(DESK)).toEqual({ show: 'electron', program: '/e/electron' });
    const wayland = { ...DESK, env: { WAYLAND_DISPLAY: 'wayland-0' } };
    expect(whereToShow(wayland)).toMatchObject({ show: 'electron' });
    for (const platform of ['darwin', 'win32'] as const) {
      expect(whereToShow({ ...DESK, env: {}, platform })).toMatchObject({ show: 'electron' });
    }
  });

  test.each([
    { CI: 'true', DISPLAY: ':0' },
    { COUNTERSIGN_NO_OPEN: '1', DISPLAY: ':0' },
    { COUNTERSIGN_ADDRESS_FILE: '/x', DISPLAY: ':0' },
    { DISPLAY: '' },
    {},
  ])('on the page at once, without a word and without a download, with %j', (env) => {
    for (const program of ['/e/electron', undefined]) {
      expect(whereToShow({ ...DESK, env, program })).toEqual({ show: 'page', why: undefined });
    }
  });

  test('on the page where Electron would refuse the account', () => {
    for (const program of ['/e/electron', undefined]) {
      const root = whereToShow({ ...DESK, uid: 0, program });
      expect(root).toEqual({ show: 'page', why: 'Electron does not run as root' });
    }
  });

  test('after one download, and on the page with a line once that has failed', () => {
    const without = { ...DESK, program: undefined };
    expect(whereToShow(without)).toEqual({ show: 'fetch' });
    expect(whereToShow({ ...without, failedBefore: true })).toMatchObject({
      show: 'page',
      why: expect.stringContaining('could not be fetched (remove .cache/electron-not-fetched'),
    });
  });
});

test('a failure is remembered for its version alone', () => {
  using scratch = scratchFolder();
  const file = failureFile(join(scratch.path, '.cache/not-fetched'));
  expect(file.has('45.4.1')).toBe(false);
  file.put('45.4.1');
  expect([file.has('45.4.1'), file.has('45.5.0')]).toEqual([true, false]);
});

describe('the program is found by its files', () => {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  test('and only where all of it is there and of the package’s version', () => {
    using scratch = scratchFolder();
    const folder = join(scratch.path, 'electron');
    expect(electronIn(scratch.path)).toBeUndefined();
    put(join(folder, 'package.json'), '{"version":"45.4.1"}');
    // As `npm ci` leaves it: loading this would throw, and would fetch before that.
    put(join(folder, 'index.js'), 'throw new Error("loaded")');
    expect(electronIn(scratch.path)).toEqual({ version: '45.4.1', program: undefined });
    put(join(folder, 'path.txt'), 'electron');
    put(join(folder, 'dist/version'), 'v45.4.0');
    put(join(folder, 'dist/electron'), '');
    expect(electronIn(scratch.path)?.program).toBeUndefined();
    chmodSync(join(folder, 'dist/electron'), 0o755);
    expect(electronIn(scratch.path)?.program).toBeUndefined();
    put(join(folder, 'dist/version'), '45.4.1');
    expect(electronIn(scratch.path)?.program).toBe(join(folder, 'dist/electron'));
  });
});

describe('the download', () => {
  test('has failed where its script fails or does not end in time', async () => {
    using scratch = scratchFolder();
    const script = (name: string, text: string): string => {
      writeFileSync(join(scratch.path, name), text);
      return join(scratch.path, name);
    };
    expect(await fetchElectron(script('good.cjs', ''), 10)).toBe(true);
    expect(await fetchElectron(script('bad.cjs', 'process.exit(1)'), 10)).toBe(false);
    const late = `setTimeout(() => require('fs').writeFileSync(${JSON.stringify(join(scratch.path, 'late'))}, ''), 3000)`;
    expect(await fetchElectron(script('late.cjs', late), 0.3)).toBe(false);
    expect(existsSync(join(scratch.path, 'late'))).toBe(false);
  });
});
