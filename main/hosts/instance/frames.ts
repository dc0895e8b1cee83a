// What a peer of the running app may say first, and what it is told. After `entered` the frames are those of the contract
// (shared/ipc/frames.ts), one JSON object a line.

import * as z from 'zod';

/** `terminal`: whether a person reads what will be printed; an address with a token is for such a one alone. */
export const FrontFrame = z.strictObject({ front: z.strictObject({ terminal: z.boolean() }) });
export const ReviewFrame = z.strictObject({
  review: z.strictObject({ passphrase: z.string().max(1024) }),
});
export const FirstFrame = z.union([FrontFrame, ReviewFrame]);

/** Lines for the second start to print. */
export const FrontedFrame = z.strictObject({ lines: z.array(z.string().max(2000)).max(20) });

export const REVIEW_REFUSALS = ['wrongPassphrase', 'absent', 'failed'] as const;
export type ReviewRefusal = (typeof REVIEW_REFUSALS)[number];
export const AdmittedFrame = z.union([
  z.strictObject({ entered: z.literal(true) }),
  z.strictObject({ refused: z.enum(REVIEW_REFUSALS) }),
]);
