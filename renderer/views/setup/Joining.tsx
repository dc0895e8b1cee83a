// A device that asks to be let into a team: its words while it waits, the words of the roots where a person must compare
// them, and why it was not let in. What was pressed is main's to do; this shows what main says then.

import { type ReactNode, useEffect, useRef } from 'react';
import type { Joining as Shown } from '../../../shared/ipc/snapshot.ts';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { COMPARE, STOPPED, troubleSays, WAITING } from '../../words/joining.ts';
import { GiveUp } from './GiveUp.tsx';
import css from './joining.module.css';
import { KeyWords } from './KeyWords.tsx';
import setup from './setup.module.css';

export function Joining({ joining }: { joining: Shown }): ReactNode {
  const { state } = joining;
  return (
    <main className={setup['page']}>
      <div className={classes(setup['sheet'], css['wide'])}>
        {state === 'compare' ? (
          <Compare joining={joining} />
        ) : state === 'stopped' ? (
          <Stopped joining={joining} />
        ) : (
          <Waiting joining={joining} state={state} />
        )}
        <GiveUp />
      </div>
    </main>
  );
}

type Part = { readonly joining: Shown };

const Waiting = ({
  joining,
  state,
}: Part & { readonly state: keyof typeof WAITING.state }): ReactNode => (
  <>
    <Title text={WAITING.title} />
    <p className={setup['soft']}>{WAITING.as(joining)}</p>
    <KeyWords title={WAITING.yours} words={joining.words} />
    <p>{WAITING.call}</p>
    <output className={css['state']} data-state={state}>
      {WAITING.state[state]}
    </output>
  </>
);

function Compare({ joining }: Part): ReactNode {
  const desk = useDesk();
  const confirm = (yes: boolean): void => void ask(desk.bridge.setup.confirmRoots({ yes }));
  return (
    <>
      <Title text={COMPARE.title} />
      <p>{COMPARE.lead(joining.org ?? '')}</p>
      <KeyWords title={COMPARE.roots} words={joining.rootWords ?? ''} />
      <p>{COMPARE.how}</p>
      <div className={css['buttons']}>
        <Button look="yes" onPress={() => confirm(true)}>
          {COMPARE.same}
        </Button>
        <Button look="no" onPress={() => confirm(false)}>
          {COMPARE.differ}
        </Button>
      </div>
    </>
  );
}

function Stopped({ joining }: Part): ReactNode {
  const desk = useDesk();
  return (
    <>
      <Title text={STOPPED.title} />
      <p role="alert">{troubleSays(joining)}</p>
      <div>
        <Button onPress={() => void ask(desk.bridge.setup.askAgain({}))}>{STOPPED.again}</Button>
      </div>
    </>
  );
}

/** Takes the focus that the screen before has lost with its button, and from nobody else. */
function Title({ text }: { text: string }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <h1 ref={heading} className={css['title']} tabIndex={-1}>
      {text}
    </h1>
  );
}
