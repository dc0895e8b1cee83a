// E2: the form of an Ed25519 signature, judged before any verifier sees it: 64 bytes, S below the group
// order (RFC 8032 5.1.7), R canonical and not of small order. Verifiers disagree about exactly these cases
// (C2SP CCTV ed25519), and a signature must have one form only.

/** The group order L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 5.1), little-endian. */
const ORDER = bytesOf('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** The field prime p = 2^255 - 19, little-endian. */
const PRIME = bytesOf('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** y of the points of order 4, 1, 2 and the two pairs of order 8; their encodings with y >= p fail as such. */
const SMALL_ORDER_Y = [
  bytesOf('0000000000000000000000000000000000000000000000000000000000000000'),
  bytesOf('0100000000000000000000000000000000000000000000000000000000000000'),
  bytesOf('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  bytesOf('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  bytesOf('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
];

/** True if the signature has the one form that E2 accepts; says nothing of whether it verifies. */
export function isStrictSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  if (!isBelow(signature.subarray(32), ORDER)) return false;
  const y = signature.slice(0, 32);
  y[31] = (y[31] ?? 0) & 0x7f;
  // x = 0 with the sign bit set is the other non-canonical form; both its points are of small order.
  return isBelow(y, PRIME) && !SMALL_ORDER_Y.some((small) => equal(small, y));
}

/** Little-endian comparison; nothing here is secret. */
function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let i = 31; i >= 0; i -= 1) {
    const left = value[i] ?? 0;
    const right = bound[i] ?? 0;
    if (left !== right) return left < right;
  }
  return false;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) =>
    Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16),
  );
}
