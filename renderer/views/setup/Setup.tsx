// First run: alone or in a team, one form, one button. The computer's key store is offered where it keeps a secret, and
// where it isn't offered the form says why. The passphrase leaves this form for main and is kept nowhere here.

import { type ReactNode, useEffect, useState } from 'react';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { VAULT, vaultTroubleSays } from '../../words/first-run.ts';
import { TEAM } from '../../words/joining.ts';
import { SETUP } from '../../words/setup.ts';
import { EMPTY, type Faults, faultsOf, type Form, send } from './first-form.ts';
import { Joining } from './Joining.tsx';
import { Protects } from './Protects.tsx';
import css from './setup.module.css';
import { Ways } from './Ways.tsx';

export function Setup(): ReactNode {
  const joining = useMirror((mirror) => mirror.snapshot?.joining);
  return joining === undefined ? <FirstForm /> : <Joining joining={joining} />;
}

function FirstForm(): ReactNode {
  const desk = useDesk();
  const [team, setTeam] = useState(false);
  const [form, setForm] = useState<Form>(EMPTY);
  const [home, setHome] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const [complaint, setComplaint] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [byPassphrase, setByPassphrase] = useState(false);
  const vault = useMirror((mirror) => mirror.snapshot?.key.vault);
  const store = vault?.trouble === undefined ? vault?.name : undefined;
  const inVault = store !== undefined && !byPassphrase;
  const why = vault && vaultTroubleSays(vault);

  useEffect(() => {
    let current = true;
    void ask(desk.bridge.setup.suggestion({})).then((suggested) => {
      if (!current || suggested === undefined) return;
      setHome(suggested.home);
      setForm((now) => ({
        ...now,
        name: now.name || suggested.name,
        id: now.id || suggested.id,
      }));
    });
    return () => {
      current = false;
    };
  }, [desk]);

  const put = (field: keyof Form) => (value: string) => {
    setForm({ ...form, [field]: value });
    setFaults({ ...faults, [field]: undefined });
  };
  const choose = (chosen: boolean): void => {
    setTeam(chosen);
    setFaults({});
    setComplaint(undefined);
  };
  const submit = async (): Promise<void> => {
    const found = faultsOf(form, { team, inVault });
    setFaults(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    const came = await send(desk, form, { team, inVault });
    setFaults(came.faults ?? {});
    setComplaint(came.complaint);
    setBusy(false);
  };
  const words = team ? TEAM : SETUP;
  return (
    <main className={css['page']}>
      <form
        className={css['sheet']}
        noValidate
        aria-labelledby="setup-title"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1 id="setup-title">{SETUP.title}</h1>
        <Ways team={team} choose={choose} />
        <p>{words.lead}</p>
        {team ? (
          <Field
            label={TEAM.invitation}
            hint={TEAM.invitationHint}
            value={form.invitation}
            onChange={put('invitation')}
            fault={faults.invitation}
            maxLength={2048}
            mono
          />
        ) : (
          <p className={css['soft']}>{SETUP.solo}</p>
        )}
        <div className={css['pair']}>
          <Field
            label={SETUP.name}
            value={form.name}
            onChange={put('name')}
            fault={faults.name}
            maxLength={100}
          />
          <Field
            label={SETUP.id}
            value={form.id}
            onChange={put('id')}
            fault={faults.id}
            maxLength={96}
            mono
          />
        </div>
        {store !== undefined && (
          <Protects store={store} byPassphrase={byPassphrase} choose={setByPassphrase} />
        )}
        {why !== undefined && <p className={css['soft']}>{why}</p>}
        <Field
          label={inVault ? VAULT.critical : SETUP.passphrase}
          kind="new-password"
          value={form.passphrase}
          onChange={put('passphrase')}
          hint={inVault ? VAULT.criticalHint : SETUP.passphraseHint}
          fault={faults.passphrase}
          maxLength={1024}
          startsHere={!inVault}
        />
        <Field
          label={SETUP.again}
          kind="new-password"
          value={form.again}
          onChange={put('again')}
          fault={faults.again}
          maxLength={1024}
        />
        {home !== '' && (
          <p className={css['home']}>
            {SETUP.home} <code>{home}</code>
          </p>
        )}
        {complaint !== undefined && (
          <p className={css['fault']} role="alert">
            {complaint}
          </p>
        )}
        <div>
          <Button submit look="yes" off={busy}>
            {busy ? words.going : words.go}
          </Button>
        </div>
      </form>
    </main>
  );
}
