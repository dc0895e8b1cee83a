// Packages that only peers need: installed by their names into an ignored folder, without their scripts, once.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PEERS = join(import.meta.dirname, '../../../.cache/peers');

/** False where it is not there and can't be had. */
export function havePackage(name: string, version: string): boolean {
  const there = (): boolean => existsSync(join(PEERS, 'node_modules', name, 'package.json'));
  if (there()) return true;
  mkdirSync(PEERS, { recursive: true });
  writeOwn(join(PEERS, 'package.json'));
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`];
  spawnSync('npm', words, { cwd: PEERS, stdio: 'ignore' });
  return there();
}

/** An older SQLite binding would have to be compiled: whoever asks for one gets ours. */
function writeOwn(path: string): void {
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : {};
  const overrides = { 'better-sqlite3': '13.2.0' };
  writeFileSync(
    path,
    `${JSON.stringify({ ...before, name: 'bench-peers', private: true, overrides }, undefined, 2)}\n`,
  );
}
