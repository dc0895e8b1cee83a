// Hex to what a column holds.

import { fromHex } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';

export function blob(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes, 'digests and ids are lower-case hex');
  return bytes;
}

/** The first 48 bits of a digest: a whole number that JavaScript and SQLite both hold. Rows that share it are told apart by the rest. */
export const keyOf = (digest: string): number => Number.parseInt(digest.slice(0, 12), 16);
