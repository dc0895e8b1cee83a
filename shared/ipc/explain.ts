// What policy says about an open request, in words: why it is held, what it still takes, what it was decided by. Computed by
// the app from the pinned policy and the request's own bytes; no part of the view, and nothing that is signed.

import * as z from 'zod';
import { CHECK_NAMES } from '../domain/policy.ts';
import { Count } from '../statement/fields.ts';

const Text = z.string();

export const CardExplanation = z.strictObject({
  /** One sentence: what happens. */
  headline: Text,
  /** Who is missing, with the people who may fill it; one sentence each. Empty where nobody is. */
  missing: z.array(Text),
  /** What an approval takes besides people: the gesture, how many of them, until when. */
  takes: z.array(Text),
  because: z.array(z.strictObject({ rule: Text, says: Text, line: Count.min(1).optional() })),
  checks: z.array(
    z.strictObject({
      name: z.enum(CHECK_NAMES),
      outcome: z.enum(['passed', 'failed', 'notApplicable']),
      says: Text,
    }),
  ),
  /** What the facts say, one clause each. */
  found: z.array(Text),
});
export type CardExplanation = z.infer<typeof CardExplanation>;

/** `policyMissing`: the policy that it was asked under is not on this machine. */
export const EXPLAIN_CODES = ['unknownRequest', 'policyMissing', 'policyError'] as const;
export type ExplainCode = (typeof EXPLAIN_CODES)[number];
