// Which file a name means, as execvp(3) and POSIX shells find it. Reads the file system and nothing else, so that
// 127 (not found) and 126 (found, cannot be run) are decided before any state is opened. Directories are refused.

import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';

export type ResolveCode = 'notFound' | 'notExecutable';

export type Where = {
  /** The PATH that the child will have: npm's entries are already gone from it. */
  readonly path: string;
  readonly cwd: string;
  readonly platform?: NodeJS.Platform;
};

/** The absolute path of a program, symbolic links not followed. `path` is split as the platform splits it. */
export function resolveProgram(name: string, where: Where): Result<string, ResolveCode> {
  if (name === '' || name.includes('\0')) return fail('notFound', 'the program has no name');
  const windows = where.platform === 'win32';
  const named = name.includes('/') || (windows && name.includes('\\'));
  const folders = named ? [where.cwd] : where.path.split(windows ? ';' : ':');
  let found: string | undefined;
  for (const folder of folders) {
    // An empty or relative PATH entry means the working folder (POSIX XBD 8.3).
    const stem = named && isAbsolute(name) ? name : resolve(where.cwd, folder, name);
    for (const candidate of windows ? withExtensions(stem) : [stem]) {
      const state = stateOf(candidate);
      if (state === 'runnable') return ok(candidate);
      if (state === 'present') found ??= candidate;
    }
  }
  return found === undefined
    ? fail('notFound', `${name}: command not found`)
    : fail('notExecutable', `${found}: cannot be executed`);
}

// Batch files need a shell, which nothing here starts.
const withExtensions = (stem: string): string[] =>
  /\.(exe|com)$/i.test(stem) ? [stem] : [`${stem}.com`, `${stem}.exe`];

/** `absent`, `present` (a directory, or without execute permission for us), `runnable`. */
function stateOf(path: string): 'absent' | 'present' | 'runnable' {
  try {
    if (!statSync(path).isFile()) return 'present';
    accessSync(path, constants.X_OK);
    return 'runnable';
  } catch (error) {
    // Node's file errors carry a code; anything without one is a bug and counts as absent here.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'present' : 'absent';
  }
}
