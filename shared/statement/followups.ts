// What happens around a decision: who saw the request (notice), how it ended (ending), what was done (receipt).

import * as z from 'zod';
import { B64, Count, Digest, Id, KeyId, line, rawText, Time } from './fields.ts';

export const NOTICES = [
  'delivered',
  'shown',
  'opened',
  'handedOver',
  'snoozed',
  'chatDenied',
] as const;

export const Notice = z.strictObject({
  request: Digest,
  what: z.enum(NOTICES),
  by: z.strictObject({ id: Id, keyId: KeyId, device: Id }),
  at: Time,
});
export type Notice = z.infer<typeof Notice>;

/** `delivered` and `shown` are signed and kept, not logged (spec: Types). */
export const noticeIsLogged = (what: Notice['what']): boolean =>
  what !== 'delivered' && what !== 'shown';

export const ENDINGS = [
  'approved',
  'approvedWithChanges',
  'denied',
  'expiredUnseen',
  'expiredSeen',
  'withdrawn',
] as const;
export type EndingHow = (typeof ENDINGS)[number];

export const Ending = z.strictObject({
  request: Digest,
  how: z.enum(ENDINGS),
  decisions: z.array(Digest).max(16),
  /** Who ended it. The broker's log key can only end in a refusal. */
  who: z.strictObject({ role: z.enum(['guard', 'broker']), id: Id, keyId: KeyId }),
  /** For the agent: what it may do next. */
  guidance: rawText(500),
  at: Time,
});
export type Ending = z.infer<typeof Ending>;

export const RECEIPT_STATES = ['consumed', 'started', 'finished', 'refused', 'unknown'] as const;

export const Receipt = z.strictObject({
  request: Digest,
  decisions: z.array(Digest).max(16),
  state: z.enum(RECEIPT_STATES),
  /** A refusal code of shared/domain/refusals.ts. */
  code: line(60).optional(),
  exit: z
    .union([z.strictObject({ code: Count.max(255) }), z.strictObject({ signal: line(20) })])
    .optional(),
  outputSha256: Digest.optional(),
  guard: z.strictObject({ id: Id, keyId: KeyId }),
  checkpoint: B64,
  at: Time,
});
export type Receipt = z.infer<typeof Receipt>;
