// First run: one form, one button. The computer's key store is offered where it keeps a secret, and where it isn't offered
// the form says why. The passphrase leaves this form for main and is kept nowhere here.

import { type ReactNode, useEffect, useState } from 'react';
import { ask, setUpSolo } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import {
  PASSPHRASE_MIN,
  SETUP,
  SETUP_FAULT,
  VAULT,
  vaultTroubleSays,
} from '../../words/first-run.ts';
import { Protects } from './Protects.tsx';
import css from './setup.module.css';

type Form = {
  readonly name: string;
  readonly id: string;
  readonly passphrase: string;
  readonly again: string;
};
type Faults = { readonly [F in keyof Form]?: string };

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,95}$/;

export function faultsOf(form: Form, inVault: boolean): Faults {
  const none = inVault && form.passphrase === '';
  return {
    ...(form.name.trim() === '' ? { name: SETUP_FAULT.name } : {}),
    ...(ID.test(form.id) ? {} : { id: SETUP_FAULT.id }),
    ...(!none && form.passphrase.length < PASSPHRASE_MIN ? { passphrase: SETUP_FAULT.short } : {}),
    ...(form.again === form.passphrase ? {} : { again: SETUP_FAULT.differ }),
  };
}

export function Setup(): ReactNode {
  const desk = useDesk();
  const [form, setForm] = useState<Form>({ name: '', id: '', passphrase: '', again: '' });
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
  const submit = async (): Promise<void> => {
    const found = faultsOf(form, inVault);
    setFaults(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    const { id, passphrase } = form;
    setComplaint(await setUpSolo(desk, { id, name: form.name.trim(), passphrase, inVault }));
    setBusy(false);
  };
  const { title, lead, solo } = SETUP;
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
        <h1 id="setup-title">{title}</h1>
        <p>{lead}</p>
        <p className={css['soft']}>{solo}</p>
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
            {busy ? SETUP.going : SETUP.go}
          </Button>
        </div>
      </form>
    </main>
  );
}
