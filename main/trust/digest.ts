// SHA-256 and the port for randomness. The only hash of the project is SHA-256; whoever needs random
// bytes takes them as a `RandomBytes`, so that a test can hand in known ones.

import { hash, randomBytes } from 'node:crypto';

/** Gives `size` fresh random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

export const systemRandom: RandomBytes = (size) => plain(randomBytes(size));

/** SHA-256 of the bytes: always 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return plain(hash('sha256', bytes, 'buffer'));
}

/** SHA-256 of the bytes as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The same memory as a plain Uint8Array: `Buffer.prototype.slice` shares where `Uint8Array`'s copies. */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
