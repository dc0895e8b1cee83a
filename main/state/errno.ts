// The system's code of a caught error, for a branch, and what it means, for a sentence.

export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such folder'],
  ['ENOTDIR', 'a part of this path is no folder'],
  ['EEXIST', 'something of this name is there already'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'nothing can be written there'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

/** Of a file that was to be opened or written; a code that needs no words of its own stays as it is. */
export function errorReason(error: unknown): string {
  const code = errorCode(error);
  return REASONS.get(code) ?? code;
}
