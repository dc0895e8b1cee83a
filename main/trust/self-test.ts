// What a verifier must say before it is asked anything that counts: yes to RFC 8032 7.1, no to each of these with one bit
// changed, and no to what a more lenient library takes (C2SP CCTV). Some 30 verifications: two milliseconds.

import { concat, fromHex } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';

type Judge = (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
type Case = {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

export function judgesAsItMust(judge: Judge): boolean {
  const says = ({ key, message, signature }: Case): boolean => judge(key, message, signature);
  const good = GOOD.map(cut);
  return (
    good.every((one) => says(one) === true) &&
    good.flatMap(changed).every((one) => says(one) === false) &&
    BAD.map(cut).every((one) => says(one) === false)
  );
}

/** Key, signature, message: RFC 8032 7.1, tests 1 to 3. */
const GOOD = [
  'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511ae5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c0072',
  'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb9115489080256291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40aaf82',
];

const BAD = [
  // An R with a torsion part: all that E1 and E2 leave to the verifier. A cofactored one takes it (CCTV 267).
  'ef75b20e7540e3dff77404193652ba2bd13df99c1508eee1515e27ae25f2807636684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b2d471882773a677af1e3824e757a33f8ddf7bbeaf3d28a09595eb8daa0d74a0365643235353139766563746f72732033',
  // Key and R are the identity, S is zero: fits every message.
  `01${'00'.repeat(31)}01${'00'.repeat(31)}${'00'.repeat(32)}72`,
  // Under the key of test 2, R the identity and S = k*a: satisfies the equation.
  '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c0100000000000000000000000000000000000000000000000000000000000000675d054595fa17cb6a44e3ada6ca385e55667e41a63fdab0ac22d1000035400272',
  // Test 2 with S + L: the same number modulo the order.
  '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69daf52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c1072',
];

/** The first and the last bit of key, R, S and message; and a message that is longer. */
function changed(one: Case): readonly Case[] {
  const { key, message, signature } = one;
  return [
    ...[0, 255].map((bit) => ({ ...one, key: flipped(key, bit) })),
    ...[0, 255, 256, 511].map((bit) => ({ ...one, signature: flipped(signature, bit) })),
    ...(message.length === 0 ? [] : [{ ...one, message: flipped(message, 0) }]),
    { ...one, message: concat(message, Uint8Array.of(0)) },
  ];
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Parts of one array, none with a buffer of its own: as messages come. */
function cut(hex: string): Case {
  const bytes = fromHex(hex);
  invariant(bytes !== undefined, 'a hex constant');
  return {
    key: bytes.subarray(0, 32),
    signature: bytes.subarray(32, 96),
    message: bytes.subarray(96),
  };
}
