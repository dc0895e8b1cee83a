// Eight words for a SHA-256, for two people who compare it by voice: 88 bits, so that nobody finds a second key, join
// or root set with the same words. The command line and the app say the same words.

import { fromHex } from '../bytes.ts';
import { invariant } from '../result.ts';
import { WORD_LIST } from './word-list.ts';

const WORDS = 8;
const BITS = 11;

/** `digest`: 64 lower-case hex digits. A key's id is such a digest: SHA-256 of its SubjectPublicKeyInfo. */
export function keyWords(digest: string): string {
  const bytes = fromHex(digest);
  invariant(bytes?.length === 32, 'key words are made of a SHA-256');
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: WORDS }, (_, i) => {
    const word = WORD_LIST[Number.parseInt(bits.slice(i * BITS, (i + 1) * BITS), 2)];
    invariant(word, 'eleven bits name one of 2,048 words');
    return word;
  }).join(' ');
}
