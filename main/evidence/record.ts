// What two bundles of one range and one head have in common, whoever made them: the head's text and the leaves. Texts may be
// here and not there, and names may stand under one head and not yet under the other; of that, nothing is in this digest.

import { concat, utf8 } from '../../shared/bytes.ts';
import { headText } from '../trust/checkpoint.ts';
import { sha256Hex } from '../trust/digest.ts';
import { type Book, isInside } from './book.ts';

/** Undefined for what is about one request: which leaves those are, only the texts say. */
export function recordOf({ opened, selection, head }: Book): string | undefined {
  if (selection.request !== undefined) return undefined;
  const leaves = opened
    .filter((entry) => isInside(selection, entry) || entry.type === 'keyring')
    .map(({ index, leaf }) => utf8(`${index} ${sha256Hex(leaf)}\n`));
  return sha256Hex(concat(utf8(headText(head)), ...leaves));
}
