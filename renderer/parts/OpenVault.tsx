// Keys that the computer's key store keeps: one button and no question, and why they did not open.

import { type ReactNode, useState } from 'react';
import type { VaultState } from '../../shared/ipc/snapshot.ts';
import { openByVault } from '../store/commands.ts';
import { useDesk } from '../store/context.ts';
import { Button } from '../ui/Button.tsx';
import { VAULT, vaultTroubleSays } from '../words/first-run.ts';
import css from './parts.module.css';

export function OpenVault({ vault, alone }: { vault: VaultState; alone: boolean }): ReactNode {
  const desk = useDesk();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const press = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFault(await openByVault(desk));
    setBusy(false);
  };
  const says = fault ?? vaultTroubleSays(vault);
  const go = vault.trouble === undefined ? VAULT.unlock : VAULT.again;
  return (
    <div className={alone ? css['unlockAlone'] : css['unlockInline']}>
      {says !== undefined && <p role="alert">{says}</p>}
      <div>
        <Button look={alone ? 'yes' : 'plain'} off={busy} onPress={() => void press()}>
          {busy ? VAULT.opening : go}
        </Button>
      </div>
    </div>
  );
}
