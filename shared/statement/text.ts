// Which text may stand in a statement as it is, and `raw`: any bytes, carried as text when clean, else as base64.
// A byte string has exactly one raw form, so what is shown can be turned back into what was signed.

import { fromB64, textOf, toB64, utf8 } from '../bytes.ts';
import { invariant } from '../result.ts';

export type Raw = string | { readonly b64: string };

// C0, C1 with DEL, line and paragraph separators, the BMP's noncharacters (security note 2.3).
const UNCLEAN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]/;

/** Nothing of what is asked below can be in it. */
const PLAIN = /^[ -~]*$/;

/** Well-formed, NFC, and without control characters, U+2028, U+2029 and noncharacters. */
export function cleanText(text: string): boolean {
  if (PLAIN.test(text)) return true;
  if (UNCLEAN.test(text) || !text.isWellFormed()) return false;
  for (let i = 0; i < text.length; i++) {
    // Noncharacters of the higher planes: U+nFFFE and U+nFFFF are a high surrogate and DFFE or DFFF.
    const unit = text.charCodeAt(i);
    if ((unit === 0xdffe || unit === 0xdfff) && (text.charCodeAt(i - 1) & 0x3f) === 0x3f)
      return false;
  }
  return text.normalize('NFC') === text;
}

export function rawOf(bytes: Uint8Array): Raw {
  const text = textOf(bytes);
  return text !== undefined && cleanText(text) ? text : { b64: toB64(bytes) };
}

export const rawOfText = (text: string): Raw =>
  cleanText(text) ? text : { b64: toB64(utf8(text)) };

/** Bytes of a raw value that a schema has accepted. */
export function bytesOfRaw(raw: Raw): Uint8Array {
  if (typeof raw === 'string') return utf8(raw);
  const bytes = fromB64(raw.b64);
  invariant(bytes, 'raw value was not checked');
  return bytes;
}

/** The one form rule: base64 only for bytes that are not clean text. */
export function wellFormedRaw(raw: Raw): boolean {
  if (typeof raw === 'string') return cleanText(raw);
  const bytes = fromB64(raw.b64);
  return bytes !== undefined && typeof rawOf(bytes) !== 'string';
}
