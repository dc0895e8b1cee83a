// Whether anything can reach this person, said as it is; a test that asks whether it was seen; and where to look if not.

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Diagnosis } from '../../../shared/ipc/reach.ts';
import { ask } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { Button } from '../../ui/Button.tsx';
import { NOT_REACHED } from '../../words/failures.ts';
import {
  lookFor,
  NOTICE_TROUBLE,
  quietSays,
  REACH_TROUBLE,
  reachIsWell,
  reachSays,
  SETTINGS_WORDS,
} from '../../words/settings.ts';
import { atDay } from '../../words/time.ts';
import { Part } from './Part.tsx';
import css from './settings.module.css';

export function ReachPart(): ReactNode {
  const { bridge } = useDesk();
  const told = useMirror((mirror) => mirror.snapshot?.reach);
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  const [complaint, setComplaint] = useState<string>();
  const look = useCallback(() => {
    void ask(bridge.attention.diagnosis({})).then((answer) => {
      setDiagnosis(answer);
      setComplaint(answer === undefined ? NOT_REACHED : undefined);
    });
  }, [bridge]);
  useEffect(look, [look, told]);
  const reach = told ?? diagnosis?.reach;
  return (
    <Part title={SETTINGS_WORDS.reach}>
      {complaint !== undefined && <p role="alert">{complaint}</p>}
      {reach !== undefined && (
        <>
          <p className={css['state']} data-well={reachIsWell(reach) || undefined}>
            {reachSays(reach)}
          </p>
          {reach.troubles.slice(1).map((trouble) => (
            <p key={trouble}>{REACH_TROUBLE[trouble]}</p>
          ))}
          {reach.notices !== undefined && <p>{NOTICE_TROUBLE[reach.notices]}</p>}
          {quietSays(reach) !== undefined && <p className={css['warn']}>{quietSays(reach)}</p>}
        </>
      )}
      {diagnosis !== undefined && <Known diagnosis={diagnosis} />}
      <Test os={diagnosis?.os} look={look} />
    </Part>
  );
}

function Known({ diagnosis }: { diagnosis: Diagnosis }): ReactNode {
  const { os, buttons, maxLines, maxBytes, lastShownAt, testSeenAt } = diagnosis;
  return (
    <ul className={css['soft']}>
      {os !== undefined && <li>{buttons ? SETTINGS_WORDS.buttons : SETTINGS_WORDS.noButtons}</li>}
      {maxBytes > 0 && <li>{SETTINGS_WORDS.fits(maxLines, maxBytes)}</li>}
      {lastShownAt !== undefined && <li>{SETTINGS_WORDS.lastShown(atDay(lastShownAt))}</li>}
      {testSeenAt !== undefined && <li>{SETTINGS_WORDS.clickedIt(atDay(testSeenAt))}</li>}
    </ul>
  );
}

type TestProps = { readonly os: Diagnosis['os']; readonly look: () => void };

function Test({ os, look }: TestProps): ReactNode {
  const { bridge } = useDesk();
  const [state, setState] = useState<'idle' | 'sending' | 'sent' | 'seen' | 'unseen'>('idle');
  const [complaint, setComplaint] = useState<string>();
  const send = async (): Promise<void> => {
    setState('sending');
    const answer = await ask(bridge.attention.test({}));
    setState(answer?.ok === true ? 'sent' : 'idle');
    if (answer?.ok === true) setComplaint(undefined);
    else setComplaint(answer === undefined ? NOT_REACHED : NOTICE_TROUBLE[answer.code]);
    look();
  };
  return (
    <div className={css['act']}>
      <Button off={state === 'sending'} onPress={() => void send()}>
        {state === 'sending' ? SETTINGS_WORDS.testing : SETTINGS_WORDS.test}
      </Button>
      <Button look="link" onPress={look}>
        {SETTINGS_WORDS.again}
      </Button>
      <output className={css['came']}>
        {complaint !== undefined && <p className={css['fault']}>{complaint}</p>}
        {state === 'sent' && (
          <p className={css['act']}>
            {SETTINGS_WORDS.seen}
            <Button onPress={() => setState('seen')}>{SETTINGS_WORDS.yes}</Button>
            <Button onPress={() => setState('unseen')}>{SETTINGS_WORDS.no}</Button>
          </p>
        )}
        {state === 'seen' && <p>{SETTINGS_WORDS.sawIt}</p>}
        {state === 'unseen' && <p>{lookFor(os)}</p>}
      </output>
    </div>
  );
}
