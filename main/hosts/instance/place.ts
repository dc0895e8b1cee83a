// Where the app of one home listens for a second start and for `countersign review`: a private folder of sockets on POSIX,
// one pipe name on Windows. The folder's mode is what keeps other users out, so it is checked, not assumed.

import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode } from '../../state/errno.ts';
import type { Home } from '../../state/home.ts';

export type Place =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'pipe'; readonly name: string };

/** macOS takes 104 bytes with the final zero, Linux 108. */
const MAX_SOCKET_PATH = 103;
const LONGEST_NAME = '/instance-00000000.sock'.length;

/**
 * `shortRoot` is where the fallback for a long home goes: the same for every process of this user, hence not TMPDIR, which
 * two shells may set differently.
 */
export function instancePlace(
  home: Home,
  options: {
    readonly platform: NodeJS.Platform;
    readonly uid: number | undefined;
    readonly shortRoot?: string;
  },
): Result<Place, 'exposed'> {
  const { platform, uid, shortRoot = '/tmp' } = options;
  const hash = createHash('sha256').update(home.root).digest('hex').slice(0, 24);
  if (platform === 'win32') return ok({ kind: 'pipe', name: `\\\\.\\pipe\\countersign-${hash}` });
  if (Buffer.byteLength(home.app) + LONGEST_NAME <= MAX_SOCKET_PATH) {
    // openHome has checked owner and mode.
    return ok({ kind: 'folder', path: home.app });
  }
  return privateFolder(join(shortRoot, `countersign-${uid ?? 0}-${hash}`), uid);
}

function privateFolder(path: string, uid: number | undefined): Result<Place, 'exposed'> {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      return fail('exposed', `${path} can't be made (${errorCode(error)})`);
    }
  }
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return fail('exposed', `${path} is not a folder`);
  if (stats.uid !== uid) return fail('exposed', `${path} belongs to another user`);
  if ((stats.mode & 0o077) !== 0) return fail('exposed', `${path} may be opened by others`);
  return ok({ kind: 'folder', path });
}
