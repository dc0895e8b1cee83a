// The highest of something that only goes up (checkpoint by size, keyring by version), shared by many processes without
// a lock: one file per value, `name.<number>`, created whole and exclusively; the highest counts. A mark is removed only
// by a process that has checked a higher stored one against it, so two histories can't pass each other unseen: each
// writer stores first and looks afterwards, hence of two at once at least one sees the other.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sameBytes } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { publishExclusive, type ReadCode, readPrivate } from './atomic-file.ts';
import { errorCode } from './errno.ts';
import { syncFolder } from './sync-folder.ts';

export type Mark = { readonly number: number; readonly bytes: Uint8Array };
export type MarkName = 'checkpoint' | 'keyring';

const MAX_BYTES = 256 * 1024;
const MAX_READS = 100;

/** Every stored mark, lowest first: mostly one, more while writers meet. The last is the highest. */
export function readMarks(folder: string, name: MarkName): Result<readonly Mark[], ReadCode> {
  for (let attempt = 0; attempt < MAX_READS; attempt++) {
    const numbers = listNumbers(folder, name);
    if (!numbers.ok) return numbers;
    const marks = readAll(folder, name, numbers.value);
    // A mark went away between the list and the read: a higher one has taken its place.
    if (marks.ok || marks.code !== 'missing') return marks;
  }
  return fail('io', `the ${name} marks in ${folder} never stood still`);
}

/**
 * Stores a mark that the caller has checked against every one of `seen` (the answer of `readMarks`).
 * 'lower': it is not above the highest of `seen`, and nothing is stored. 'differs': that number is stored with other
 * bytes. 'raced': others were stored meanwhile; read again, check against all of them, raise again. Only after
 * 'raised' may the caller act on the mark.
 */
export function raiseMark(
  folder: string,
  name: MarkName,
  seen: readonly Mark[],
  next: Mark,
): Result<'raised', 'lower' | 'differs' | 'raced' | ReadCode> {
  const path = pathOf(folder, name, next.number);
  const known = seen.find((mark) => mark.number === next.number);
  if (known !== undefined && !sameBytes(known.bytes, next.bytes)) return fail('differs');
  if (seen.some((mark) => mark.number > next.number)) return fail('lower');
  const published = publishExclusive(path, next.bytes);
  if (!published.ok) {
    if (published.code === 'io') return fail('io', published.detail);
    const stored = readPrivate(path, MAX_BYTES);
    if (!stored.ok) return stored.code === 'missing' ? fail('raced') : stored;
    if (!sameBytes(stored.value, next.bytes)) return fail('differs');
  }
  const now = listNumbers(folder, name);
  if (!now.ok) return now;
  const checked = new Set([next.number, ...seen.map((mark) => mark.number)]);
  if (!now.value.includes(next.number)) return fail('raced');
  if (now.value.some((number) => !checked.has(number))) return fail('raced');
  return removeLower(folder, name, seen, next.number);
}

function removeLower(
  folder: string,
  name: MarkName,
  seen: readonly Mark[],
  number: number,
): Result<'raised', 'io'> {
  try {
    for (const mark of seen) {
      if (mark.number < number) rmSync(pathOf(folder, name, mark.number), { force: true });
    }
    if (seen.length > 0) syncFolder(folder);
    return ok('raised');
  } catch (error) {
    return fail('io', `${folder}: ${errorCode(error)}`);
  }
}

function listNumbers(folder: string, name: MarkName): Result<readonly number[], 'io'> {
  try {
    const numbers = readdirSync(folder).flatMap((file) => numberOf(file, name) ?? []);
    return ok(numbers.sort((a, b) => a - b));
  } catch (error) {
    return fail('io', `${folder}: ${errorCode(error)}`);
  }
}

function readAll(
  folder: string,
  name: MarkName,
  numbers: readonly number[],
): Result<readonly Mark[], ReadCode> {
  const marks: Mark[] = [];
  for (const number of numbers) {
    const bytes = readPrivate(pathOf(folder, name, number), MAX_BYTES);
    if (!bytes.ok) return bytes;
    marks.push({ number, bytes: bytes.value });
  }
  return ok(marks);
}

const pathOf = (folder: string, name: MarkName, number: number): string =>
  join(folder, `${name}.${number}`);

/** The number of `name.<number>` in its one spelling; any other file is not a mark. */
function numberOf(file: string, name: MarkName): number | undefined {
  const text = file.startsWith(`${name}.`) ? file.slice(name.length + 1) : '';
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}
