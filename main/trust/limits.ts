// How many bytes of each thing are looked at, before anything is parsed (security rule 2.2). A longer one
// is refused unread.

const KIB = 1024;

/** Envelope bytes by statement type. */
export const ENVELOPE_LIMITS = {
  request: 60 * KIB,
  decision: 16 * KIB,
  notice: 16 * KIB,
  ending: 16 * KIB,
  receipt: 16 * KIB,
  erasure: 16 * KIB,
  escalation: 40 * KIB,
  grant: 16 * KIB,
  grantEnd: 16 * KIB,
  login: 16 * KIB,
  welcome: 16 * KIB,
  auto: 256 * KIB,
  keyring: 256 * KIB,
} as const;

/** C2SP tlog-tiles: an entry bundle gives an entry's length 16 bits. */
export const LEAF_LIMIT = 65_535;
export const NOTE_LIMIT = 4 * KIB;
/** A proof may carry an envelope as its unauthenticated `extra`. */
export const PROOF_LIMIT = 128 * KIB;
export const SEALED_KEY_LIMIT = 4 * KIB;
/** Signatures of one envelope; signature lines of one note (C2SP signed-note). */
export const MOST_SIGNATURES = 16;
