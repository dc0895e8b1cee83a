// "Verified" is a button, and what it says is what was really checked just now.

import { type ReactNode, useState } from 'react';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Plain } from '../../parts/Plain.tsx';
import { Button } from '../../ui/Button.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { type Checked, verifySays } from '../../words/history.ts';
import { amount, atDay, counted } from '../../words/time.ts';
import css from './history.module.css';

export function Verify(): ReactNode {
  const { bridge } = useDesk();
  const [checked, setChecked] = useState<Checked>();
  const [complaint, setComplaint] = useState<string>();
  const [busy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    const answer = await ask(bridge.history.verify({}));
    setBusy(false);
    setChecked(answer);
    setComplaint(answer === undefined ? NOT_REACHED : undefined);
  };
  return (
    <>
      <Button off={busy} onPress={() => void verify()}>
        {busy ? 'Checking' : 'Verify the log'}
      </Button>
      <output className={css['verified']}>
        {complaint}
        {checked !== undefined && (
          <Findings checked={checked} close={() => setChecked(undefined)} />
        )}
      </output>
    </>
  );
}

function Findings({ checked, close }: { checked: Checked; close: () => void }): ReactNode {
  return (
    <div className={css['findings']} data-well={checked.problems.length === 0 || undefined}>
      <p>
        <strong>{verifySays(checked)}</strong>
      </p>
      {checked.withoutBody > 0 && (
        <p>
          {counted(checked.withoutBody, 'entry', 'entries')} without a text on this machine: the
          place in the log is checked, the text is not.
        </p>
      )}
      <dl>
        <dt>Checked</dt>
        <dd>{atDay(checked.at)}</dd>
        <dt>Root</dt>
        <dd className={css['key']}>{checked.root}</dd>
        <dt>Log key</dt>
        <dd className={css['key']}>{checked.logKey}</dd>
      </dl>
      {checked.problems.length > 0 && (
        <ul>
          {checked.problems.map((problem) => (
            <li key={`${problem.index} ${problem.says}`}>
              Entry {amount(problem.index)}: <Plain>{problem.says}</Plain>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>Checkpoint</summary>
        <pre>{checked.checkpoint}</pre>
      </details>
      <Button look="link" onPress={close}>
        Close
      </Button>
    </div>
  );
}
