// What opens the key, asked where it is needed: on its own screen, or inside a card's bar. The passphrase; or, for keys that
// the computer's key store keeps, a press, and the passphrase too where there is one and the store does not open them.

import { type ReactNode, useState } from 'react';
import { unlock } from '../store/commands.ts';
import { useDesk, useMirror } from '../store/context.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { UNLOCK } from '../words/first-run.ts';
import { OpenVault } from './OpenVault.tsx';
import css from './parts.module.css';

export function UnlockForm({ alone }: { alone: boolean }): ReactNode {
  const vault = useMirror((mirror) => mirror.snapshot?.key.vault);
  if (vault?.keeps !== true) return <PassphraseForm alone={alone} />;
  return (
    <>
      <OpenVault vault={vault} alone={alone} />
      {vault.passphrase && vault.trouble !== undefined && <PassphraseForm alone={false} />}
    </>
  );
}

function PassphraseForm({ alone }: { alone: boolean }): ReactNode {
  const desk = useDesk();
  const [passphrase, setPassphrase] = useState('');
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    if (busy || passphrase === '') return;
    setBusy(true);
    const complaint = await unlock(desk, passphrase);
    setBusy(false);
    setPassphrase('');
    setFault(complaint);
  };
  return (
    <form
      className={alone ? css['unlockAlone'] : css['unlockInline']}
      aria-label={UNLOCK.title}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label={UNLOCK.passphrase}
        kind="password"
        value={passphrase}
        onChange={setPassphrase}
        fault={fault}
        maxLength={1024}
        startsHere={alone}
      />
      <Button submit look={alone ? 'yes' : 'plain'} off={busy || passphrase === ''}>
        {busy ? UNLOCK.going : UNLOCK.go}
      </Button>
    </form>
  );
}
