// Alone or in a team: the first choice there is.

import type { ReactNode } from 'react';
import { Tick } from '../../ui/Tick.tsx';
import { WAYS } from '../../words/joining.ts';
import css from './setup.module.css';

type WaysProps = { readonly team: boolean; readonly choose: (team: boolean) => void };

export function Ways({ team, choose }: WaysProps): ReactNode {
  return (
    <fieldset className={css['choice']}>
      <legend>{WAYS.which}</legend>
      <div className={css['pair']}>
        <Tick
          label={WAYS.alone}
          hint={WAYS.aloneHint}
          among="way"
          on={!team}
          change={() => choose(false)}
        />
        <Tick
          label={WAYS.team}
          hint={WAYS.teamHint}
          among="way"
          on={team}
          change={() => choose(true)}
        />
      </div>
    </fieldset>
  );
}
