// What a person reads between "I want into this team" and being in it.

import type { JoinCode } from '../../shared/ipc/contract.ts';
import type { Joining, JoinTrouble } from '../../shared/ipc/snapshot.ts';
import { say } from './plural.ts';

export const WAYS = {
  which: 'How do you begin?',
  alone: 'Work alone',
  aloneHint: 'Agent, broker and you on this machine.',
  team: 'Join a team',
  teamHint: 'Somebody has sent you an invitation.',
} as const;

export const TEAM = {
  lead: 'This machine makes your keys, and they never leave it. An administrator of your team compares eight words with you, then lets you in.',
  invitation: 'Invitation',
  invitationHint: 'One line, whole: wss://host:port#team.code',
  invitationMissing: 'Paste the invitation that an administrator has sent you.',
  go: 'Make my keys and ask',
  going: 'Making keys',
} as const;

/** `detail` is main's own, where a sentence alone does not help. */
export const JOIN_FAILED: { readonly [C in JoinCode]: (detail: string) => string } = {
  invitation: () =>
    'That is not a whole invitation. Copy it again, from wss:// to the end of its code.',
  notEncrypted: () =>
    'This address begins with ws:// and is not encrypted. Ask for one that begins with wss://.',
  passphraseTooShort: () => 'The passphrase is too short.',
  done: () => 'This machine is set up already, or asks to join a team.',
  otherName: (detail) =>
    `This machine has already asked to join, as ${detail}. Use that name and id, so that its words stay true.`,
  failed: (detail) => `The keys could not be made${detail === '' ? '' : ` (${detail})`}.`,
};

export const WAITING = {
  title: 'Read these words to an administrator',
  yours: 'The words of this device',
  call: 'Call somebody who administers your team, by a way that does not go through the broker. They see words beside your name. Only if all eight are the same do they let you in.',
  as: ({ person, org }: Joining): string =>
    say(org === undefined ? '{name} ({id}) on {device}' : '{name} ({id}) on {device}, into {org}', {
      name: person.name,
      id: person.id,
      device: person.device,
      org: org ?? '',
    }),
  state: {
    asking: 'Asking the broker.',
    waiting: 'Waiting. This goes on by itself once you are let in, also after a restart.',
    offline: 'The broker can’t be reached. Trying again; the words stay the same.',
  },
  copy: 'Copy the words',
} as const;

export const COMPARE = {
  title: 'Is this your team?',
  lead: (org: string): string =>
    say(
      'The roots of {org} have signed for you. Your invitation does not say which roots those are, so whoever answers at that address could have made them up.',
      { org },
    ),
  how: 'Ask an administrator to read the words that countersign keyring show prints for the roots together. Compare all eight.',
  roots: 'The words of the roots',
  same: 'They are the same',
  differ: 'They differ',
} as const;

export const STOPPED = {
  title: 'You are not in',
  again: 'Ask again',
} as const;

export const GIVE_UP = {
  ask: 'Give up and start over',
  sure: 'This throws the new keys of this machine away. Words that you have read to somebody are void.',
  yes: 'Throw the keys away',
  no: 'Keep them',
  failed: 'They could not be thrown away. Nothing was changed.',
} as const;

const TROUBLE: { readonly [T in JoinTrouble]: string } = {
  stranger:
    'No broker answers at that address, or nobody vouches for its certificate. Nothing was told to whoever is there.',
  refused: 'The broker refused.',
  notAccepted: 'What the broker sent is not what you were invited to, so nothing of it is trusted.',
  rootsDiffer:
    'You said that the words of the roots differ. Nothing of that organisation is trusted. Tell your administrator.',
  failed: 'You were let in, but this machine could not keep it.',
};

/** Main's own reason, in brackets. */
export const troubleSays = ({ trouble }: Joining): string | undefined =>
  trouble &&
  `${TROUBLE[trouble.code]}${trouble.detail === undefined ? '' : ` (${trouble.detail})`}`;
