// The broker's signed word that somebody is asked now who was not asked before, and why. It is a record of routing: it
// decides nothing and gives nobody a right; who may decide is the keyring's and policy's business.

import * as z from 'zod';
import { Count, Digest, Id, KeyId, Time } from './fields.ts';

/** Why these people, at this step. */
export const ASK_REASONS = [
  /** The rota has them on call. */
  'onCall',
  /** Fewer people are on call than the request needs. */
  'gap',
  /** Whoever was asked before had not seen it in time. */
  'unseen',
  'offline',
  'away',
  'handedOver',
  'snoozed',
  /** The rota has no line for their group. */
  'everyone',
] as const;
export type AskReason = (typeof ASK_REASONS)[number];

export const MAX_ASKED = 200;

export const Escalation = z.strictObject({
  request: Digest,
  /** From 1 on, without a gap. */
  step: Count.min(1).max(MAX_ASKED),
  /** From now on, beside those of the steps before. */
  asked: z.array(Id).min(1).max(MAX_ASKED),
  why: z.enum(ASK_REASONS),
  /** The broker's log key. */
  by: z.strictObject({ id: Id, keyId: KeyId }),
  at: Time,
});
export type Escalation = z.infer<typeof Escalation>;
