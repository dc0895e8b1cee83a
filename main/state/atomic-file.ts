// Files that are whole or not there, and on disk when the call returns: contents first, then the name, then the folder.
// Reads follow no link and refuse what another user owns or others may open. All calls block: they are small and few.

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';
import { errorCode, errorReason } from './errno.ts';
import { syncFolder } from './sync-folder.ts';

export type ReadCode = 'missing' | 'exposed' | 'tooLarge' | 'io';

/** Replaces the file as a whole; a crash leaves the old one or the new one. */
export function writeAtomic(path: string, bytes: Uint8Array, mode = 0o600): Result<void, 'io'> {
  return viaTemp(path, bytes, mode, (temp) => {
    renameSync(temp, path);
    return ok(undefined);
  });
}

/** Puts whole contents under a name that is free; of any number of processes one is told 'created'. */
export function publishExclusive(
  path: string,
  bytes: Uint8Array,
): Result<'created', 'exists' | 'io'> {
  return viaTemp(path, bytes, 0o600, (temp) => {
    try {
      // link(2), unlike rename(2), refuses a name that is taken.
      linkSync(temp, path);
      return ok('created');
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return fail('exists');
      throw error;
    } finally {
      rmSync(temp, { force: true });
    }
  });
}

/**
 * Claims a name: of any number of processes exactly one is told 'created', and it is told so once the claim is on disk.
 * The claim comes first, the contents after it: on 'io' or a crash the name may stay taken, with less or nothing in it.
 */
export function createExclusive(
  path: string,
  bytes: Uint8Array,
): Result<'created', 'exists' | 'io'> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    return errorCode(error) === 'EEXIST' ? fail('exists') : ioFailure(path, error);
  }
  try {
    try {
      writeWhole(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    syncFolder(dirname(path));
    return ok('created');
  } catch (error) {
    return ioFailure(path, error);
  }
}

/** The bytes of a regular file of at most `maxBytes` that belongs to `uid` and to nobody else (Windows: no uid). */
export function readPrivate(
  path: string,
  maxBytes: number,
  uid: number | undefined = process.getuid?.(),
): Result<Uint8Array, ReadCode> {
  let fd: number;
  try {
    // O_NONBLOCK: a named pipe in the file's place must not hang the reader. Windows has neither flag.
    fd = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return fail('missing', `${path} does not exist`);
    if (code === 'ELOOP') return fail('exposed', `${path} is a symbolic link`);
    return ioFailure(path, error);
  }
  try {
    return readOpened(path, fd, maxBytes, uid);
  } catch (error) {
    return ioFailure(path, error);
  } finally {
    closeSync(fd);
  }
}

function readOpened(
  path: string,
  fd: number,
  maxBytes: number,
  uid: number | undefined,
): Result<Uint8Array, ReadCode> {
  const stats = fstatSync(fd);
  if (!stats.isFile()) return fail('exposed', `${path} is not a regular file`);
  if (uid !== undefined) {
    if (stats.uid !== uid)
      return fail('exposed', `${path} belongs to another user (uid ${stats.uid})`);
    if ((stats.mode & 0o077) !== 0) return fail('exposed', `${path} may be opened by others`);
  }
  // One byte more than allowed, so that a file that grows after fstat is still caught.
  const buffer = new Uint8Array(Math.min(stats.size, maxBytes) + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) return ok(buffer.slice(0, length));
    length += count;
  }
  return length > maxBytes
    ? fail('tooLarge', `${path} is over ${maxBytes} bytes`)
    : fail('io', `${path} changed while it was read`);
}

function viaTemp<T, C extends string>(
  path: string,
  bytes: Uint8Array,
  mode: number,
  place: (temp: string) => Result<T, C>,
): Result<T, C | 'io'> {
  let temp: string | undefined;
  try {
    temp = writeTemp(path, bytes, mode);
    const placed = place(temp);
    syncFolder(dirname(path));
    return placed;
  } catch (error) {
    if (temp !== undefined) rmSync(temp, { force: true });
    return ioFailure(path, error);
  }
}

/** Exclusive creation: a left-over of a crashed process with this pid is stepped over, never written into. */
function writeTemp(path: string, bytes: Uint8Array, mode: number): string {
  for (let n = 0; ; n++) {
    const temp = join(dirname(path), `.${basename(path)}.${process.pid}.${n}.tmp`);
    let fd: number;
    try {
      fd = openSync(temp, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && n < 10_000) continue;
      throw error;
    }
    try {
      // The umask may only have taken bits away; the mode is what the caller named.
      fchmodSync(fd, mode);
      writeWhole(fd, bytes);
      fsyncSync(fd);
    } catch (error) {
      rmSync(temp, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    return temp;
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

const ioFailure = (path: string, error: unknown) => fail('io', `${path}: ${errorReason(error)}`);
