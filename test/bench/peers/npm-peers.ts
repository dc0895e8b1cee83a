// Packages that only peers need: installed by their names into an ignored folder, without their scripts, once.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PEERS = join(import.meta.dirname, '../../../.cache/peers');

/** False where it is not there and can't be had. */
export function havePackage(name: string, version: string): boolean {
  const there = (): boolean => existsSync(join(PEERS, 'node_modules', name, 'package.json'));
  if (there()) return true;
  mkdirSync(PEERS, { recursive: true });
  const own = join(PEERS, 'package.json');
  if (!existsSync(own)) writeFileSync(own, '{ "name": "bench-peers", "private": true }\n');
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`];
  spawnSync('npm', words, { cwd: PEERS, stdio: 'ignore' });
  return there();
}
