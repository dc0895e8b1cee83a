// The packed app on the test runtime: what is in it, what its fuses hold, and that it starts. Both flavours are packed here
// anew. The store and the broker need a Node of their own on this runtime; the test puts one on PATH that reads the files
// beside the archive, which only the test flavour has.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile } from '@electron/asar';
import { _electron, expect, test } from 'playwright/test';
import { programIn } from '../../build/after-pack.ts';
import { fusesOf, readFuses } from '../../build/fuses.ts';
import {
  filesInArchive,
  resourcesOf,
  type Tree,
  treeFaults,
} from '../../build/scripts/package-check.ts';
import { standIn } from '../../build/scripts/package-stand-in.ts';
import { packTree, testRuntime } from '../../build/scripts/package-tree.ts';
import { TEST_ELECTRON } from '../../build/scripts/test-electron.ts';
import { ROOT } from '../../build/scripts/tool.ts';
import { keepScreen, PASSPHRASE, Place } from './kit/app.ts';
import { openSession, type Session } from './kit/session.ts';

const BUILT = existsSync(join(ROOT, 'out/main/index.js')) && existsSync(TEST_ELECTRON);
test.skip(!BUILT, 'NOT RUN: the build made no out/main/index.js, or there is no test runtime');
test.describe.configure({ mode: 'serial', timeout: 120_000 });

const SWITCHES = ['--no-sandbox', '--disable-gpu'];
let session: Session;
let release: Tree;
let driven: Tree;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  session = await openSession({ tray: true });
  const runtime = testRuntime(TEST_ELECTRON);
  for (const flavour of ['release', 'test'] as const) {
    const packed = await packTree(flavour, 'linux', runtime);
    if (!packed.ok) throw new Error(packed.detail);
    if (flavour === 'release') release = packed.value.tree;
    else driven = packed.value.tree;
  }
});
test.afterAll(() => session?.close());

test('the archives hold what they should and nothing else', async () => {
  expect(await treeFaults(release)).toEqual([]);
  expect(await treeFaults(driven)).toEqual([]);
  const files = filesInArchive(join(resourcesOf(release), 'app.asar'));
  expect(files.filter((name) => /\.(ts|tsx|map)$|^test\/|node-(linux|win)-/.test(name))).toEqual(
    [],
  );
});

test('each flavour says which it is', () => {
  for (const tree of [release, driven]) {
    const text = extractFile(join(resourcesOf(tree), 'app.asar'), 'package.json').toString('utf8');
    const manifest: unknown = JSON.parse(text);
    expect(manifest).toMatchObject({
      countersign: { flavour: tree.flavour },
      desktopName: 'countersign.desktop',
      main: 'out/main/index.js',
    });
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('devDependencies');
  }
});

test('the release program holds the fuses that were decided, the test one differs by the inspector alone', async () => {
  const held = await readFuses(programIn(release.folder, 'linux'));
  // This Electron has all but the newest.
  const { WasmTrapHandlers: _newest, ...decided } = fusesOf('release', 'linux');
  expect(Object.fromEntries(held)).toEqual(decided);
  const other = await readFuses(programIn(driven.folder, 'linux'));
  const differing = [...held].filter(([name, on]) => other.get(name) !== on);
  expect(differing).toEqual([['EnableNodeCliInspectArguments', false]]);
});

test('the release program opens no inspector, as the test one does', async () => {
  for (const [tree, opens] of [
    [release, false],
    [driven, true],
  ] as const) {
    using place = new Place();
    const printed = await firstWords(programIn(tree.folder, 'linux'), place, '--inspect=0');
    expect(printed).toContain('countersign');
    expect(printed.includes('Debugger listening')).toBe(opens);
  }
});

test('the packed app starts, shows the setup, and makes no key while it is driven', async () => {
  using place = new Place();
  const electron = await _electron.launch({
    executablePath: programIn(driven.folder, 'linux'),
    args: SWITCHES,
    env: envWithNode(place),
    timeout: 30_000,
  });
  const child = electron.process();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    const page = await electron.firstWindow();
    await expect(page.getByRole('heading', { name: 'Set up Countersign' })).toBeVisible();
    await keepScreen(page, 'packaged-setup');
    await page.getByLabel('Your id').fill('ada');
    await page.getByLabel('Your name').fill('Ada Marlow');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase again').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText('remote-debugging-port').first()).toBeVisible();
    await keepScreen(page, 'packaged-refused');
    expect(await electron.evaluate(({ app }) => app.isPackaged)).toBe(true);
    expect(await electron.evaluate(({ app }) => app.getAppPath())).toBe(
      join(resourcesOf(driven), 'app.asar'),
    );
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
});

test('what would be packed for macOS and Windows is as decided too', async () => {
  for (const [system, arch] of [
    ['mac', 'arm64'],
    ['mac', 'x64'],
    ['win', 'arm64'],
  ] as const) {
    const packed = await packTree('release', system, await standIn(system), arch);
    if (!packed.ok) throw new Error(packed.detail);
    expect(await treeFaults(packed.value.tree)).toEqual([]);
  }
});

/** A Node on PATH for the app's children. It reads no archives, so what it is told to run is looked for beside the archive. */
function envWithNode(place: Place): Record<string, string> {
  const folder = join(place.folder, 'bin');
  mkdirSync(folder, { recursive: true });
  const script = [
    '#!/bin/sh',
    'for word do',
    '  shift',
    '  case $word in */app.asar/*) word=${word%%/app.asar/*}/app.asar.unpacked/${word#*/app.asar/} ;; esac',
    '  set -- "$@" "$word"',
    'done',
    `exec '${process.execPath}' "$@"`,
    '',
  ].join('\n');
  writeFileSync(join(folder, 'node'), script, { mode: 0o755 });
  const env = place.env(session, false);
  return { ...env, PATH: `${folder}:${env['PATH'] ?? ''}` };
}

/** What the program prints until it has said something of its own or ended. */
function firstWords(program: string, place: Place, option: string): Promise<string> {
  const child = spawn(program, [...SWITCHES, option], { env: envWithNode(place) });
  let text = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (text.includes('countersign')) child.kill('SIGTERM');
      });
    }
    child.once('close', () => resolve(text));
  });
}
