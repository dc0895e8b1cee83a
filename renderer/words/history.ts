// What history says about the log, its rows and what was checked.

import type { Bridge } from '../../shared/ipc/contract.ts';
import type { StatementType } from '../../shared/statement/statement.ts';
import { counted } from './time.ts';

export type Checked = Awaited<ReturnType<Bridge['history']['verify']>>;
export type Story = Extract<
  Awaited<ReturnType<Bridge['history']['story']>>,
  { readonly ok: true }
>['value'];
export type StoryStep = Story['steps'][number];

export const TYPE_NAME: { readonly [T in StatementType]: string } = {
  request: 'Request',
  decision: 'Decision',
  notice: 'Notice',
  ending: 'Ending',
  receipt: 'Receipt',
  keyring: 'Keyring',
  login: 'Login',
  welcome: 'Welcome',
};

export const SIGNATURE_SAYS: { readonly [S in StoryStep['signature']]: string } = {
  verified: 'Signature verified',
  failed: 'Signature does not fit',
  unknownKey: 'Signed by a key that the keyring does not know',
};

export const NO_HISTORY =
  'The log is empty. What agents ask and what people decide will stand here.';

export const verifySays = (checked: Checked): string =>
  checked.problems.length === 0
    ? `${counted(checked.leaves, 'entry', 'entries')} hashed again, ${counted(checked.signatures, 'signature', 'signatures')} checked: all as it should be.`
    : `${counted(checked.problems.length, 'problem', 'problems')} in ${counted(checked.leaves, 'entry', 'entries')}.`;
