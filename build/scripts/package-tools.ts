// The programs that electron-builder would download, found on this machine or stood in for. Each answer is the environment
// variable that names one to the builder, or one sentence on why a package cannot be made here.

import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { ROOT } from './tool.ts';

export type Tools =
  | { readonly env: Readonly<Record<string, string>> }
  | { readonly missing: string };

type Machine = {
  readonly path: string;
  readonly platform: NodeJS.Platform;
};

/** What `target` needs beside the builder itself. */
export function toolsFor(target: string, machine: Machine): Tools {
  const found = (names: readonly string[]): string | undefined => findProgram(names, machine.path);
  switch (target) {
    case 'dir':
      return { env: {} };
    case 'zip':
    case 'tar.gz': {
      const own = found(['7za', '7zz', '7z']);
      if (own !== undefined) return { env: { ELECTRON_BUILDER_7ZIP_PATH: own } };
      if (machine.platform === 'win32' || (target === 'zip' && found(['zip']) === undefined)) {
        return { missing: 'needs 7-Zip, which the builder downloads: install it (7za) or zip' };
      }
      return { env: { ELECTRON_BUILDER_7ZIP_PATH: standIn('7za') } };
    }
    case 'deb':
      if (found(['fpm']) !== undefined) return { env: { USE_SYSTEM_FPM: 'true' } };
      if (found(['dpkg-deb']) === undefined) {
        return { missing: 'needs fpm, which the builder downloads, or dpkg-deb' };
      }
      return { env: { CUSTOM_FPM_PATH: standIn('fpm') } };
    case 'AppImage':
      return { missing: 'needs the AppImage runtime, which the builder downloads' };
    case 'dmg':
      return { missing: 'needs macOS (sips, hdiutil)' };
    case 'nsis':
      return { missing: 'needs NSIS with its plugins, which the builder downloads' };
    default:
      return { missing: 'is not a package that Countersign has' };
  }
}

/** The first executable file of these names on a PATH. */
export function findProgram(names: readonly string[], path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The builder runs a program, not a script of ours: a small one that starts it on this Node. POSIX only. */
function standIn(name: '7za' | 'fpm'): string {
  const folder = resolve(ROOT, 'dist/.tools');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const script = resolve(import.meta.dirname, `package-${name}.ts`);
  const quoted = [process.execPath, script].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
  return file;
}
