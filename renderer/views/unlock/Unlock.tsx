// The key is locked: one field. How many requests wait is said, and they can be looked at without it.

import type { ReactNode } from 'react';
import { UnlockForm } from '../../parts/UnlockForm.tsx';
import { useDesk, useMirror } from '../../store/context.ts';
import { waitingCount } from '../../store/select.ts';
import { Button } from '../../ui/Button.tsx';
import { waitSay } from '../../words/counts.ts';
import { UNLOCK } from '../../words/first-run.ts';
import setup from '../setup/setup.module.css';

export function Unlock(): ReactNode {
  const desk = useDesk();
  const waiting = useMirror((mirror) => waitingCount(mirror.snapshot));
  const name = useMirror((mirror) => mirror.snapshot?.person?.name);
  return (
    <main className={setup['page']}>
      <div className={setup['sheet']}>
        <h1>{UNLOCK.title}</h1>
        <p className={setup['soft']}>
          {name === undefined ? '' : `${name}. `}
          {UNLOCK.lead} {waiting > 0 && `${waitSay(waiting)}.`}
        </p>
        <UnlockForm alone />
        <div>
          <Button look="link" onPress={() => desk.view.setState({ looking: true })}>
            {UNLOCK.look}
          </Button>
        </div>
      </div>
    </main>
  );
}
