// What the window is told of the log itself: a row of it, and a step of one request's story with what was checked about it.

import * as z from 'zod';
import { B64, Count, Digest, Time } from '../statement/fields.ts';
import { STATEMENTS, type StatementType } from '../statement/statement.ts';

const STATEMENT_TYPES = Object.keys(STATEMENTS) as [StatementType, ...StatementType[]];

/** A line of a diff: `shared/statement/diff`. */
const IS = z.enum(['same', 'gone', 'new']);
const DiffLine = z.strictObject({
  label: z.string(),
  is: IS,
  pieces: z.array(z.strictObject({ text: z.string(), is: IS })).readonly(),
});

/** One step of a request's story, with what was checked about it. */
export const StoryStep = z.strictObject({
  index: Count,
  type: z.enum(STATEMENT_TYPES),
  at: Time.optional(),
  signer: z.string(),
  keyId: z.string(),
  /** Signature against the keyring, digest of the body, place in the log. */
  signature: z.enum(['verified', 'failed', 'unknownKey']),
  says: z.string(),
  payload: z.string().optional(),
  /** Of a changed request, and of a denial that proposes one: what differs. */
  diff: z.array(DiffLine).optional(),
});

export const LogRow = z.strictObject({
  index: Count,
  type: z.enum(STATEMENT_TYPES),
  at: Time.optional(),
  request: Digest.optional(),
  title: z.string(),
  says: z.string(),
  who: z.string(),
});
export type LogRow = z.infer<typeof LogRow>;

/** What main has found of the request that another one changes. */
export const ParentTold = z.strictObject({
  digest: Digest,
  state: z.enum(['fits', 'unread', 'other']),
  /** Its signed bytes, where they are here. */
  payload: B64.optional(),
});
export type ParentTold = z.infer<typeof ParentTold>;
