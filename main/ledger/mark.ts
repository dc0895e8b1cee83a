// How far the tables beside the log follow it, as one row says it. With a digest of its own: from a mark that a flipped bit
// moved, effects would be applied twice or never.

import { sha256Hex } from '../trust/digest.ts';
import { utf8 } from '../../shared/bytes.ts';

/** The first leaf, and the first row of `kept`, that the tables do not have. */
export type Mark = { readonly leaves: number; readonly kept: number };

export function writeMark({ leaves, kept }: Mark): string {
  const says = `${leaves} ${kept}`;
  return `${says} ${sha256Hex(utf8(says)).slice(0, 16)}`;
}

/** undefined: not as `writeMark` wrote it. */
export function readMark(text: string): Mark | undefined {
  const [leaves, kept] = text.split(' ').map(Number);
  if (leaves === undefined || kept === undefined) return undefined;
  return writeMark({ leaves, kept }) === text ? { leaves, kept } : undefined;
}
