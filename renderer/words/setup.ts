// The form of a first run. Its own file, because the first chunk of the window does not need it.

import { PASSPHRASE_MIN } from './first-run.ts';

export const SETUP = {
  title: 'Set up Countersign',
  lead: 'An agent on this machine asks. You approve or deny, and your signature decides.',
  solo: 'Solo means that you are the only reviewer on the same machine as the agent: it guards against mistakes, not against somebody who controls your session.',
  name: 'Your name',
  id: 'Your id',
  idHint: 'Stands in every decision you sign. Letters, digits and . _ @ - only.',
  passphrase: 'Passphrase',
  passphraseHint: `At least ${PASSPHRASE_MIN} characters. It opens your signing key and cannot be recovered.`,
  again: 'Passphrase again',
  home: 'Keys and log are kept in',
  go: 'Make my keys',
  going: 'Making keys',
} as const;

export const SETUP_FAULT = {
  name: 'Enter your name.',
  id: 'Start with a letter or digit; then letters, digits and . _ @ - only.',
  short: `Use at least ${PASSPHRASE_MIN} characters.`,
  differ: 'The two passphrases differ.',
} as const;
