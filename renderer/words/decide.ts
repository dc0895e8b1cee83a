// One sentence for each reason why a decision is not possible or was not made. Total over the contract's codes.

import type { DecideCode } from '../../shared/ipc/contract.ts';
import type { WhyNot } from '../../shared/ipc/snapshot.ts';

/** Beside a button that is off. */
export const WHY_NOT_SAYS: { readonly [C in WhyNot]: string } = {
  locked: 'Your key is locked.',
  offline: 'The broker can’t be reached. Nothing can be recorded, so nothing can be decided.',
  agentGone: 'The agent is gone: its guard no longer waits, so there is nothing left to run.',
  expired: 'The time to answer has passed.',
  decided: 'This request has been decided.',
  ended: 'This request has ended.',
  notAllowed: 'Policy does not ask you about this request.',
  ownAction: 'The agent works for you here, and nobody approves their own action.',
  sameHost: 'You are on the machine where it would run. Approve from another one.',
  notApprovable: 'There is more to read than one person can be asked to. It can only be denied.',
  unverified: 'The request’s signature or its place in the log could not be verified.',
  policyMissing:
    'This machine does not have the policy that it was asked under, so what it says can’t be checked. It can only be denied here.',
  policyForbids: 'Policy does not let you approve this. Somebody else may.',
  sending: 'Your decision is on its way to the log.',
  alarm: 'The log and this machine’s copy of it disagree. Nothing may be approved.',
  otherParent:
    'It says that it changes a denied request, and nobody proposed this then. It can only be denied.',
  noPresence:
    'A critical approval takes a passphrase, and these keys were made without one. It can only be denied here.',
};

const SAYS: { readonly [C in DecideCode]: string } = {
  ...WHY_NOT_SAYS,
  unknownRequest: 'The app does not know this request any more.',
  viewDiffers: 'What was on screen is not what would be signed. Nothing was signed.',
  tooSoon:
    'That press came too soon after the card appeared or moved. Look again, then press again.',
  notSeen: 'Not every line that must be read has been on screen yet.',
  notHeld: 'The button was not held for a full second.',
  nameDiffers: 'The name you typed is not the target’s name.',
  reasonMissing: 'An approval of this tier needs a reason.',
  wrongPassphrase: 'That passphrase does not open your key.',
  passphraseNeeded: 'This approval needs your passphrase.',
  presenceTooWeak: 'This tier cannot be approved from here.',
  badChanges: 'That is no change of this request. Nothing was signed.',
  refused: 'You signed it, and the broker did not take it.',
};

export const decideSays = (code: DecideCode, detail?: string): string =>
  (code === 'refused' || code === 'badChanges') && detail !== undefined
    ? `${SAYS[code]} ${code === 'refused' ? 'It says' : 'Why'}: ${detail}.`
    : SAYS[code];

export const ALL_SEEN = 'Everything that must be read has been on screen.';
