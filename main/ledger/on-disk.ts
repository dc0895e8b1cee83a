// SQLite's failures as values: a full disk passes, a damaged file does not, and neither ends the program. Anything
// else that is thrown is a bug and goes on up.

import { fail, type Result } from '../../shared/result.ts';

/** `full`: there is no room; try again later. `io`: it could not be read or written. `corrupt`: the file is damaged. */
export type DiskCode = 'full' | 'io' | 'corrupt';

const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT'];
const FAILED = ['SQLITE_IOERR', 'SQLITE_BUSY', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];

export function onDisk<T, C extends string>(work: () => Result<T, C>): Result<T, C | DiskCode> {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    const is = (prefix: string): boolean => code.startsWith(prefix);
    if (is('SQLITE_FULL')) return fail('full', 'the disk is full');
    if (isDamage(error)) return fail('corrupt', code);
    if (FAILED.some(is)) return fail('io', code);
    throw error;
  }
}

export const isDamage = (error: unknown): boolean =>
  DAMAGED.some((prefix) => codeOf(error).startsWith(prefix));

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
