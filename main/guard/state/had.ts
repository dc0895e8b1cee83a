// Which folders this guard has had: what is used up and what was seen of the log are known by the files in them, so one that
// is gone is no new beginning. A mark beside each, on disk before the folder is first used, and nothing runs where it is missing.

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import { errorCode } from '../../state/errno.ts';
import type { Home } from '../../state/home.ts';

const MARK = /^had-(consumed|grants|log-[0-9a-f]{16})$/;

/** The folder, made where this guard has never had it. */
export function folderOnce(home: Pick<Home, 'guard'>, name: string): Result<string, 'lost' | 'io'> {
  const path = join(home.guard, name);
  const mark = join(home.guard, `had-${name}`);
  if (existsSync(mark)) return isFolder(path) ? ok(path) : fail('lost', lost(home, name));
  try {
    mkdirSync(path, { mode: 0o700, recursive: true });
  } catch (error) {
    return fail('io', `${path}: ${errorCode(error)}`);
  }
  const made = publishExclusive(mark, utf8('\n'));
  return made.ok || made.code === 'exists' ? ok(path) : fail('io', made.detail);
}

/** The sentence to say where any is gone; undefined where all are there. */
export function whatIsLost(home: Pick<Home, 'guard'>): string | undefined {
  const names = readdirSync(home.guard).flatMap((file) => MARK.exec(file)?.[1] ?? []);
  const gone = names.find((name) => !isFolder(join(home.guard, name)));
  return gone === undefined ? undefined : lost(home, gone);
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const lost = ({ guard }: Pick<Home, 'guard'>, name: string): string =>
  `${join(guard, name)} is gone, and with it what this guard knew of earlier runs. Put it back. If it is gone for good, end this ` +
  `guard's key in the keyring and enrol the guard anew; or go on without it by removing ${join(guard, `had-${name}`)}`;
