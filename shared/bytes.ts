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

/** Lower-case hex only. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const B64_VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) B64_VALUE[B64.charCodeAt(i)] = i;

/** RFC 4648 section 4, padded. */
export function toB64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const n = (at(bytes, i) << 16) | (at(bytes, i + 1) << 8) | at(bytes, i + 2);
    parts.push(
      B64.charAt(n >> 18) +
        B64.charAt((n >> 12) & 63) +
        (left > 1 ? B64.charAt((n >> 6) & 63) : '=') +
        (left > 2 ? B64.charAt(n & 63) : '='),
    );
  }
  return parts.join('');
}

/** RFC 4648 section 4: padded, no white space, not the url alphabet, spare bits zero. */
export function fromB64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const pad = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - pad);
  let o = 0;
  for (let i = 0; i < text.length; i += 4) {
    const last = i + 4 === text.length ? pad : 0;
    let n = 0;
    for (let k = 0; k < 4; k++) {
      const code = text.charCodeAt(i + k);
      const value = k >= 4 - last ? 0 : code < 128 ? (B64_VALUE[code] ?? -1) : -1;
      if (value < 0) return undefined;
      n = (n << 6) | value;
    }
    if ((last === 2 && (n & 0xffff) !== 0) || (last === 1 && (n & 0xff) !== 0)) return undefined;
    out[o++] = n >> 16;
    if (last < 2) out[o++] = (n >> 8) & 255;
    if (last < 1) out[o++] = n & 255;
  }
  return out;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
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
