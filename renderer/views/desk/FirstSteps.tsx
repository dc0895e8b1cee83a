// The first run's three steps: keys, one approval, one denial. The samples are real requests of real, harmless commands;
// each step is ticked off by what the log says, the moment it says it.

import type { ReactNode } from 'react';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { Copy } from '../../ui/Copy.tsx';
import { STEP_COMMAND, STEPS } from '../../words/desk.ts';
import css from './desk.module.css';
import type { Steps } from './first-steps.ts';

type FirstStepsProps = {
  readonly steps: Steps;
  /** Beside a card: without the lead. */
  readonly short?: boolean;
};

export function FirstSteps({ steps, short = false }: FirstStepsProps): ReactNode {
  const { view } = useDesk();
  const next = steps.approved ? 'deny' : 'approve';
  return (
    <section className={css['steps']} aria-labelledby="steps-title">
      <h2 id="steps-title">{short ? STEPS.short : STEPS.title}</h2>
      {!short && <p>{STEPS.lead}</p>}
      <ol>
        <Step name={STEPS.keys} done />
        <Step name={STEPS.approve} done={steps.approved} next={next === 'approve'}>
          {STEP_COMMAND.approve}
        </Step>
        <Step name={STEPS.deny} done={steps.denied} next={next === 'deny'}>
          {STEP_COMMAND.deny}
        </Step>
      </ol>
      <div>
        <Button look="link" onPress={() => view.setState({ stepsHidden: true })}>
          {STEPS.hide}
        </Button>
      </div>
    </section>
  );
}

type StepProps = {
  readonly name: string;
  readonly done: boolean;
  readonly next?: boolean;
  readonly children?: string;
};

function Step({ name, done, next = false, children }: StepProps): ReactNode {
  return (
    <li data-done={done || undefined} aria-current={next ? 'step' : undefined}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {done ? (
          <path d="M3 8.5l3.2 3.2L13 4.8" fill="none" stroke="currentColor" strokeWidth="2" />
        ) : (
          <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
      </svg>
      <p>
        {name}
        <span className="unseen">{done ? `, ${STEPS.isDone}` : next && `, ${STEPS.isNext}`}</span>
      </p>
      {children !== undefined && !done && <Copy line={children} />}
    </li>
  );
}
