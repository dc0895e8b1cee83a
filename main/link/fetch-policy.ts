// Policy bytes that this machine lacks, from the broker: it may give anything, so what it gives is taken only where it is
// what was asked for.

import { fromB64 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { CallCode } from './calls.ts';
import type { Link } from './link.ts';

/** Gives the digest of what it has put on disk. */
type Keep = (bytes: Uint8Array) => Result<string, 'tooLarge' | 'io'>;

/** 'other': bytes of another digest. */
export async function fetchPolicy(
  link: Pick<Link, 'send'>,
  sha256: string,
  keep: Keep,
  signal?: AbortSignal,
): Promise<Result<void, CallCode | 'other' | 'tooLarge' | 'io'>> {
  const answer = await link.send('policy', { sha256 }, signal ? { signal } : {});
  if (!answer.ok) return answer;
  const bytes = fromB64(answer.value.bytes);
  if (bytes === undefined || sha256Hex(bytes) !== sha256) return fail('other');
  const kept = keep(bytes);
  return kept.ok ? ok(undefined) : kept;
}
