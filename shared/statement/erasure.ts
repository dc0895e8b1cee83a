// An administrator's signed statement that texts beside the log are gone and why: the body of one ended request and of the
// decisions about it. It names them by digest and repeats nothing of them; their leaves stay in the tree.

import * as z from 'zod';
import { Count, Digest, Id, KeyId, rawText, Time } from './fields.ts';
import type { StatementType } from './statement.ts';

export const MAX_ERASED = 64;

/** What has a text that an erasure may name. Endings and receipts stay: they say what became of the request. */
export const ERASABLE: readonly StatementType[] = ['request', 'decision'];

export const Erasure = z.strictObject({
  /** SHA-256 of the payload of the request that all of it belongs to. */
  request: Digest,
  /** Payload digests, in ascending order. */
  what: z
    .array(Digest)
    .min(1)
    .max(MAX_ERASED)
    .refine((all) => all.every((one, i) => i === 0 || (all[i - 1] ?? '') < one), 'not ascending'),
  /** Kept for ever, and read by everybody: it must repeat nothing of what is erased. */
  reason: rawText(500).refine((raw) => raw !== '', 'no reason'),
  /** In one chain with the decisions of the same key. */
  reviewer: z.strictObject({
    id: Id,
    keyId: KeyId,
    device: Id,
    seq: Count.min(1),
    prev: Digest,
  }),
  at: Time,
});
export type Erasure = z.infer<typeof Erasure>;
