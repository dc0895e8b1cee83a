// What the terminal says of grants. Text from a request or a person goes through `visible`.

import type { GrantCode, GrantRow } from '../../../shared/ipc/grants.ts';
import { visible } from './visible.ts';

export const NONE = 'Nothing is granted. Everything that policy holds is asked.';
export const NO_SUCH = 'There is no such grant: `granted` lists them.';
export const ENDED = 'Ended. It is in the log.';
export const ALLOWED = 'Allowed. It is in the log; `granted` lists it.';
export const NOT_ALLOWED = 'Not allowed again.';
export const NOTHING_APPROVED = 'Approve something here first: only that can be allowed again.';
export const USAGE =
  '`again USES MINUTES`: exactly what you approved last, 1 to 100 times, for 1 to 1440 minutes.';
export const SURE = 'Type `allow` to sign these terms: ';

export const listed = (place: number, row: GrantRow): string => {
  const what = row.when === undefined ? 'exactly the same' : `where ${row.when}`;
  const by = row.by.map(({ name }) => name).join(', ');
  const waits = row.missing > 0 ? `, ${row.missing} more must sign` : '';
  return visible(
    `${place}  ${row.title || 'text erased'}, ${what}: ${row.agent} for ${row.onBehalfOf}, used ${row.used} of ${row.uses}, until ${row.until}, by ${by}${waits}`,
    1400,
  );
};

const SAYS: { readonly [C in GrantCode]: string } = {
  locked: 'your key is locked: `unlock`',
  offline: 'the broker cannot be reached',
  alarm: 'the log does not agree with itself',
  unknownRequest: 'the app does not know this request any more',
  notApproved: 'the log does not have your approval of it yet',
  notAllowed: 'you may not',
  unverified: 'the log’s proof of it is not here yet: try again in a moment',
  tierTooHigh: 'what takes more than one click is asked each time',
  notUnderstood: 'part of it is not understood, so it is asked each time',
  secrets: 'it touches secrets, so it is asked each time',
  badCondition: 'that is not one valid condition',
  noMatch: 'the request does not fit that condition',
  termsGone: 'the terms are gone, or policy has changed',
  viewDiffers: 'what was printed is not what would be signed',
  tooSoon: 'read the terms first',
  over: 'the terms are over',
  wrongPassphrase: 'that is not the passphrase',
  refused: 'the broker did not take it',
  waiting: 'sent; whether the log has it is not known yet',
};
export const notDone = (code: GrantCode, detail?: string): string =>
  visible(`Not done: ${SAYS[code]}${detail === undefined ? '' : ` (${detail})`}.`);
