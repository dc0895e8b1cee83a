// E1: may these 32 bytes be somebody's Ed25519 public key? Yes only for the canonical encoding of a point
// that is neither of small order nor carries a torsion part. This is the only user of @noble/curves: a key
// is checked once, when it is enrolled or its keyring is loaded, never for each signature.

import { ed25519 } from '@noble/curves/ed25519.js';

/** True if the 32 bytes are a key that every Ed25519 verifier judges alike. */
export function isSoundPoint(bytes: Uint8Array): boolean {
  const point = decodePoint(bytes);
  if (point === undefined) return false;
  // The identity has no torsion, and a mixed-order point is not of small order: both questions are needed.
  return !point.isSmallOrder() && point.isTorsionFree();
}

function decodePoint(bytes: Uint8Array) {
  if (bytes.length !== 32) return undefined;
  try {
    // `false` refuses second encodings, where y is p or more (ZIP 215 would take them).
    return ed25519.Point.fromBytes(bytes, false);
  } catch {
    // The library throws for bytes that are not on the curve; that is input here, not a bug.
    return undefined;
  }
}
