// How the contract travels where there is no Electron: JSON frames over one socket, the first of them a proof of admission.

import * as z from 'zod';

/** `token`: single use, 60 s, from the address. `session`: what a token was exchanged for; lives with the app. */
export const EnterFrame = z.union([
  z.strictObject({ enter: z.strictObject({ token: z.string().max(100) }) }),
  z.strictObject({ enter: z.strictObject({ session: z.string().max(100) }) }),
]);

/** Answer to an enter frame; the connection closes after `refused`. */
export const EnteredFrame = z.union([
  z.strictObject({ entered: z.strictObject({ session: z.string() }) }),
  z.strictObject({ refused: z.literal('enter') }),
]);

export const CallFrame = z.strictObject({
  call: z.string().max(100),
  id: z.int().min(0),
  input: z.unknown(),
});

/** `failed` is for a call that broke a rule of the contract or met a bug, never for an expected outcome. */
export const ReplyFrame = z.union([
  z.strictObject({ reply: z.int(), output: z.unknown() }),
  z.strictObject({ reply: z.int(), failed: z.enum(['unknownCall', 'badInput', 'internal']) }),
]);

export const EventFrame = z.strictObject({ event: z.string(), payload: z.unknown() });

export type ServerFrame =
  | z.infer<typeof EnteredFrame>
  | z.infer<typeof ReplyFrame>
  | z.infer<typeof EventFrame>;
