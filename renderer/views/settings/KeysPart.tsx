// Whose keys these are, what protects them, and how to lock them.

import type { ReactNode } from 'react';
import type { VaultState } from '../../../shared/ipc/snapshot.ts';
import { Plain } from '../../parts/Plain.tsx';
import { UnlockForm } from '../../parts/UnlockForm.tsx';
import { lock } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { VAULT, vaultTroubleSays } from '../../words/first-run.ts';
import { SETTINGS_WORDS } from '../../words/settings.ts';
import { atClock } from '../../words/time.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';

export function KeysPart(): ReactNode {
  const desk = useDesk();
  const key = useMirror((mirror) => mirror.snapshot?.key);
  const person = useMirror((mirror) => mirror.snapshot?.person);
  return (
    <Part title={SETTINGS_WORDS.keys}>
      <dl className={css['facts']}>
        {person !== undefined && (
          <>
            <dt>{SETTINGS_WORDS.person}</dt>
            <dd>
              <Plain>{person.name}</Plain> <code>{person.id}</code>
            </dd>
            <dt>{SETTINGS_WORDS.device}</dt>
            <dd>
              <code>{person.device}</code>
            </dd>
          </>
        )}
        <dt>{SETTINGS_WORDS.decisionKey}</dt>
        <dd>
          <p className={css['state']} data-well={key?.state === 'unlocked' || undefined}>
            {key?.state === 'unlocked' ? openSays(key.until) : SETTINGS_WORDS.locked}
          </p>
          <Protection vault={key?.vault} />
          {key?.state === 'unlocked' && (
            <p className={css['act']}>
              <Button onPress={() => lock(desk)}>{SETTINGS_WORDS.lock}</Button>
            </p>
          )}
          {key?.state === 'locked' && <UnlockForm alone={false} />}
        </dd>
        <dt>{SETTINGS_WORDS.otherKeys}</dt>
        <dd className={css['soft']}>{SETTINGS_WORDS.others}</dd>
      </dl>
      {person?.solo === true && <p className={css['warn']}>{SETTINGS_WORDS.solo}</p>}
    </Part>
  );
}

const openSays = (until: string | undefined): string =>
  until === undefined ? VAULT.open : SETTINGS_WORDS.open(atClock(until));

/** What keeps the key, and what stands in its way or in the way of something better. */
function Protection({ vault }: { vault: VaultState | undefined }): ReactNode {
  if (vault?.keeps !== true) {
    const why =
      vault?.name === undefined ? vault && vaultTroubleSays(vault) : VAULT.offered(vault.name);
    return (
      <>
        <p className={css['soft']}>{SETTINGS_WORDS.protects}</p>
        {why !== undefined && <p className={css['soft']}>{why}</p>}
      </>
    );
  }
  const { wrappedBy, passphrase } = vault;
  return (
    <p className={css['soft']}>
      {wrappedBy === undefined ? VAULT.keptSomewhere : VAULT.kept(wrappedBy)}{' '}
      {passphrase ? VAULT.withPassphrase : VAULT.withoutPassphrase}
    </p>
  );
}
