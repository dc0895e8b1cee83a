// Whether anything can reach this person when a request comes, and what stands in the way. Said as it is: a silence
// that nobody notices is an expiry that nobody meant.

import * as z from 'zod';
import { Count, Time } from '../statement/fields.ts';

/** Why the OS shows nothing; `noSurface`: the app was started without anything that could. */
export const NOTICE_TROUBLES = [
  'noSurface',
  'noSession',
  'noProgram',
  'noDaemon',
  'notAllowed',
  'failed',
] as const;
export type NoticeTrouble = (typeof NOTICE_TROUBLES)[number];

/** Why nothing arrives or nothing can be decided, whatever the OS shows. */
export const REACH_TROUBLES = ['noKeys', 'offline', 'stranger', 'alarm', 'locked'] as const;
export type ReachTrouble = (typeof REACH_TROUBLES)[number];

export const Reach = z.strictObject({
  /** What would tell them: a notification of the OS, only a page that is open, or nothing. */
  by: z.enum(['notification', 'page', 'nothing']),
  /** Absent where notifications work as far as the app knows. */
  notices: z.enum(NOTICE_TROUBLES).optional(),
  /** In the order to be mended. */
  troubles: z.array(z.enum(REACH_TROUBLES)),
  /** Requests are held back now. `handsOver`: somebody else may decide at least one in the person's place. */
  quiet: z
    .strictObject({ why: z.enum(['snoozed', 'quietHours']), until: Time, handsOver: z.boolean() })
    .optional(),
});
export type Reach = z.infer<typeof Reach>;

/** For the diagnosis screen: what the adapter knows of this OS, and what came of the last notifications. */
export const Diagnosis = z.strictObject({
  os: z.enum(['linux', 'macos', 'windows']).optional(),
  reach: Reach,
  buttons: z.boolean(),
  maxBytes: Count,
  maxLines: Count,
  lastShownAt: Time.optional(),
  /** The test notification was clicked: somebody saw it. */
  testSeenAt: Time.optional(),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
