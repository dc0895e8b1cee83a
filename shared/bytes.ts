// Bytes and their three text forms. Every decoder is strict: one text per byte string, anything else is undefined.
// No Buffer here: the same code runs in the window.

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a well-formed string. A lone surrogate would become U+FFFD, so callers check first. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes; throws a TypeError on anything that is not well-formed UTF-8. A BOM is kept. */
export const fromUtf8 = (bytes: Uint8Array): string => strictDecoder.decode(bytes);

/** As `fromUtf8`, for input that may be anything. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += HEX[byte];
  return out;
}

// Digits and letters by their code; -1: none.
const HEX_VALUE = valuesOf('0123456789abcdef');

/** Lower-case hex only. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) {
    const value = (valueIn(HEX_VALUE, text, 2 * i) << 4) | valueIn(HEX_VALUE, text, 2 * i + 1);
    // -1 has every bit set, and stays negative.
    if (value < 0) return undefined;
    out[i] = value;
  }
  return out;
}

const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const B64_CODE = encoder.encode(B64);
const B64_VALUE = valuesOf(B64);
const PAD = 0x3d;

/** RFC 4648 section 4, padded. */
export function toB64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let o = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const n = (at(bytes, i) << 16) | (at(bytes, i + 1) << 8) | at(bytes, i + 2);
    out[o++] = at(B64_CODE, n >> 18);
    out[o++] = at(B64_CODE, (n >> 12) & 63);
    out[o++] = left > 1 ? at(B64_CODE, (n >> 6) & 63) : PAD;
    out[o++] = left > 2 ? at(B64_CODE, n & 63) : PAD;
  }
  return strictDecoder.decode(out);
}

/** RFC 4648 section 4: padded, no white space, not the url alphabet, spare bits zero. */
export function fromB64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const pad = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - pad);
  const whole = pad === 0 ? text.length : text.length - 4;
  let o = 0;
  for (let i = 0; i < whole; i += 4) {
    const n = quadAt(text, i);
    if (n < 0) return undefined;
    out[o++] = n >> 16;
    out[o++] = (n >> 8) & 255;
    out[o++] = n & 255;
  }
  return pad === 0 || lastQuad(text, whole, pad, out, o) ? out : undefined;
}

/** 24 bits, or negative. */
const quadAt = (text: string, i: number): number =>
  (valueIn(B64_VALUE, text, i) << 18) |
  (valueIn(B64_VALUE, text, i + 1) << 12) |
  (valueIn(B64_VALUE, text, i + 2) << 6) |
  valueIn(B64_VALUE, text, i + 3);

/** The four characters of which `pad` are padding. */
function lastQuad(text: string, i: number, pad: 1 | 2, out: Uint8Array, o: number): boolean {
  const third = pad === 1 ? valueIn(B64_VALUE, text, i + 2) : 0;
  const n =
    (valueIn(B64_VALUE, text, i) << 18) | (valueIn(B64_VALUE, text, i + 1) << 12) | (third << 6);
  if (n < 0 || (n & (pad === 2 ? 0xffff : 0xff)) !== 0) return false;
  out[o] = n >> 16;
  if (pad === 1) out[o + 1] = (n >> 8) & 255;
  return true;
}

function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

/** Negative for a character that the alphabet does not have. */
const valueIn = (values: Int8Array, text: string, i: number): number =>
  values[text.charCodeAt(i)] ?? -1;

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let o = 0;
  for (const part of parts) {
    out.set(part, o);
    o += part.length;
  }
  return out;
}

const at = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;
