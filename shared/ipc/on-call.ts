// What a screen may know of the rota: who is asked about a request now and next, who is on call, and what may keep them from
// hearing of it. Names for people to read; nothing here lets anybody decide.

import * as z from 'zod';
import { ON_CALL_TROUBLES } from '../protocol/messages.ts';
import { ASK_REASONS } from '../statement/escalation.ts';
import { Id, Time } from '../statement/fields.ts';

const Name = z.string();

/** Of one open request that the rota routes. */
export const AskedNow = z.strictObject({
  /** This person is among them. */
  mine: z.boolean(),
  /** In the order in which they were asked, without those who have decided. */
  people: z.array(z.strictObject({ name: Name, me: z.boolean(), why: z.enum(ASK_REASONS) })),
  next: z.strictObject({ at: Time, names: z.array(Name) }).optional(),
});
export type AskedNow = z.infer<typeof AskedNow>;

export type OnCallTrouble = (typeof ON_CALL_TROUBLES)[number];

/** Absent from the snapshot where the broker has no rota. */
export const OnCallState = z.strictObject({
  groups: z.array(
    z.strictObject({
      group: Id,
      now: z.array(
        z.strictObject({
          name: Name,
          me: z.boolean(),
          trouble: z.enum(ON_CALL_TROUBLES).optional(),
        }),
      ),
      next: z.strictObject({ at: Time, names: z.array(Name) }).optional(),
    }),
  ),
  /** This person is away until then, as the broker has it. */
  away: Time.optional(),
});
export type OnCallState = z.infer<typeof OnCallState>;
