// "Verified" is a button, and what it says is what was really checked just now: how much, when, and whose signatures stand
// under the head of the log. It can be stopped, and then says only what it has seen.

import { type ReactNode, useEffect, useState } from 'react';
import { Plain } from '../../parts/Plain.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { type Checked, HISTORY, VERIFY, verifySays } from '../../words/history.ts';
import { amount, atDay } from '../../words/time.ts';
import { signersOf } from './checkpoint-signers.ts';
import css from './history.module.css';
import { Signers } from './Signers.tsx';

type Progress = { readonly done: number; readonly of: number };

export function Verify(): ReactNode {
  const { bridge } = useDesk();
  const [checked, setChecked] = useState<Checked>();
  const [complaint, setComplaint] = useState<string>();
  const [progress, setProgress] = useState<Progress>();
  useEffect(
    () =>
      bridge.history.verifying((now) =>
        // What comes after the answer is about nothing any more.
        setProgress((before) => (before === undefined ? undefined : now)),
      ),
    [bridge],
  );
  const verify = async (): Promise<void> => {
    setProgress({ done: 0, of: 0 });
    setChecked(undefined);
    const answer = await ask(bridge.history.verify({}));
    setProgress(undefined);
    setChecked(answer);
    setComplaint(answer === undefined ? NOT_REACHED : undefined);
  };
  const busy = progress !== undefined;
  return (
    <>
      <Button off={busy} onPress={() => void verify()}>
        {busy ? VERIFY.going : VERIFY.go}
      </Button>
      <output className={css['told']}>
        {complaint !== undefined && <p className={css['complaint']}>{complaint}</p>}
        {progress !== undefined && <Checking progress={progress} />}
        {checked !== undefined && (
          <Findings checked={checked} close={() => setChecked(undefined)} />
        )}
      </output>
    </>
  );
}

function Checking({ progress }: { progress: Progress }): ReactNode {
  const { bridge } = useDesk();
  const known = progress.of > 0 ? { max: progress.of, value: progress.done } : {};
  return (
    <div className={css['going']}>
      <progress aria-label={VERIFY.progress} {...known} />
      <p>{amount(progress.done)}</p>
      <Button look="link" onPress={() => void ask(bridge.history.verifyCancel({}))}>
        {VERIFY.cancel}
      </Button>
    </div>
  );
}

function Findings({ checked, close }: { checked: Checked; close: () => void }): ReactNode {
  const well = checked.problems.length === 0 && checked.stopped !== true;
  return (
    <div className={css['findings']} data-well={well || undefined}>
      <p>
        <strong>{verifySays(checked)}</strong> {checked.stopped === true && VERIFY.stopped}
      </p>
      {checked.withoutBody > 0 && <p>{VERIFY.withoutBody(checked.withoutBody)}</p>}
      <dl>
        <dt>{VERIFY.checked}</dt>
        <dd>{atDay(checked.at)}</dd>
        <dt>{VERIFY.signers}</dt>
        <dd>
          <Plain>{signersOf(checked.checkpoint).join(', ')}</Plain>
        </dd>
        <dt>{VERIFY.logKey}</dt>
        <dd className={css['key']}>{checked.logKey}</dd>
        <dt>{VERIFY.root}</dt>
        <dd className={css['key']}>{checked.root}</dd>
      </dl>
      <Signers signers={checked.signers} />
      {checked.problems.length > 0 && (
        <ul>
          {checked.problems.map((problem) => (
            <li key={`${problem.index} ${problem.says}`}>
              {VERIFY.problem(amount(problem.index))}
              <Plain>{problem.says}</Plain>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>{VERIFY.checkpoint}</summary>
        <pre>{checked.checkpoint}</pre>
      </details>
      <Button look="link" onPress={close}>
        {HISTORY.close}
      </Button>
    </div>
  );
}
