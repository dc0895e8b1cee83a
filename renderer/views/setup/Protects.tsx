// The choice of what protects the keys: shown only where the computer's key store can.

import type { ReactNode } from 'react';
import type { VaultName } from '../../../shared/ipc/snapshot.ts';
import { Tick } from '../../ui/Tick.tsx';
import { VAULT } from '../../words/first-run.ts';
import css from './setup.module.css';

type ProtectsProps = {
  readonly store: VaultName;
  readonly byPassphrase: boolean;
  readonly choose: (byPassphrase: boolean) => void;
};

export function Protects({ store, byPassphrase, choose }: ProtectsProps): ReactNode {
  return (
    <fieldset className={css['choice']}>
      <legend>{VAULT.protects}</legend>
      <Tick
        label={VAULT.store(store)}
        hint={VAULT.storeHint(store)}
        among="protects"
        on={!byPassphrase}
        change={() => choose(false)}
      />
      <Tick
        label={VAULT.passphrase}
        among="protects"
        on={byPassphrase}
        change={() => choose(true)}
      />
    </fieldset>
  );
}
