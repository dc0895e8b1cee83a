// What the window may ask and know of grants: the form on a card, the exact terms before they are signed, and what is granted now.

import * as z from 'zod';
import { MAX_CONDITION, MAX_GRANT_MS, MAX_GRANT_USES } from '../statement/grant.ts';
import { Count, Digest, Id, Time } from '../statement/fields.ts';

const Text = z.string();

/** What a person chooses; main makes the terms from it and from the request. */
export const GrantWish = z.strictObject({
  /** Absent: exactly the same action. Else every action for which this one Cedar condition holds. */
  when: z.string().min(1).max(MAX_CONDITION).optional(),
  uses: Count.min(1).max(MAX_GRANT_USES),
  perHour: Count.min(1).max(MAX_GRANT_USES).optional(),
  /** From now on, in milliseconds. */
  forMs: Count.min(60_000).max(MAX_GRANT_MS),
});
export type GrantWish = z.infer<typeof GrantWish>;

/** Why nothing can be granted, or was. */
export const GRANT_CODES = [
  'locked',
  'offline',
  'alarm',
  'unknownRequest',
  /** This person has not approved the request: nobody allows again what they did not allow. */
  'notApproved',
  'notAllowed',
  'unverified',
  'tierTooHigh',
  'notUnderstood',
  'secrets',
  /** `detail` says what is wrong with it. */
  'badCondition',
  /** The condition does not hold for the very request that it was made from. */
  'noMatch',
  /** Policy or keyring changed: the terms are to be made anew. */
  'termsGone',
  'viewDiffers',
  'tooSoon',
  'over',
  'wrongPassphrase',
  /** Signed and not taken by the broker; `detail` says why. */
  'refused',
  /** Signed and sent; whether it is logged is not known yet. */
  'waiting',
] as const;
export type GrantCode = (typeof GRANT_CODES)[number];

/** One suggested condition with what it means. */
export const GrantCondition = z.strictObject({ when: Text, says: Text });

export const GrantForm = z.strictObject({
  /** Absent where this person may allow it again now. */
  off: z.enum(GRANT_CODES).optional(),
  conditions: z.array(GrantCondition).max(8),
  /** Terms that others have signed of this request and that this person's signature would join. */
  waiting: z.array(Digest).max(16),
});
export type GrantForm = z.infer<typeof GrantForm>;

export const GRANT_STATES = ['live', 'waiting', 'usedUp', 'ended', 'over'] as const;

/** The same terms by everybody who signed them. */
export const GrantRow = z.strictObject({
  /** SHA-256 of the terms. */
  terms: Digest,
  request: Digest,
  title: Text,
  guard: Id,
  agent: Id,
  onBehalfOf: Id,
  /** Absent: exactly the same action. */
  when: Text.optional(),
  by: z.array(z.strictObject({ id: Id, name: Text, at: Time })),
  /** So many more people must sign the same terms before they allow anything. */
  missing: Count,
  used: Count,
  uses: Count,
  perHour: Count.optional(),
  from: Time,
  until: Time,
  state: z.enum(GRANT_STATES),
  endedBy: Text.optional(),
  /** This person may end it. */
  mayEnd: z.boolean(),
});
export type GrantRow = z.infer<typeof GrantRow>;
