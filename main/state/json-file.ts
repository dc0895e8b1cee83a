// Small JSON files of our own with a closed schema: private, whole, and refused when anything in them is not ours.

import type * as z from 'zod';
import { textOf, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { type ReadCode, readPrivate } from './atomic-file.ts';

export type JsonFileCode = ReadCode | 'malformed';

const MAX_BYTES = 64 * 1024;

export function readJsonFile<S extends z.ZodType>(
  path: string,
  schema: S,
): Result<z.infer<S>, JsonFileCode> {
  const bytes = readPrivate(path, MAX_BYTES);
  if (!bytes.ok) return bytes;
  const parsed = schema.safeParse(jsonOf(bytes.value));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return fail('malformed', `${path} is not what this version writes${where}`);
}

export const jsonBytes = (value: object): Uint8Array => utf8(`${JSON.stringify(value, null, 2)}\n`);

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? '');
  } catch {
    return undefined;
  }
}
