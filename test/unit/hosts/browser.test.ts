// The browser host's parts that need no socket.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { admission, TOKEN_MS } from '../../../main/hosts/browser/admission.ts';
import { contentSecurityPolicy } from '../../../main/hosts/browser/headers.ts';
import { openPage, removeRedirects, whyNotOpen } from '../../../main/hosts/browser/open-page.ts';
import { readPages } from '../../../main/hosts/browser/pages.ts';
import { childEnvironment, desktopEnvironment } from '../../../main/hosts/processes/environment.ts';
import { systemTimers } from '../../../main/hosts/processes/machine.ts';
import { stopsInReverse } from '../../../main/hosts/processes/stopping.ts';
import { systemRandom } from '../../../main/trust/digest.ts';
import { scratchFolder } from '../state/scratch.ts';
import { movedTime } from './moved.ts';

describe('admission', () => {
  const fresh = () => {
    const time = movedTime();
    return { ...time, gate: admission({ clock: time.clock, random: systemRandom }) };
  };

  test('a token is 32 random bytes and works once', () => {
    const { gate } = fresh();
    const token = gate.newToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(gate.redeem(token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(gate.redeem(token)).toBeUndefined();
  });

  test('a token is refused from 60 s on', () => {
    const { gate, move } = fresh();
    const [early, late] = [gate.newToken(), gate.newToken()];
    move(TOKEN_MS - 1);
    expect(gate.redeem(early)).toBeDefined();
    move(1);
    expect(gate.redeem(late)).toBeUndefined();
  });

  test('a session lives on, and is neither a token nor guessed', () => {
    const { gate, move } = fresh();
    const token = gate.newToken();
    const session = gate.redeem(token) ?? '';
    move(24 * 3600 * 1000);
    expect(gate.knows(session)).toBe(true);
    expect(gate.knows(token)).toBe(false);
    expect(gate.redeem(session)).toBeUndefined();
    expect(gate.knows('')).toBe(false);
  });

  test('forgotten addresses do not pile up: the oldest goes', () => {
    const { gate } = fresh();
    const tokens = Array.from({ length: 33 }, () => gate.newToken());
    expect(gate.redeem(tokens[0] ?? '')).toBeUndefined();
    expect(gate.redeem(tokens[1] ?? '')).toBeDefined();
  });
});

test('the content security policy, word for word', () => {
  expect(contentSecurityPolicy(4711)).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
      "connect-src ws://127.0.0.1:4711; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; " +
      "trusted-types 'none'",
  );
});

test('pages are the built files of known types; a folder without a page is refused', () => {
  using scratch = scratchFolder();
  mkdirSync(join(scratch.path, 'assets'));
  writeFileSync(join(scratch.path, 'index.html'), '<p>');
  writeFileSync(join(scratch.path, 'assets/a.js'), '1');
  writeFileSync(join(scratch.path, 'assets/a.js.map'), '{}');
  const pages = readPages(scratch.path);
  expect(pages.ok && [...pages.value.keys()].toSorted()).toEqual([
    '/',
    '/assets/a.js',
    '/index.html',
  ]);
  expect(readPages(join(scratch.path, 'assets'))).toMatchObject({ ok: false, code: 'missing' });
  expect(readPages(join(scratch.path, 'none'))).toMatchObject({ ok: false, code: 'missing' });
});

describe('opening a browser', () => {
  const where = (folder: string, env: Record<string, string>, uid = 1000) => {
    const time = movedTime();
    return { folder, env, uid, platform: 'linux' as const, random: systemRandom, ...time };
  };

  test('never as root, never without a screen, never when asked not to', () => {
    const screen = { DISPLAY: ':0' };
    expect(whyNotOpen({ ...where('', screen), uid: 0 })).toBe('root');
    expect(whyNotOpen(where('', {}))).toBe('noScreen');
    expect(whyNotOpen(where('', { ...screen, COUNTERSIGN_NO_OPEN: '1' }))).toBe('asked');
    expect(whyNotOpen(where('', screen))).toBeUndefined();
    expect(whyNotOpen(where('', { WAYLAND_DISPLAY: 'w' }))).toBeUndefined();
  });

  test('gives the opener a private file that redirects, and no token', async () => {
    using scratch = scratchFolder();
    const seen = join(scratch.path, 'seen');
    writeFileSync(join(scratch.path, 'xdg-open'), `#!/bin/sh\necho "$0 $@" > ${seen}\n`, {
      mode: 0o755,
    });
    const env = { DISPLAY: ':0', PATH: `${scratch.path}:/usr/bin:/bin` };
    const options = { ...where(scratch.path, env), timers: systemTimers };
    const moved = movedTime();
    const removal = {
      ...systemTimers,
      after: (ms: number, run: () => void) =>
        ms === TOKEN_MS ? moved.timers.after(ms, run) : systemTimers.after(ms, run),
    };
    const address = 'http://127.0.0.1:4711/#t=SECRET';
    const opened = await openPage({ ...options, timers: removal }, () => address);
    expect(opened).toEqual({ opened: true });
    const name = readdirSync(scratch.path).find((one) => one.endsWith('.html')) ?? '';
    const file = join(scratch.path, name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`content="0;url=${address}"`);
    expect(readFileSync(seen, 'utf8')).toContain(file);
    expect(readFileSync(seen, 'utf8')).not.toContain('SECRET');
    moved.move(TOKEN_MS);
    expect(existsSync(file)).toBe(false);
  });

  test('an opener that is not there or fails is said', async () => {
    using scratch = scratchFolder();
    const options = { ...where(scratch.path, { DISPLAY: ':0', PATH: scratch.path }) };
    expect(await openPage(options, () => 'http://127.0.0.1:1/')).toEqual({
      opened: false,
      why: 'noOpener',
    });
    writeFileSync(join(scratch.path, 'xdg-open'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    expect(await openPage(options, () => 'http://127.0.0.1:1/')).toMatchObject({ opened: false });
    removeRedirects(scratch.path);
    expect(readdirSync(scratch.path)).toEqual(['xdg-open']);
  });
});

test('children inherit neither npm, nor NODE_OPTIONS, nor a passphrase', () => {
  const env = {
    PATH: '/project/node_modules/.bin:/usr/bin',
    HOME: '/home/maya',
    DISPLAY: ':0',
    NODE_OPTIONS: '--require x',
    LD_PRELOAD: 'x.so',
    npm_config_x: '1',
    COUNTERSIGN_PASSPHRASE_FILE: '/p',
    LC_ALL: 'C',
  };
  const kept = { PATH: '/usr/bin', HOME: '/home/maya', LC_ALL: 'C' };
  expect(childEnvironment(env)).toEqual(kept);
  expect(desktopEnvironment(env)).toEqual({ ...kept, DISPLAY: ':0' });
});

test('stops in reverse order, once, past a part that fails', async () => {
  const done: string[] = [];
  const stops = stopsInReverse((line) => done.push(line));
  stops.add('a', () => void done.push('a'));
  stops.add('b', async () => {
    throw new Error('stuck');
  });
  stops.add('c', () => void done.push('c'));
  await Promise.all([stops.all(), stops.all()]);
  await stops.all();
  expect(done).toEqual(['c', 'b did not stop well: stuck', 'a']);
});
