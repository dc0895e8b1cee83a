// That the log of `first` entries grew into the one of `second`: RFC 9162's consistency proof as CJ-1. It says nothing of
// the roots: whoever checks it takes them from signed heads.

import { fromB64, toB64, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { decodeCj, encodeCj } from '../../shared/statement/cj1.ts';
import { hasExactly, isObject } from '../trust/members.ts';

export type Growth = {
  readonly first: number;
  readonly second: number;
  readonly hashes: readonly Uint8Array[];
};

const LIMIT = 8 * 1024;

export function formatGrowth({ first, second, hashes }: Growth): string {
  return new TextDecoder().decode(encodeCj({ first, hashes: hashes.map(toB64), second }));
}

export function parseGrowth(text: string): Result<Growth, 'growth'> {
  const read = decodeCj(utf8(text), LIMIT);
  if (!read.ok || !isObject(read.value)) return fail('growth', 'not a proof of growth');
  if (!hasExactly(read.value, ['first', 'hashes', 'second']))
    return fail('growth', 'not a proof of growth');
  const { first, second, hashes } = read.value;
  if (typeof first !== 'number' || typeof second !== 'number' || !Array.isArray(hashes))
    return fail('growth', 'not a proof of growth');
  const bytes = hashes.map((hash: unknown) =>
    typeof hash === 'string' ? (fromB64(hash) ?? new Uint8Array(0)) : new Uint8Array(0),
  );
  return ok({ first, second, hashes: bytes });
}
