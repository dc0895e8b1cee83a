// What a person reads before there is a key, or while it is locked.

import type { MIN_PASSPHRASE } from '../../shared/ipc/contract.ts';

/** The contract's own number, held equal by its literal type; importing the value would load every schema. */
export const PASSPHRASE_MIN: typeof MIN_PASSPHRASE = 12;

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

export const UNLOCK = {
  title: 'Unlock to decide',
  lead: 'Your signing key is locked. Requests stay held meanwhile.',
  passphrase: 'Passphrase',
  go: 'Unlock',
  going: 'Unlocking',
  look: 'Look without unlocking',
} as const;

export const REFUSED = {
  title: 'This address has been used',
  text: 'An address works once and for a minute. Ask for a new one: run',
  command: 'npx countersign start',
  after: 'or npm start again, and open what it prints.',
} as const;

export const STARTING = 'Starting';
