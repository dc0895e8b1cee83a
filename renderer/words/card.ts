// What the card says around the request's own text.

import { bytesSay } from './counts.ts';

export const CARD = {
  back: 'Back to the list',
  whole: 'The request in full',
  reading: 'Reading the request.',
  warnings: 'Warnings about this request',
  rowWarnings: 'Warnings',
  approve: 'Approve',
  hold: 'Hold to approve',
  sending: 'Sending',
  deny: 'Deny',
  denyWhy: 'Deny with a reason',
  change: 'Change…',
  changeLabel: 'Change… Deny, and propose something else',
  ownWords: 'In your own words',
  denyReport: 'Deny and report',
  denyReportHint:
    'For what looks like an attack or an agent out of control. The log keeps the mark.',
  reason: 'Reason for approving',
  typeTarget: (target: string): string => `Type the target: ${target}`,
  passphrase: 'Your passphrase',
  showNext: 'Show the next one',
  story: 'Its whole story',
  nextSame: 'Show the next of them',
  next: 'Next request that waits',
  allowAgain: 'Allow again…',
  approvedBy: 'Approved by',
  deniedBy: 'Denied by',
  cannot: (why: string): string => `It cannot be approved: ${why}`,
  expiresIn: (left: string): string => `Expires in ${left}`,
  expires: (at: string): string => `Expires ${at}`,
  at: (clock: string): string => ` at ${clock}`,
  expired: 'expired',
  lastSeconds: (title: string): string => `Less than 30 seconds left to decide: ${title}`,
  signedBytes: (bytes: number): string => `Signed bytes, ${bytesSay(bytes)}`,
  fold: (bytes: number): string => `Fold these ${bytesSay(bytes)}`,
  unfold: (bytes: number): string => `Show all ${bytesSay(bytes)}`,
} as const;

export const MISSING = {
  reason: 'Write why you approve it.',
  target: 'Type the target’s name.',
  passphrase: 'Enter your passphrase.',
} as const;

export const LATER = {
  open: 'Later',
  label: 'Later: snooze, or leave it to others',
  quarter: 'Quiet for 15 minutes',
  hour: 'Quiet for 1 hour',
  handOver: 'Leave it to the others',
  note: 'It stays held and goes on expiring.',
  quiet: (until: string): string => `Not announced again before ${until}. It stays held.`,
  quietOver: (until: string): string =>
    `Not announced again before ${until}. Somebody else may decide it meanwhile.`,
  handedOver: 'Left to the others. You can still decide it.',
} as const;

export const LATER_FAILED = {
  tooLong: 'That is longer than a snooze may last.',
  unknownRequest: 'The app does not know this request any more.',
  notStored: 'It could not be stored, so nothing changed.',
  nobodyElse: 'Nobody else may decide this request.',
} as const;
