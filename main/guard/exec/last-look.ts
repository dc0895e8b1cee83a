// The last look before the start, all of it synchronous: between it and the spawn no other code of ours runs. The
// program is held by descriptor, so one fstat tells of a write in place; a script is hashed again, by its path.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { RefusalCode } from '../../../shared/domain/refusals.ts';
import { fdPath } from './capability.ts';
import { errorCode, untouched } from './measure.ts';
import type { World } from './world.ts';

export function lastLook(world: World): RefusalCode | undefined {
  const { program, folder } = world.held;
  const byPath = world.capability === 'path';
  if (byPath && !sameFolder(folder.path, folder.id)) return 'folderChanged';
  if (byPath && hashPath(program.starts.path) !== program.starts.file.sha256)
    return 'programChanged';
  if (!untouched(program.starts)) return 'programChanged';
  if (!program.script || world.spec.strict) return undefined;
  const { measured, path } = program.script;
  // Relative to the folder that the child gets, which need not be at its path any more.
  const own = isAbsolute(path) ? path : join(startFolder(world), path);
  return hashPath(own) === measured.file.sha256 ? undefined : 'scriptChanged';
}

/** Where the child starts: the held folder itself, or its path where descriptors have none. */
export function startFolder(world: World): string {
  const { handle, path } = world.held.folder;
  return handle && world.capability === 'descriptor' ? fdPath(handle.fd) : path;
}

function sameFolder(path: string, id: string): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && `${stat.dev}:${stat.ino}` === id;
}

/** undefined: it cannot be read any more. */
function hashPath(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, count));
    }
    return hash.digest('hex');
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
