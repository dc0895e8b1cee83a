// A reviewer's signed, bounded standing permission: what may be done again without asking, by which agent through which
// guard, how often and until when. Terms without every bound do not exist here. `grantEnd` takes it back before its end.

import * as z from 'zod';
import { PRESENCES } from './decision.ts';
import { B64, Count, Digest, Id, KeyId, line, Origin, rawText, Time } from './fields.ts';

export const MAX_GRANT_USES = 100;
export const MAX_GRANT_MS = 24 * 3600 * 1000;
export const MAX_CONDITION = 1000;
/** What takes more than a click is asked each time. */
export const GRANT_TIERS = ['low', 'medium'] as const;

export const GrantTerms = z
  .strictObject({
    org: Id,
    log: Origin,
    guard: Id,
    agent: Id,
    onBehalfOf: Id,
    /** SHA-256 of the policy under which it was asked: under another one it allows nothing. */
    policy: Digest,
    /** The highest tier that it reaches. */
    tier: z.enum(GRANT_TIERS),
    /** One action by the SHA-256 of its CJ-1 bytes, or every action for which ONE Cedar condition holds. */
    actions: z.union([
      z.strictObject({ same: Digest }),
      z.strictObject({ when: line(MAX_CONDITION) }),
    ]),
    uses: Count.min(1).max(MAX_GRANT_USES),
    perHour: Count.min(1).max(MAX_GRANT_USES).optional(),
    from: Time,
    until: Time,
  })
  .refine(({ from, until }) => {
    const ms = Date.parse(until) - Date.parse(from);
    return ms > 0 && ms <= MAX_GRANT_MS;
  }, 'ends at most 24 hours after it begins');
export type GrantTerms = z.infer<typeof GrantTerms>;

/** In one chain with the decisions of the same key. */
const Signer = z.strictObject({
  id: Id,
  keyId: KeyId,
  device: Id,
  seq: Count.min(1),
  prev: Digest,
});

export const Grant = z.strictObject({
  /** SHA-256 of the payload of the request that its signer approved: what the terms were made from. */
  request: Digest,
  terms: GrantTerms,
  reviewer: Signer,
  /** SHA-256 of the exact text of the terms that was on screen (terms-text.ts). */
  view: z.strictObject({ renderer: line(60), sha256: Digest }),
  keyring: z.strictObject({ version: Count.min(1), sha256: Digest }),
  /** The newest broker-signed checkpoint this reviewer had verified: the note's bytes in base64. */
  checkpoint: B64,
  presence: z.enum(PRESENCES),
  reason: rawText(2000).optional(),
  issuedAt: Time,
});
export type Grant = z.infer<typeof Grant>;

export const GrantEnd = z.strictObject({
  /** The request that the ended grants came from. */
  request: Digest,
  /** SHA-256 of the CJ-1 bytes of the terms: everybody's grant of them ends. */
  terms: Digest,
  reviewer: Signer,
  reason: rawText(500).optional(),
  at: Time,
});
export type GrantEnd = z.infer<typeof GrantEnd>;

/** In a guard's account of what ran unasked: which grant let it, and the how manieth use of it this was. */
export const GrantUse = z.strictObject({
  request: Digest,
  terms: Digest,
  /** Payload digests of the grants that together were enough, in ascending order. */
  grants: z.array(Digest).min(1).max(16),
  use: Count.min(1).max(MAX_GRANT_USES),
});
export type GrantUse = z.infer<typeof GrantUse>;
