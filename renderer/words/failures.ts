// What went wrong outside of a decision, one sentence for each code.

import type { Bridge } from '../../shared/ipc/contract.ts';

type CodesOf<T> = T extends { readonly ok: false; readonly code: infer C extends string }
  ? C
  : never;
type Codes<F extends (input: never) => Promise<unknown>> = CodesOf<Awaited<ReturnType<F>>>;

export const NOT_REACHED = 'The app did not answer. Nothing was done.';

export const UNLOCK_FAILED: { readonly [C in Codes<Bridge['key']['unlock']>]: string } = {
  wrongPassphrase: 'That passphrase does not open your key.',
  absent: 'There is no key on this machine yet.',
  failed: 'The key file could not be read.',
};

export const SETUP_FAILED: { readonly [C in Codes<Bridge['setup']['solo']>]: string } = {
  passphraseTooShort: 'The passphrase is too short.',
  done: 'This machine is set up already.',
  failed: 'The keys could not be made.',
};

export const OPEN_FAILED: { readonly [C in Codes<Bridge['request']['open']>]: string } = {
  unknownRequest: 'The app does not know this request any more.',
  erased: 'The text of this request has been erased. Its place in the log remains.',
};

/** Why a card cannot be shown. What cannot be shown cannot be approved. */
export const CARD_FAILED = {
  digest: 'The bytes of this request are not the ones its digest names.',
  attachment: 'Part of this request could not be fetched, or is not the part its digest names.',
  render: 'This request has something that this app does not know how to show in full.',
} as const;
export type CardFailure = keyof typeof CARD_FAILED;
