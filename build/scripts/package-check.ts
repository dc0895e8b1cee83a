// What is asserted of a configuration and of a packed tree: the builder's own schema, the archive's file list against what
// it should be, the native files, and the fuses as the program itself holds them.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { getRawHeader, listPackage } from '@electron/asar';
import type { Configuration } from 'electron-builder';
import { programIn } from '../after-pack.ts';
import { type Flavour, fusesOf, readFuses, type System } from '../fuses.ts';
import { ROOT } from './tool.ts';

/** Throws the builder's own words when its schema refuses the configuration. */
export async function validate(config: Configuration): Promise<void> {
  // Neither is exported under a name of the builder's own; both are what its command line calls.
  const fromBuilder = createRequire(
    createRequire(resolve(ROOT, 'package.json')).resolve('electron-builder'),
  );
  const schema = fromBuilder('app-builder-lib/out/util/config/config.js') as {
    readonly validateConfiguration: (config: Configuration, debug: unknown) => Promise<void>;
  };
  const log = fromBuilder('builder-util') as { readonly DebugLogger: new (on: boolean) => unknown };
  await schema.validateConfiguration(config, new log.DebugLogger(false));
}

const SQLITE = 'node_modules/better-sqlite3';
const PREBUILT: Readonly<Record<System, string>> = { linux: 'linux', mac: 'darwin', win: 'win32' };

/** Every file that the archive may hold, and of these, what it must. */
const ALLOWED: readonly RegExp[] = [
  /^package\.json$/,
  /^LICENSE$/,
  /^out\/main\/(index|store|broker)\.js$/,
  /^out\/main\/chunks\/[\w.-]+\.js$/,
  /^out\/preload\/index\.cjs$/,
  /^out\/renderer\/(index\.html|icon\.svg)$/,
  /^out\/renderer\/assets\/[\w.-]+\.(js|css|svg|png|woff2)$/,
  /^node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/-]+\.js)$/,
  /^node_modules\/ws\/(package\.json|LICENSE|index\.js|wrapper\.mjs|lib\/[\w-]+\.js)$/,
  /^node_modules\/@cedar-policy\/cedar-wasm\/(package\.json|nodejs\/(package\.json|cedar_wasm\.js|cedar_wasm_bg\.wasm))$/,
  /^node_modules\/libpg-query\/(package\.json|LICENSE|wasm\/libpg-query\.(js|wasm))$/,
  /^node_modules\/unbash\/(package\.json|LICENSE|dist\/[\w-]+\.js)$/,
];
const NEEDED = [
  'package.json',
  'out/main/index.js',
  'out/main/store.js',
  'out/main/broker.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  `${SQLITE}/lib/index.js`,
  'node_modules/ws/wrapper.mjs',
  'node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm',
  'node_modules/libpg-query/wasm/libpg-query.wasm',
  'node_modules/unbash/package.json',
];

/** One sentence for each file too many or too few. `files` are relative with `/`. */
export function archiveFaults(
  files: readonly string[],
  system: System,
  arch: string,
): readonly string[] {
  const native = `${SQLITE}/prebuilds/${PREBUILT[system]}-${arch}.node`;
  const strange = files.filter(
    (file) => file !== native && !ALLOWED.some((form) => form.test(file)),
  );
  const absent = [...NEEDED, native].filter((file) => !files.includes(file));
  return [
    ...strange.map((file) => `the archive has ${file}`),
    ...absent.map((file) => `the archive lacks ${file}`),
  ];
}

/** Every file in the archive, folders left out. */
export function filesInArchive(archive: string): readonly string[] {
  const names = listPackage(archive, { isPack: false }).map((name) =>
    name.replaceAll('\\', '/').replace(/^\//, ''),
  );
  const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  return names.filter((name) => !folders.has(name));
}

export type Tree = {
  readonly flavour: Flavour;
  readonly system: System;
  readonly arch: 'x64' | 'arm64';
  /** What the builder calls the unpacked tree. */
  readonly folder: string;
};

export const resourcesOf = ({ system, folder }: Tree): string =>
  system === 'mac'
    ? join(programIn(folder, system), 'Contents', 'Resources')
    : join(folder, 'resources');

/** One sentence for each thing in a packed tree that is not as decided. */
export async function treeFaults(tree: Tree): Promise<readonly string[]> {
  const { flavour, system, arch, folder } = tree;
  const resources = resourcesOf(tree);
  const archive = archiveFaults(filesInArchive(join(resources, 'app.asar')), system, arch);
  const natives = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.node'),
  );
  const fuses = await fuseFaults(programIn(folder, system), flavour, system);
  return [
    ...archive,
    ...(natives.length === 1
      ? []
      : [`there are ${natives.length} native files: ${natives.join(', ')}`]),
    ...fuses,
    ...(system === 'mac'
      ? plistFaults(programIn(folder, system), join(resources, 'app.asar'))
      : []),
  ];
}

/** Electron compares the digest of the archive's header at each start (its document "ASAR Integrity"). */
function plistFaults(app: string, archive: string): readonly string[] {
  const text = readFileSync(join(app, 'Contents', 'Info.plist'), 'utf8');
  const digest = createHash('sha256').update(getRawHeader(archive).headerString).digest('hex');
  return [
    ...(text.includes(digest) ? [] : ['Info.plist lacks the digest of the archive']),
    ...(text.includes('NSAllowsArbitraryLoads') ? ['Info.plist allows plain http everywhere'] : []),
    ...(text.includes('<string>countersign</string>') ? [] : ['Info.plist lacks the scheme']),
  ];
}

async function fuseFaults(
  program: string,
  flavour: Flavour,
  system: System,
): Promise<readonly string[]> {
  const decided = new Map(Object.entries(fusesOf(flavour, system)));
  const held = await readFuses(program);
  return [...held]
    .filter(([name, on]) => decided.get(name) !== on)
    .map(([name, on]) => `the fuse ${name} is ${on ? 'on' : 'off'}`);
}
