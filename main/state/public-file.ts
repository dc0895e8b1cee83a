// Files that people hand to each other: public halves of keys, joins, keyrings and their drafts. Nothing in them is secret
// and nothing in them is trusted for where it came from: what counts is signed, or compared by its words.

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import * as z from 'zod';
import { textOf } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { Id, KeyId, Spki } from '../../shared/statement/fields.ts';
import { writeAtomic } from './atomic-file.ts';
import { errorCode, errorReason } from './errno.ts';
import { jsonBytes } from './json-file.ts';

const Key = z.strictObject({ keyId: KeyId, spki: Spki });

export const PublicFile = z.discriminatedUnion('what', [
  z.strictObject({ v: z.literal(1), what: z.literal('root key'), key: Key }),
  z.strictObject({ v: z.literal(1), what: z.literal('broker'), id: Id, session: Key, log: Key }),
  /** `envelope`: text of a `join` statement's envelope. */
  z.strictObject({
    v: z.literal(1),
    what: z.literal('join'),
    envelope: z.string().max(16 * 1024),
  }),
]);
export type PublicFile = z.infer<typeof PublicFile>;
type What = PublicFile['what'];
export type PublicFileOf<W extends What> = Extract<PublicFile, { readonly what: W }>;

const MAX_BYTES = 400 * 1024;

/** Up to 400 KiB of a regular file, whoever owns it. */
export function readPublicBytes(path: string): Result<Uint8Array, 'missing' | 'io'> {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(fd);
    if (!stats.isFile()) return fail('io', `${path} is not a file`);
    if (stats.size > MAX_BYTES) return fail('io', `${path} is over ${MAX_BYTES} bytes`);
    return ok(new Uint8Array(readFileSync(fd)));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return fail('missing', `${path} does not exist`);
    return fail('io', `${path} can't be read: ${errorReason(error)}`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export function readPublic<W extends What>(
  path: string,
  what: W,
): Result<PublicFileOf<W>, 'missing' | 'io' | 'form'> {
  const bytes = readPublicBytes(path);
  if (!bytes.ok) return bytes;
  const parsed = PublicFile.safeParse(jsonOf(bytes.value));
  if (!parsed.success || parsed.data.what !== what)
    return fail('form', `${path} is not the public part of a ${what}`);
  // Its `what` was compared on the line above.
  return ok(parsed.data as PublicFileOf<W>);
}

/** A new file, on disk when the call returns; one that is there is never replaced. */
export function createPublic(path: string, bytes: Uint8Array): Result<void, 'exists' | 'io'> {
  try {
    const fd = openSync(path, 'wx', 0o644);
    try {
      writeFileSync(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return fail('exists', `${path} is there already`);
    return fail('io', `${path} can't be written: ${errorReason(error)}`);
  }
}

/** The same file with other contents, whole. */
export const replacePublic = (path: string, bytes: Uint8Array): Result<void, 'io'> =>
  writeAtomic(path, bytes, 0o644);

export const publicBytes = (file: PublicFile): Uint8Array => jsonBytes(PublicFile.parse(file));

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? '');
  } catch {
    return undefined;
  }
}
