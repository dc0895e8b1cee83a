// The rota, where the broker has one: who is on call, and being away. Whoever is away is asked last; what they may decide
// stays as it is.

import { type ReactNode, useId, useState } from 'react';
import type { OnCallState } from '../../../shared/ipc/on-call.ts';
import { goAway, type Told } from '../../store/attention.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ON_CALL, onCallSays } from '../../words/on-call.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';

const HOUR_MS = 3600_000;
const CHOICES = [
  [ON_CALL.fourHours, 4 * HOUR_MS],
  [ON_CALL.day, 24 * HOUR_MS],
  [ON_CALL.week, 7 * 24 * HOUR_MS],
] as const;

export function OnCallPart(): ReactNode {
  const onCall = useMirror((mirror) => mirror.snapshot?.onCall);
  if (onCall === undefined || onCall.groups.length === 0) return null;
  return (
    <Part title={ON_CALL.title}>
      <ul className={css['soft']}>
        {onCall.groups.map((group) => (
          <li key={group.group}>{onCallSays(group)}</li>
        ))}
      </ul>
      <Away until={onCall.away} />
    </Part>
  );
}

function Away({ until }: { until: OnCallState['away'] }): ReactNode {
  const desk = useDesk();
  const now = useNow();
  const id = useId();
  const [at, setAt] = useState('');
  const [told, setTold] = useState<Told>();
  const isAway = until !== undefined && Date.parse(until) > now;
  const go = async (ms: number | undefined): Promise<void> => {
    const past = ms !== undefined && !(ms > Date.now());
    setTold(past ? { well: false, says: ON_CALL.past } : await goAway(desk, ms));
  };
  return (
    <fieldset className={css['choices']} aria-label={ON_CALL.away}>
      <p>{isAway ? ON_CALL.isAway(until) : ON_CALL.here}</p>
      <p className={css['act']}>
        {CHOICES.map(([name, ms]) => (
          <Button key={name} onPress={() => void go(Date.now() + ms)}>
            {name}
          </Button>
        ))}
        {isAway && (
          <Button look="link" onPress={() => void go(undefined)}>
            {ON_CALL.back}
          </Button>
        )}
      </p>
      <div className={css['act']}>
        <div className={css['hour']}>
          <label htmlFor={id}>{ON_CALL.away}</label>
          <input
            id={id}
            type="datetime-local"
            value={at}
            onChange={({ target }) => setAt(target.value)}
          />
        </div>
        <Button off={at === ''} onPress={() => void go(Date.parse(at))}>
          {ON_CALL.goAway}
        </Button>
      </div>
      <p className={css['soft']}>{ON_CALL.awayHint}</p>
      {told !== undefined && told.says !== '' && (
        <output className={told.well ? css['soft'] : css['fault']}>{told.says}</output>
      )}
    </fieldset>
  );
}
