// Signatures of each kind that Ed25519 libraries have been known to judge differently, from a fixed stream of bytes: the
// same ones in each run. Where the equation can be met, it is: nothing here is refused for a wrong sum alone.

import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, utf8 } from '../../../shared/bytes.ts';
import { hex } from './kit.ts';

export type Case = {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

type Point = typeof ed25519.Point.BASE;
type Signer = { readonly scalar: bigint; readonly point: Point; readonly key: Uint8Array };

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const PRIME = 2n ** 255n - 19n;
const ORDER_8 = ed25519.Point.fromBytes(
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  true,
);
/** T, 2T, .. 7T: every torsion part but none. */
const TORSION: readonly Point[] = Array.from({ length: 7 }, (_, i) =>
  ORDER_8.multiplyUnsafe(BigInt(i + 1)),
);
/** The 14 encodings that some library reads as a point of small order. */
const SMALL_ORDER: readonly Uint8Array[] = [
  ...[ed25519.Point.ZERO, ...TORSION].map((point) => point.toBytes()),
  little(1n + 2n ** 255n),
  little(PRIME - 1n + 2n ** 255n),
  ...[0n, 2n ** 255n].flatMap((sign) => [little(PRIME + sign), little(PRIME + 1n + sign)]),
];

export function honest(stream: Stream, signer: Signer, message: Uint8Array): Case {
  return equation(signer, stream.scalar(), message);
}

/** R = r*B + torsion, S = r + k*a, with k over what the signature says. */
function equation(
  signer: Signer,
  r: bigint,
  message: Uint8Array,
  { torsion = ed25519.Point.ZERO, key = signer.key }: { torsion?: Point; key?: Uint8Array } = {},
): Case {
  const point = r === 0n ? torsion : ed25519.Point.BASE.multiply(r).add(torsion);
  return closed(signer, point.toBytes(), r, message, key);
}

/** S for these bytes of R, whatever they encode: r + k*a. */
function closed(
  signer: Signer,
  bytesOfR: Uint8Array,
  r: bigint,
  message: Uint8Array,
  key = signer.key,
): Case {
  const digest = createHash('sha512')
    .update(concat(bytesOfR, key, message))
    .digest();
  const k = bigOf(digest) % ORDER;
  const s = (r + k * signer.scalar) % ORDER;
  return { key, message, signature: concat(bytesOfR, little(s)) };
}

/** Every kind, with how many there are of it. */
export function madeCases(name: Kind, count: number): readonly Case[] {
  const stream = new Stream(name);
  const signers = Array.from({ length: 16 }, () => stream.signer());
  return Array.from({ length: count }, (_, i) => {
    const signer = signers[i % signers.length] ?? stream.signer();
    return MAKERS[name](stream, signer, stream.bytes(LENGTHS[i % LENGTHS.length] ?? 0), i);
  });
}

const LENGTHS = [0, 1, 31, 32, 33, 63, 64, 65, 111, 112, 127, 128, 129, 255, 256, 1200, 4096];

type Maker = (stream: Stream, signer: Signer, message: Uint8Array, i: number) => Case;

const altered =
  (alter: (one: Case, stream: Stream, i: number) => Partial<Case>): Maker =>
  (stream, signer, message, i) => {
    const one = honest(stream, signer, message);
    return { ...one, ...alter(one, stream, i) };
  };

const MAKERS = {
  'as they should be': honest,
  'a bit of R changed': altered(({ signature }, stream) => ({
    signature: flipped(signature, stream.below(256)),
  })),
  'a bit of S changed': altered(({ signature }, stream) => ({
    signature: flipped(signature, 256 + stream.below(256)),
  })),
  'a bit of the message changed, or a byte added': altered(({ message }, stream) => ({
    message:
      message.length === 0 ? stream.bytes(1) : flipped(message, stream.below(message.length * 8)),
  })),
  'a bit of the key changed': altered(({ key }, stream) => ({
    key: flipped(key, stream.below(256)),
  })),
  'the key of another': altered((_, stream) => ({ key: stream.signer().key })),
  'R of another, S of another': altered(({ signature }, stream, i) => ({
    signature:
      i % 2 === 0
        ? concat(stream.signer().key, signature.subarray(32))
        : concat(signature.subarray(0, 32), little(stream.scalar())),
  })),
  'S + L': altered(({ signature }) => ({
    signature: concat(signature.subarray(0, 32), little(bigOf(signature.subarray(32)) + ORDER)),
  })),
  'S at its ends': altered(({ signature }, _, i) => ({
    signature: concat(
      signature.subarray(0, 32),
      little(
        [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 252n, 2n ** 255n, 2n ** 256n - 1n][i % 8] ??
          0n,
      ),
    ),
  })),
  'R of small order, the equation met': (_, signer, message, i) =>
    closed(signer, SMALL_ORDER[i % 14] ?? new Uint8Array(32), 0n, message),
  'R with a torsion part, the cofactored equation met': (stream, signer, message, i) => {
    const torsion = TORSION[i % 7] ?? ORDER_8;
    return equation(signer, stream.scalar(), message, { torsion });
  },
  'R with y of p or more': (_, signer, message, i) =>
    closed(signer, little(PRIME + BigInt(i % 19) + (i % 38 < 19 ? 0n : 2n ** 255n)), 0n, message),
  'a key of small order, the equation met': (stream, _, message, i) => {
    // Any r does: S = r, and k times the key is of small order.
    const nobody = {
      scalar: 0n,
      point: ed25519.Point.ZERO,
      key: SMALL_ORDER[i % 14] ?? new Uint8Array(32),
    };
    return equation(nobody, stream.scalar(), message);
  },
  'a key with a torsion part, the cofactored equation met': (stream, signer, message, i) => {
    const key = signer.point.add(TORSION[i % 7] ?? ORDER_8).toBytes();
    return equation(signer, stream.scalar(), message, { key });
  },
  'a key with y of p or more': altered((_, stream, i) => ({
    key: little(PRIME + BigInt(i % 19) + (i % 38 < 19 ? 0n : 2n ** 255n)),
  })),
  'any bytes': (stream, signer, message) => ({
    key: signer.key,
    message,
    signature: stream.bytes(64),
  }),
  'any R and an S in range': (stream, signer, message) => ({
    key: signer.key,
    message,
    signature: concat(stream.bytes(32), little(stream.scalar())),
  }),
  'of other lengths': altered(({ signature }, stream, i) => ({
    signature: concat(signature, stream.bytes(64)).subarray(
      0,
      i % 128 < 64 ? i % 64 : 1 + (i % 128),
    ),
  })),
  '256 KiB': (stream, signer, _, i) => {
    const one = honest(stream, signer, stream.bytes(256 * 1024));
    return i % 2 === 0
      ? one
      : { ...one, message: flipped(one.message, stream.below(8 * 256 * 1024)) };
  },
  'parts of larger arrays': (stream, signer, message, i) => {
    const one = honest(stream, signer, message);
    const inside = (bytes: Uint8Array): Uint8Array =>
      concat(stream.bytes(i % 9), bytes, stream.bytes(i % 5)).subarray(
        i % 9,
        (i % 9) + bytes.length,
      );
    return {
      key: inside(one.key),
      message: inside(one.message),
      signature: inside(i % 2 === 0 ? one.signature : flipped(one.signature, stream.below(512))),
    };
  },
} satisfies Readonly<Record<string, Maker>>;

export type Kind = keyof typeof MAKERS;

/** Bytes from a name: SHAKE-256 of it and a counter. */
class Stream {
  readonly #name: string;
  #asked = 0;

  constructor(name: string) {
    this.#name = name;
  }

  bytes(length: number): Uint8Array {
    this.#asked += 1;
    const hash = createHash('shake256', { outputLength: Math.max(1, length) });
    return new Uint8Array(hash.update(utf8(`${this.#name} ${this.#asked}`)).digest()).subarray(
      0,
      length,
    );
  }

  below(limit: number): number {
    return Number(bigOf(this.bytes(8)) % BigInt(limit));
  }

  /** From 1 to L - 1. */
  scalar(): bigint {
    return (bigOf(this.bytes(40)) % (ORDER - 1n)) + 1n;
  }

  signer(): Signer {
    const scalar = this.scalar();
    const point = ed25519.Point.BASE.multiply(scalar);
    return { scalar, point, key: point.toBytes() };
  }
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** 32 bytes; what is over 256 bits falls off. */
function little(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

function bigOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}
