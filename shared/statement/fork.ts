// Evidence that a log has two histories: two heads that its own key signed and that no one log can have. It convinces by
// itself, so it carries no signature of whoever found it.

import * as z from 'zod';
import { line, Origin, Time } from './fields.ts';

const Note = z.string().max(4096);
const Hash = z.string().length(44);

export const ForkEvidence = z.strictObject({
  kind: z.literal('countersign-fork'),
  v: z.literal(1),
  log: z.strictObject({ origin: Origin, vkey: line(400) }),
  /** The smaller head, or one of two of the same size. */
  first: Note,
  second: Note,
  /**
   * Where the sizes differ: another root of `first`'s size, with the RFC 6962 proof that it is what `second` grew from.
   * The log signed `first` with a different one.
   */
  grewFrom: z.strictObject({ root: Hash, proof: z.array(Hash).max(63) }).optional(),
  foundAt: Time,
});
export type ForkEvidence = z.infer<typeof ForkEvidence>;
