// Where `npm start` shows the app: in the official Electron where it is here, on a page of this machine where there is no
// screen, nobody to look or no Electron. Found by files alone: loading the `electron` package would start a download.

import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Surroundings = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  /** Electron's program, where it is whole. */
  readonly program: string | undefined;
  /** An earlier start could not fetch this version. */
  readonly failedBefore: boolean;
};

export type Where =
  /** `why` is said to the person; undefined where they asked for it or could see no window. */
  | { readonly show: 'page'; readonly why: string | undefined }
  | { readonly show: 'electron'; readonly program: string }
  | { readonly show: 'fetch' };

export const FAILED_FILE = '.cache/electron-not-fetched';
export const NOT_FETCHED = `Electron could not be fetched (remove ${FAILED_FILE} to try again)`;

/** Set by whoever starts the app without looking at it: a test, a machine. */
const UNATTENDED = ['CI', 'COUNTERSIGN_NO_OPEN', 'COUNTERSIGN_ADDRESS_FILE'];

export function whereToShow({ env, platform, uid, program, failedBefore }: Surroundings): Where {
  const set = (name: string): boolean => (env[name] ?? '') !== '';
  const page = (why?: string): Where => ({ show: 'page', why });
  if (UNATTENDED.some(set)) return page();
  if (platform === 'linux') {
    if (!set('DISPLAY') && !set('WAYLAND_DISPLAY')) return page();
    // Chromium's sandbox refuses root, and the product does not run without it.
    if (uid === 0) return page('Electron does not run as root');
  }
  if (program !== undefined) return { show: 'electron', program };
  return failedBefore ? page(NOT_FETCHED) : { show: 'fetch' };
}

export type Installed = { readonly version: string; readonly program: string | undefined };

/** What npm brought of the package, and the program where its archive was fetched and unpacked to the end. */
export function electronIn(modules: string): Installed | undefined {
  const folder = join(modules, 'electron');
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const version = (manifest as { readonly version?: unknown }).version;
    if (typeof version !== 'string') return undefined;
    return { version, program: programOf(folder, version) };
  } catch {
    // Installed without the packages of development.
    return undefined;
  }
}

function programOf(folder: string, version: string): string | undefined {
  try {
    const unpacked = readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '');
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    accessSync(program, constants.X_OK);
    return unpacked === version ? program : undefined;
  } catch {
    return undefined;
  }
}

/** That a download failed, for one version: a newer one is tried again, and so is this one once the file is gone. */
export function failureFile(path: string) {
  return {
    path,
    has: (version: string): boolean =>
      existsSync(path) && readFileSync(path, 'utf8').trim() === version,
    put: (version: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${version}\n`);
    },
  };
}
