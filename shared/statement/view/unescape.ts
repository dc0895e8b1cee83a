// The way back from escaped text to bytes. Forgiving about tokens that the writer would not have chosen:
// who needs exactly one text per value escapes again and compares, as decodeView does.

import { utf8 } from '../../bytes.ts';

/** As much as all attachments of a request: a short text must not ask for more memory than any value has. */
const MAX_SPACES = 16 * 1024 * 1024;

const SIGNS = /⟦([^⟦⟧]*)⟧|⏎\n│ |[⟦⟧⏎⇥·│“”\n]/gu;

/** The bytes that `escapeText` was given, or undefined for text that it does not write. */
export function unescapeText(text: string): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let open = '';
  let done = 0;
  let spaces = 0;
  for (const match of text.matchAll(SIGNS)) {
    open += text.slice(done, match.index);
    done = match.index + match[0].length;
    const meant = match[1] === undefined ? signOf(match[0]) : tokenOf(match[1]);
    if (meant === undefined) return undefined;
    if (typeof meant === 'string') spaces += meant.length;
    if (spaces > MAX_SPACES) return undefined;
    if (typeof meant === 'string') open += meant;
    else {
      chunks.push(utf8(open), Uint8Array.of(meant));
      open = '';
    }
  }
  open += text.slice(done);
  if (!open.isWellFormed()) return undefined;
  if (chunks.length === 0) return utf8(open);
  chunks.push(utf8(open));
  return joined(chunks);
}

function signOf(sign: string): string | undefined {
  if (sign.length > 1) return '\n';
  if (sign === '⇥') return '\t';
  return sign === '·' ? ' ' : undefined;
}

/** Text for a code point or spaces, a number for a byte. */
function tokenOf(token: string): string | number | undefined {
  const point = /^U\+([0-9A-F]{4,6})$/.exec(token)?.[1];
  if (point !== undefined) {
    const value = Number.parseInt(point, 16);
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
    return String.fromCodePoint(value);
  }
  const byte = /^x([89A-F][0-9A-F])$/.exec(token)?.[1];
  if (byte !== undefined) return Number.parseInt(byte, 16);
  const count = /^space×([1-9][0-9]{0,7})$/.exec(token)?.[1];
  return count === undefined ? undefined : ' '.repeat(Number(count));
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
