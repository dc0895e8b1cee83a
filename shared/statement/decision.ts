// A reviewer's signed statement: approve or deny, why, of exactly this request and this view of it.

import * as z from 'zod';
import { Changes } from './changes.ts';
import { B64, Count, Digest, Id, Id16, KeyId, line, rawText, Time } from './fields.ts';

/** How the person's presence was established, weakest first. */
export const PRESENCES = [
  'channel',
  'notification',
  'click',
  'hold',
  'typed',
  'terminal',
  'passphrase',
  'os',
  'securityKey',
] as const;
export type Presence = (typeof PRESENCES)[number];

/** `prev` of a device's first decision. */
export const NO_DECISION = '0'.repeat(64);

const Members = z.strictObject({
  decisionId: Id16,
  verdict: z.enum(['approve', 'deny']),
  reason: rawText(2000).optional(),
  /** What the reviewer proposes in place of what was denied. It lets nothing run: it is asked anew, as a child. */
  changes: Changes.optional(),
  /** SHA-256 of the request's payload. */
  request: Digest,
  /** SHA-256 of the exact text that was on screen, and the renderer's warnings about it. */
  view: z.strictObject({ renderer: line(60), sha256: Digest, flags: z.array(line(60)).max(64) }),
  policy: z.strictObject({ sha256: Digest, rules: z.array(line(200)).max(64) }),
  reviewer: z.strictObject({
    id: Id,
    keyId: KeyId,
    device: Id,
    /** 1, 2, 3 … for each decision key; with `prev` a missing or doubled decision shows. */
    seq: Count.min(1),
    prev: Digest,
  }),
  keyring: z.strictObject({ version: Count.min(1), sha256: Digest }),
  /** The newest broker-signed checkpoint this reviewer had verified: the note's bytes in base64. */
  checkpoint: B64,
  use: z.strictObject({ max: Count.min(1).max(1) }),
  presence: z.enum(PRESENCES),
  issuedAt: Time,
  expiresAt: Time,
});
/** Who approves, approves exactly what was asked: only a denial can propose something else. */
export const Decision = Members.refine(
  ({ verdict, changes }) => verdict === 'deny' || changes === undefined,
  'an approval with changes',
);
export type Decision = z.infer<typeof Decision>;
export type Verdict = Decision['verdict'];
