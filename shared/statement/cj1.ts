// CJ-1: the one byte form of a statement. RFC 8785 without null, floats, negatives and ambiguous text.
// A value has one encoding and a decoder accepts only that one: parse, write again, compare bytes.

import { textOf, utf8 } from '../bytes.ts';
import { fail, ok, type Result } from '../result.ts';
import { cleanText } from './text.ts';

export type Cj = string | number | boolean | readonly Cj[] | { readonly [name: string]: Cj };

export const CJ_MAX_DEPTH = 8;
export const CJ_MAX_MEMBERS = 256;
// `__proto__` is a name that readers of JSON drop or take for something else: it would be signed and never shown.
const NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Thrown by `encodeCj` for a value outside CJ-1; from a decoder it becomes the failure 'cj1'. */
export class CjError extends Error {}

/** The CJ-1 bytes of a value. Throws CjError for a value outside the profile: the producer's bug. */
export const encodeCj = (value: Cj): Uint8Array => utf8(write(value, 1));

/** The value of CJ-1 bytes, or 'cj1' for any other byte string, even of the same JSON value. */
export function decodeCj(bytes: Uint8Array, maxBytes: number): Result<Cj, 'cj1'> {
  if (bytes.length > maxBytes) return fail('cj1', `over ${maxBytes} bytes`);
  const text = textOf(bytes);
  if (text === undefined) return fail('cj1', 'not UTF-8');
  try {
    // JSON.parse keeps the last of two equal names and rounds large numbers: the comparison refuses both.
    const value = JSON.parse(text) as Cj;
    // Strict decoding is one to one: where the texts are the same, so are the bytes.
    return write(value, 1) === text ? ok(value) : fail('cj1', 'not in canonical form');
  } catch (error) {
    return fail('cj1', error instanceof Error ? error.message : 'not JSON');
  }
}

function write(value: Cj, depth: number): string {
  switch (typeof value) {
    case 'string':
      if (!cleanText(value))
        throw new CjError('text has characters that only a raw field may carry');
      return JSON.stringify(value);
    case 'number':
      // -0 would be written as 0 and so decode to another value.
      if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0))
        throw new CjError('a number must be an integer from 0 to 2^53-1');
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) throw new CjError('null is not allowed');
      if (depth > CJ_MAX_DEPTH) throw new CjError(`deeper than ${CJ_MAX_DEPTH}`);
      // Array.from visits the holes that map would pass over.
      return Array.isArray(value)
        ? `[${Array.from(value, (item: Cj) => write(item, depth + 1)).join(',')}]`
        : writeObject(value as { readonly [name: string]: Cj }, depth);
    default:
      throw new CjError(`${typeof value} is not allowed`);
  }
}

function writeObject(value: { readonly [name: string]: Cj }, depth: number): string {
  const proto = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) throw new CjError('not a plain object');
  const names = Object.keys(value);
  if (names.length > CJ_MAX_MEMBERS) throw new CjError(`more than ${CJ_MAX_MEMBERS} members`);
  for (const name of names) if (!NAME.test(name)) throw new CjError('member name');
  // Names are ASCII, so the default sort is the order by code unit that RFC 8785 asks for.
  names.sort();
  const members = names.map((name) => {
    const member = value[name];
    if (member === undefined) throw new CjError(`member ${name} is undefined`);
    return `"${name}":${write(member, depth + 1)}`;
  });
  return `{${members.join(',')}}`;
}
