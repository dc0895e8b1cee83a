// Whether the app starts when this person logs in: always what the OS says now, looked at again when the window comes back.

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { StartAtLogin } from '../../../shared/ipc/settings.ts';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { Tick } from '../../ui/Tick.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import { START } from '../../words/settings.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';

export function StartPart(): ReactNode {
  const { bridge } = useDesk();
  const [state, setState] = useState<StartAtLogin>();
  const [fault, setFault] = useState<string>();
  const look = useCallback(async () => {
    const answer = await ask(bridge.settings.startAtLogin({}));
    if (answer !== undefined) setState(answer.state);
  }, [bridge]);
  useEffect(() => {
    const again = (): void => void look();
    again();
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, [look]);
  const put = async (on: boolean): Promise<void> => {
    const answer = await ask(bridge.settings.setStartAtLogin({ on }));
    setFault(answer === undefined ? NOT_REACHED : answer.ok ? undefined : START[answer.code]);
    await look();
  };
  if (state === undefined) return null;
  return (
    <Part title={START.title}>
      {state === 'cannot' ? (
        <p className={css['soft']}>{START.cannot}</p>
      ) : (
        <Tick
          label={START.label}
          hint={START.hint}
          on={state === 'on'}
          change={(on) => void put(on)}
          fault={fault}
        />
      )}
    </Part>
  );
}
