// The bytes that an auditor names: one file, or a folder read no further than a bundle can reach. A folder is a bundle's only
// with a manifest in it, and a name that no bundle has is not read: it stands as an empty file, which fails.

import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { MANIFEST } from '../evidence/paths.ts';
import { type Files, isFileName, MOST_FILES } from '../evidence/zip.ts';
import { errorCode } from '../state/errno.ts';

type Read = { readonly zip: Uint8Array } | { readonly files: Files } | { readonly text: string };

const MOST_BYTES = 1024 * 1024 * 1024;
/** `entries/INDEX-TYPE/leaf.json`. */
const DEEPEST = 3;

/** The detail is one sentence for whoever typed the path. */
export function readBundle(path: string): Result<Read, 'unreadable'> {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return readFolder(path);
    if (!stats.isFile()) return fail('unreadable', `${path} is neither a file nor a folder`);
    if (stats.size > MOST_BYTES) return fail('unreadable', tooLarge(path));
    const bytes = new Uint8Array(readFileSync(path));
    const text = bytes[0] === 0x7b ? textOf(bytes) : undefined;
    return ok(text === undefined ? { zip: bytes } : { text });
  } catch (error) {
    return fail('unreadable', whyUnread(path, error));
  }
}

function readFolder(top: string): Result<Read, 'unreadable'> {
  const manifest = lstatSync(join(top, MANIFEST), { throwIfNoEntry: false });
  if (!manifest?.isFile())
    return fail('unreadable', `${top} has no ${MANIFEST}: it is not the folder of a bundle`);
  const files = new Map<string, Uint8Array>();
  let room = MOST_BYTES;
  let seen = 0;
  /** False where it is more than a bundle holds. */
  const walk = (folder: string, name: string, depth: number): boolean => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const inside = `${name}${entry.name}`;
      const path = join(folder, entry.name);
      seen += 1;
      if (seen > 2 * MOST_FILES || files.size >= MOST_FILES) return false;
      if (entry.isDirectory() && depth < DEEPEST) {
        if (!walk(path, `${inside}/`, depth + 1)) return false;
        continue;
      }
      const plain = entry.isFile() && isFileName(inside);
      room -= plain ? lstatSync(path).size : 0;
      if (room < 0) return false;
      files.set(inside, plain ? new Uint8Array(readFileSync(path)) : new Uint8Array(0));
    }
    return true;
  };
  return walk(top, '', 1) ? ok({ files }) : fail('unreadable', tooLarge(top));
}

const tooLarge = (path: string): string =>
  `${path} is more than a bundle holds (${MOST_FILES} files, ${MOST_BYTES} bytes)`;

function whyUnread(path: string, error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${path} is not there`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user`;
    default:
      return `${path} cannot be read (${errorCode(error)})`;
  }
}
