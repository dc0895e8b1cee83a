// One file, measured: symbolic links resolved first, opened once, read to its end through that descriptor, and the
// same before as after. The descriptor stays open: what was hashed can then be what is used. Node opens every file
// with O_CLOEXEC, so none of these reach a child.

import { createHash } from 'node:crypto';
import { type BigIntStats, constants, fstatSync } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { MeasuredFile } from '../../../shared/statement/action.ts';
import { rawOfText } from '../../../shared/statement/text.ts';

export type MeasureCode = 'notFound' | 'notReadable' | 'notRegular' | 'keepsChanging';

/** What moves when a file is written, replaced or renamed over; nanoseconds where the file system has them. */
export type Stamp = {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
};

export type Measured = {
  readonly file: MeasuredFile;
  /** As it was opened: absolute, without symbolic links. */
  readonly path: string;
  readonly handle: FileHandle;
  readonly stamp: Stamp;
  /** setuid or setgid: a copy would run as somebody else. */
  readonly changesIdentity: boolean;
};

const CHUNK = 1024 * 1024;
const ATTEMPTS = 3;

/** `path` absolute. The caller closes `handle`. */
export async function measureFile(path: string): Promise<Result<Measured, MeasureCode>> {
  let handle: FileHandle | undefined;
  try {
    const real = await realpath(path);
    // O_NONBLOCK: opening a FIFO must not wait for a writer. O_NOFOLLOW: a link put there since realpath is refused.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    handle = await open(real, flags);
    const measured = await readWhole(handle, real);
    if (!measured.ok) await handle.close();
    return measured;
  } catch (error) {
    await handle?.close();
    const code = errorCode(error);
    if (code === undefined) throw error;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    return fail(absent ? 'notFound' : 'notReadable', `${path}: ${code}`);
  }
}

async function readWhole(handle: FileHandle, path: string): Promise<Result<Measured, MeasureCode>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) return fail('notRegular', `${path}: not a regular file`);
    const read = await hashHandle(handle);
    const after = await handle.stat({ bigint: true });
    if (!sameStamp(before, after) || BigInt(read.size) !== after.size) continue;
    return ok({ file: fileOf(path, read, after), path, handle, ...marks(after) });
  }
  return fail('keepsChanging', `${path}: it changes while it is read`);
}

type Read = { readonly sha256: string; readonly size: number };

/** From its first byte, whatever the descriptor's own offset is, which is left alone. */
export async function hashHandle(
  handle: FileHandle,
  each?: (chunk: Buffer) => Promise<void>,
): Promise<Read> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, size);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await each?.(chunk);
    size += bytesRead;
  }
}

const fileOf = (path: string, read: Read, stat: BigIntStats): MeasuredFile => ({
  path: rawOfText(path),
  sha256: read.sha256,
  size: read.size,
  mode: (Number(stat.mode) & 0o7777).toString(8).padStart(4, '0'),
  uid: Number(stat.uid),
  gid: Number(stat.gid),
});

const marks = (stat: BigIntStats): Pick<Measured, 'stamp' | 'changesIdentity'> => {
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  return {
    stamp: { dev, ino, size, mtimeNs, ctimeNs },
    changesIdentity: (Number(stat.mode) & 0o6000) !== 0,
  };
};

const sameStamp = (a: Stamp, b: Stamp): boolean =>
  a.dev === b.dev &&
  a.ino === b.ino &&
  a.size === b.size &&
  a.mtimeNs === b.mtimeNs &&
  a.ctimeNs === b.ctimeNs;

/** One system call: was the held file written since it was hashed? A rename or a new link also counts as change. */
export function untouched(measured: Measured): boolean {
  return sameStamp(measured.stamp, fstatSync(measured.handle.fd, { bigint: true }));
}

/** The code of a failed file operation; undefined for an exception that is a bug. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
