// The way back to the first run. It throws keys away, so it is asked twice.

import { type ReactNode, useState } from 'react';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { GIVE_UP } from '../../words/joining.ts';
import css from './joining.module.css';
import setup from './setup.module.css';

export function GiveUp(): ReactNode {
  const desk = useDesk();
  const [asked, setAsked] = useState(false);
  const [failed, setFailed] = useState(false);
  const stop = async (): Promise<void> => {
    const outcome = await ask(desk.bridge.setup.stopJoining({}));
    setFailed(outcome?.ok !== true);
  };
  return (
    <>
      <div>
        <Button look="link" expanded={asked} onPress={() => setAsked(!asked)}>
          {GIVE_UP.ask}
        </Button>
      </div>
      {asked && (
        <>
          <p className={setup['soft']}>{GIVE_UP.sure}</p>
          <div className={css['buttons']}>
            <Button look="no" onPress={() => void stop()}>
              {GIVE_UP.yes}
            </Button>
            <Button onPress={() => setAsked(false)}>{GIVE_UP.no}</Button>
          </div>
        </>
      )}
      {failed && (
        <p className={setup['fault']} role="alert">
          {GIVE_UP.failed}
        </p>
      )}
    </>
  );
}
