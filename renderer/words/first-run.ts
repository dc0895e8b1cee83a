// What a person reads before there is a key, or while it is locked.

import type { MIN_PASSPHRASE } from '../../shared/ipc/contract.ts';
import type { VaultName, VaultState, VaultTrouble } from '../../shared/ipc/snapshot.ts';

/** The contract's own number, held equal by its literal type; importing the value would load every schema. */
export const PASSPHRASE_MIN: typeof MIN_PASSPHRASE = 12;

export const UNLOCK = {
  title: 'Unlock to decide',
  lead: 'Your signing key is locked. Requests stay held meanwhile.',
  passphrase: 'Passphrase',
  go: 'Unlock',
  going: 'Unlocking',
  look: 'Look without unlocking',
} as const;

export const VAULT_NAME: { readonly [N in VaultName]: string } = {
  keychain: 'the macOS keychain',
  dpapi: 'Windows data protection',
  gnome_libsecret: 'the GNOME keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet 5',
  kwallet6: 'KWallet 6',
};

export const VAULT = {
  protects: 'What protects your keys',
  store: (name: VaultName): string => `This computer’s key store: ${VAULT_NAME[name]}`,
  storeHint: (name: VaultName): string =>
    name === 'dpapi'
      ? 'Opens with your login, without a question. Other programs of your account could open it too.'
      : 'Opens with your login, without a question.',
  passphrase: 'A passphrase, asked every 12 hours',
  critical: 'Passphrase for critical approvals (optional)',
  criticalHint: `At least ${PASSPHRASE_MIN} characters, or none: then critical requests can only be denied. It also opens your keys where the key store is gone.`,
  kept: (name: VaultName): string =>
    `Kept in ${VAULT_NAME[name]}: open from the start of the app until you lock it.`,
  keptSomewhere: 'Kept in a key store of this computer.',
  withPassphrase: 'Your passphrase opens a copy of it; critical approvals ask for it.',
  withoutPassphrase: 'No passphrase is set: critical requests can only be denied.',
  open: 'Unlocked until you lock it.',
  offered: (name: VaultName): string =>
    `These keys were made under a passphrase and stay there; ${VAULT_NAME[name]} can only take keys that are made anew.`,
  unlock: 'Unlock',
  again: 'Try again',
  opening: 'Opening',
} as const;

/** Why the key store was not offered, and what protects the keys for that. */
const NOT_OFFERED: { readonly [T in VaultTrouble]: string } = {
  none: 'This way of running can’t use the computer’s key store, so a passphrase protects your keys.',
  weak: 'The key store of this computer keeps no secret from others, so a passphrase protects your keys.',
  unavailable:
    'The key store of this computer does not answer now, so a passphrase protects your keys. Unlock it and start again to be offered it.',
  changed: 'The key store of this computer has changed, so a passphrase protects your keys.',
  refused: 'The key store of this computer refused, so a passphrase protects your keys.',
  damaged: 'The key store of this computer can’t be used, so a passphrase protects your keys.',
};

/** Why keys that a store keeps do not open. Nothing is tried in its place. */
const NOT_OPENED: { readonly [T in VaultTrouble]: (put: string, now: string) => string } = {
  none: (put) =>
    `Your keys are in ${put}, which only the app in the tray can open: start that one.`,
  weak: () => 'What this computer now offers as a key store keeps no secret, and is not used.',
  unavailable: (put) =>
    `${capital(put)} does not answer. Unlock it, then try again: nothing is lost.`,
  changed: (put, now) =>
    `Your keys are in ${put}, and this computer now offers ${now}: they stay locked until you log in with the first one again.`,
  refused: (put) =>
    `${capital(put)} does not open your keys: their file was changed, or is of another account or computer.`,
  damaged: () =>
    'The file that holds your key is not one that this version wrote, so it is not opened.',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The one sentence about the key store where something is in its way. */
export function vaultTroubleSays(vault: VaultState): string | undefined {
  const { keeps, trouble, wrappedBy, name } = vault;
  if (trouble === undefined) return undefined;
  if (!keeps) return NOT_OFFERED[trouble];
  const put = wrappedBy === undefined ? 'a key store of this computer' : VAULT_NAME[wrappedBy];
  return NOT_OPENED[trouble](
    put,
    name === undefined ? 'none that keeps a secret' : VAULT_NAME[name],
  );
}

export const REFUSED = {
  title: 'This address has been used',
  text: 'An address works once and for a minute. Ask for a new one: run',
  command: 'npx countersign start',
  after: 'or npm start again, and open what it prints.',
} as const;

export const STARTING = 'Starting';
