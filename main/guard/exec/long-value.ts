// A value of any length as the action carries it: in place up to 4 KiB, else an attachment by its digest.

import { utf8 } from '../../../shared/bytes.ts';
import { type LongField, MAX_INLINE_BYTES } from '../../../shared/statement/fields.ts';
import { rawOf } from '../../../shared/statement/text.ts';
import { sha256Hex } from '../../trust/digest.ts';

/** SHA-256 in hex to bytes: the attachments of one action. */
export type Attached = Map<string, Uint8Array>;

export function longValue(text: string, attached: Attached): LongField {
  const bytes = utf8(text);
  if (bytes.length <= MAX_INLINE_BYTES) return rawOf(bytes);
  const sha256 = sha256Hex(bytes);
  attached.set(sha256, bytes);
  return { attachment: sha256, size: bytes.length };
}
