// `npm run package`: makes what this machine can make without the builder's downloads, and says in one line what it could
// not and why. `npm run package -- --download` lets the builder fetch the official Electron and its tools, and makes this
// system's own packages: what a release runs. What is packed here on the test runtime says so in its name.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { programIn } from '../after-pack.ts';
import { OFFICIAL, packaging, type Runtime } from '../electron-builder.ts';
import type { Flavour, System } from '../fuses.ts';
import { NOT_NOTARIZED, notaryCredentials } from '../notarize.ts';
import { ELECTRON } from '../product.ts';
import { buildIfStale } from './build.ts';
import { type Tree, treeFaults, validate } from './package-check.ts';
import { writeLicences } from './package-licences.ts';
import type { Order } from './package-one.ts';
import { standIn } from './package-stand-in.ts';
import { toolsFor } from './package-tools.ts';
import { officialRuntime, packOne, packTree, testRuntime } from './package-tree.ts';
import { ensureTestElectron } from './test-electron.ts';
import { ROOT } from './tool.ts';

const FLAVOURS: readonly Flavour[] = ['release', 'test'];
const TARGETS: Readonly<Record<System, readonly string[]>> = {
  linux: ['dir', 'tar.gz', 'zip', 'deb', 'AppImage'],
  mac: ['dir', 'zip', 'dmg'],
  win: ['dir', 'zip', 'nsis'],
};
const STAND_IN_ARCH = { mac: 'arm64', win: 'x64' } as const;
const HERE: Readonly<Partial<Record<NodeJS.Platform, System>>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'win',
};
const NAMES: Readonly<Record<System, string>> = { linux: 'Linux', mac: 'macOS', win: 'Windows' };

/** Returns 0 when everything that can be made here was made and is as decided. */
export async function main(args: readonly string[]): Promise<number> {
  const download = args.includes('--download');
  const strange = args.find((word) => word !== '--download');
  if (strange !== undefined) return say(`no option "${strange}"`, 64);
  if ((await buildIfStale()) !== 0) return 1;
  if (!existsSync(resolve(ROOT, 'out/main/index.js'))) {
    return say('the build made no out/main/index.js: nothing to pack', 1);
  }
  writeLicences();
  for (const flavour of FLAVOURS) await validate(packaging(flavour));
  say('the configurations of Linux, macOS and Windows are valid');
  const system = HERE[process.platform];
  const runtime = await runtimeHere(download);
  let failed = 0;
  for (const one of ['linux', 'mac', 'win'] as const) {
    const here = one === system;
    if (here && runtime !== undefined) failed += await packSystem(one, runtime, download);
    else {
      if (one !== 'linux') failed += await lookedAt(one);
      for (const target of TARGETS[one]) notMade(one, target, whyNoElectron(one, here));
    }
  }
  return failed === 0 ? 0 : 1;
}

/** What can be known of another system's package without its Electron. Returns how many faults there are. */
async function lookedAt(system: 'mac' | 'win'): Promise<number> {
  const packed = await packTree('release', system, await standIn(system), STAND_IN_ARCH[system]);
  if (!packed.ok) {
    say(`${NAMES[system]} on a stand-in: FAILED: ${packed.detail ?? ''}`);
    return 1;
  }
  const { tree, seconds } = packed.value;
  const faults = await treeFaults(tree);
  for (const fault of faults) say(`${NAMES[system]} on a stand-in: ${fault}`);
  if (faults.length === 0) {
    say(
      `${NAMES[system]} ${tree.arch} on a stand-in that cannot start: archive, native file and fuses are as decided, ${seconds.toFixed(1)} s`,
    );
  }
  return faults.length;
}

const whyNoElectron = (system: System, here: boolean): string =>
  here
    ? `needs Electron ${ELECTRON}: run with --download where its archive can be had`
    : `needs Electron ${ELECTRON} for ${NAMES[system]}, which the builder downloads: run this there`;

/** The official one where it is here or may be fetched, else the one that tests run on. */
async function runtimeHere(download: boolean): Promise<Runtime | undefined> {
  if (download) return OFFICIAL;
  const official = officialRuntime();
  if (official !== undefined) return official;
  const test = await ensureTestElectron();
  if ('missing' in test) {
    say(test.missing);
    return undefined;
  }
  const runtime = testRuntime(test.program);
  say(`packing on Electron ${runtime.version}, the test runtime: never to be given to anybody`);
  return runtime;
}

/** The trees of both flavours, then the packages of the release one. Returns how many failed. */
async function packSystem(system: System, runtime: Runtime, download: boolean): Promise<number> {
  let failed = 0;
  for (const flavour of FLAVOURS) {
    const packed = await packTree(flavour, system, runtime);
    if (!packed.ok) {
      say(`${NAMES[system]} dir (${flavour}): FAILED: ${packed.detail ?? ''}`);
      return failed + 1;
    }
    const { tree, seconds } = packed.value;
    told(system, 'dir', flavour, [tree.folder], seconds);
    const faults = await treeFaults(tree);
    for (const fault of faults) say(`${flavour}: ${fault}`);
    failed += faults.length;
    if (flavour === 'release') failed += await packages(tree, runtime, download);
  }
  if (system === 'mac' && notaryCredentials(process.env) === undefined) say(NOT_NOTARIZED);
  return failed;
}

async function packages(tree: Tree, runtime: Runtime, download: boolean): Promise<number> {
  const { flavour, system, arch, folder } = tree;
  let failed = 0;
  for (const target of TARGETS[system].filter((one) => one !== 'dir')) {
    const tools = download
      ? { env: {} }
      : toolsFor(target, { path: process.env['PATH'] ?? '', platform: process.platform });
    if ('missing' in tools) {
      notMade(system, target, tools.missing);
      continue;
    }
    const output = dirname(folder);
    const before = readdirSync(output);
    // Of a Mac's tree the builder wants the bundle.
    const packed = system === 'mac' ? programIn(folder, system) : folder;
    const order: Order = { flavour, system, arch, runtime, target, tree: packed };
    const ran = await packOne(order, tools.env);
    if (ran.code !== 0) {
      process.stderr.write(`${ran.output.slice(-3000)}\n`);
      say(`${NAMES[system]} ${target} (${flavour}): FAILED after ${ran.seconds.toFixed(1)} s`);
      failed += 1;
      continue;
    }
    const made = readdirSync(output).filter((file) => !before.includes(file));
    told(
      system,
      target,
      flavour,
      made.map((file) => join(output, file)),
      ran.seconds,
    );
  }
  return failed;
}

function told(
  system: System,
  target: string,
  flavour: Flavour,
  files: readonly string[],
  seconds: number,
): void {
  const sizes = files.map((file) => `${relative(ROOT, file)}, ${megabytes(file)} MB`);
  say(`${NAMES[system]} ${target} (${flavour}): ${sizes.join('; ')}, ${seconds.toFixed(1)} s`);
}

function megabytes(path: string): string {
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
    : [path];
  const bytes = files.reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
  return (bytes / 1e6).toFixed(1);
}

function notMade(system: System, target: string, why: string): void {
  say(`${NAMES[system]} ${target}: not made: ${why}`);
}

function say(line: string, code = 0): number {
  process.stdout.write(`countersign: ${line}\n`);
  return code;
}
