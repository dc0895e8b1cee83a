// What the window says about grants: the form on a card, the terms before they are signed, and the screen of what is granted now.

import type { GRANT_STATES, GrantCode } from '../../shared/ipc/grants.ts';
import { say } from './plural.ts';

export const GRANT = {
  label: 'Allow this again without being asked',
  note: 'Within these bounds the same agent is not held. Each use is in the log, and anybody who may decide this can end it.',
  reading: 'Looking at what can be allowed again.',
  what: 'What',
  same: 'Exactly this action, byte for byte',
  own: 'What a condition of your own says',
  condition: 'Cedar condition',
  conditionHint: 'One condition over the facts of the action, as in policy.',
  uses: 'How often in all (1 to 100)',
  perHour: 'At most in an hour (empty: no limit)',
  badUses: 'A number from 1 to 100.',
  badHour: 'A number from 1 to 100, or nothing.',
  howLong: 'For how long',
  show: 'Show the terms',
  terms: 'The exact terms that you sign',
  give: 'Allow',
  giving: 'Signing',
  change: 'Change the bounds',
  given: 'Allowed. It is in the log, and under Granted.',
  waiting: (count: number): string =>
    say(
      '{count, plural, one {Somebody has signed terms for it; yours may be missing.} other {# terms for it are signed; yours may be missing.}}',
      { count },
    ),
  join: 'Show their terms',
} as const;

export const DURATIONS: readonly (readonly [number, string])[] = [
  [15 * 60_000, '15 minutes'],
  [3_600_000, '1 hour'],
  [8 * 3_600_000, '8 hours'],
  [24 * 3_600_000, '24 hours'],
];

/** Total over the codes; a detail from the policy language stands behind it. */
export const GRANT_FAILED: { readonly [C in GrantCode]: string } = {
  locked: 'Unlock your key first.',
  offline: 'The broker can’t be reached.',
  alarm: 'The log does not agree with itself: nothing may be allowed.',
  unknownRequest: 'The app does not know this request any more.',
  notApproved: 'Only who approved this can allow it again.',
  notAllowed: 'Policy does not let you approve this, so you can’t allow it again.',
  unverified: 'The log’s proof of this request is not here yet.',
  tierTooHigh: 'What takes more than one click is asked each time.',
  notUnderstood: 'Part of this action is not understood, so it is asked each time.',
  secrets: 'It touches secrets, so it is asked each time.',
  badCondition: 'That is not one valid condition',
  noMatch: 'This very request does not fit that condition.',
  termsGone: 'These terms are gone, or policy has changed. Show them again.',
  viewDiffers: 'What is on screen is not what would be signed. Nothing was signed.',
  tooSoon: 'The terms have just appeared. Read them, then press again.',
  over: 'These terms are over. Show new ones.',
  wrongPassphrase: 'That passphrase does not open your key.',
  refused: 'The broker did not take it',
  waiting: 'Sent. Whether the log has it is not known yet.',
};

export const grantSays = (code: GrantCode, detail?: string): string =>
  detail === undefined || (code !== 'badCondition' && code !== 'refused')
    ? GRANT_FAILED[code]
    : `${GRANT_FAILED[code]}: ${detail}`;

export const GRANTED = {
  title: 'Granted now',
  note: 'What agents may do again without being asked, by the log on this machine. The guard checks each grant itself.',
  none: 'Nothing is granted. Everything that policy holds is asked.',
  live: 'In force',
  past: 'In the last day',
  end: 'End now',
  ending: 'Ending',
  story: 'Its story',
  erased: 'Text erased',
  same: 'exactly this action',
  where: (condition: string): string => `where ${condition}`,
  agent: (agent: string, person: string, guard: string): string =>
    `${agent} for ${person}, through ${guard}`,
  by: (names: string): string => `Granted by ${names}`,
  nobody: 'Granted by nobody who still counts',
  until: (at: string): string => `until ${at}`,
  used: (used: number, uses: number): string => say('used {used} of {uses}', { used, uses }),
  perHour: (count: number): string => say('at most {count} an hour', { count }),
  missing: (count: number): string =>
    say('{count, plural, one {# more person must sign} other {# more people must sign}}', {
      count,
    }),
  endedBy: (name: string): string => `Ended by ${name}`,
} as const;

export const GRANT_STATE: { readonly [S in (typeof GRANT_STATES)[number]]: string } = {
  live: 'In force',
  waiting: 'Waits for others',
  usedUp: 'Used up',
  ended: 'Ended',
  over: 'Over',
};
