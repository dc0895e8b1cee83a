// Where this user's state is, and whether it may be trusted: a folder of ours, 0700, that nobody else may write and that
// is not a symbolic link. One that others may only read is tightened; any other doubt is a refusal in one sentence.

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
} from 'node:fs';
import { dirname, join, posix, win32 } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { errorCode, errorReason } from './errno.ts';
import { syncFolder } from './sync-folder.ts';

export type Home = {
  readonly root: string;
  readonly broker: string;
  readonly guard: string;
  readonly app: string;
};

export type HomeCode = 'missing' | 'foreignOwner' | 'groupWritable' | 'notFolder' | 'io';

type Env = { readonly [name: string]: string | undefined };

/**
 * The state folder's path: `COUNTERSIGN_HOME`, else the OS's per-user state folder. A relative COUNTERSIGN_HOME is
 * refused, because it would make the project's folder a root of trust; a relative XDG_STATE_HOME is ignored, as the
 * XDG base directory specification says.
 */
export function stateHome(
  env: Env,
  platform: NodeJS.Platform,
  homedir: string,
): Result<string, 'notAbsolute'> {
  const path = platform === 'win32' ? win32 : posix;
  const own = env['COUNTERSIGN_HOME'];
  if (own !== undefined && own !== '') {
    return path.isAbsolute(own)
      ? ok(path.normalize(own))
      : fail('notAbsolute', 'COUNTERSIGN_HOME is not an absolute path');
  }
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    const folder =
      local !== undefined && path.isAbsolute(local)
        ? local
        : path.join(homedir, 'AppData', 'Local');
    return ok(path.join(folder, 'Countersign'));
  }
  if (platform === 'darwin') {
    return ok(path.join(homedir, 'Library', 'Application Support', 'Countersign'));
  }
  const xdg = env['XDG_STATE_HOME'];
  const folder =
    xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homedir, '.local', 'state');
  return ok(path.join(folder, 'countersign'));
}

/**
 * Opens the folder and its three parts; with `create`, makes what is not there. `uid` is who must own them: undefined
 * where the OS has no owners of that kind (Windows), and then neither owner nor mode is looked at.
 */
export function openHome(
  root: string,
  options: { readonly uid: number | undefined; readonly create: boolean },
): Result<Home, HomeCode> {
  const home: Home = {
    root,
    broker: join(root, 'broker'),
    guard: join(root, 'guard'),
    app: join(root, 'app'),
  };
  for (const path of [home.root, home.broker, home.guard, home.app]) {
    if (options.create) {
      const made = makeFolder(path, path === root);
      if (!made.ok) return made;
    }
    const sound = openFolder(path, options.uid);
    if (!sound.ok) return sound;
  }
  return ok(home);
}

function makeFolder(path: string, withParents: boolean): Result<void, HomeCode> {
  try {
    if (withParents) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    mkdirSync(path, { mode: 0o700 });
    syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    // Another process was first, or something else stands there: the check that follows tells which.
    if (errorCode(error) === 'EEXIST') return ok(undefined);
    return fail('io', `${path} can't be made: ${errorReason(error)}`);
  }
}

function openFolder(path: string, uid: number | undefined): Result<void, HomeCode> {
  let fd: number;
  try {
    // On Windows a folder can't be opened for its mode; there is no owner or mode to check either.
    if (uid === undefined) {
      return lstatSync(path).isDirectory() ? ok(undefined) : fail('notFolder', notFolder(path));
    }
    fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return fail('missing', `${path} does not exist`);
    if (code === 'ENOTDIR' || code === 'ELOOP') return fail('notFolder', notFolder(path));
    return fail('io', `${path} can't be opened (${code})`);
  }
  try {
    return checkFolder(path, fd, fstatSync(fd), uid);
  } catch (error) {
    return fail('io', `${path} can't be checked (${errorCode(error)})`);
  } finally {
    closeSync(fd);
  }
}

/** By descriptor, so that what is checked is what is tightened. */
function checkFolder(path: string, fd: number, stats: Stats, uid: number): Result<void, HomeCode> {
  if (stats.uid !== uid) {
    return fail('foreignOwner', `${path} belongs to another user (uid ${stats.uid})`);
  }
  if ((stats.mode & 0o022) !== 0) {
    return fail(
      'groupWritable',
      `${path} may be written by others: chmod 700 it once you trust it`,
    );
  }
  if ((stats.mode & 0o777) !== 0o700) fchmodSync(fd, 0o700);
  return ok(undefined);
}

const notFolder = (path: string): string => `${path} is not a folder, or is a symbolic link`;
