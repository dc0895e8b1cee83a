// What became of a request: who decided, how, when and why, and what the guard then did. And what waits next.

import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { Plain } from '../../parts/Plain.tsx';
import { openCard } from '../../store/commands.ts';
import { useDesk, useMirror } from '../../store/context.ts';
import { nextWaiting } from '../../store/select.ts';
import { Button } from '../../ui/Button.tsx';
import { CARD } from '../../words/card.ts';
import { outcomeOf, PRESENCE_SAYS, standing } from '../../words/request.ts';
import { SHELL } from '../../words/shell.ts';
import { atDay } from '../../words/time.ts';
import css from './card.module.css';

const AllowAgain = lazy(async () => ({
  default: (await import('../grant/AllowAgain.tsx')).AllowAgain,
}));

export function Outcome({ request }: { request: RequestSummary }): ReactNode {
  const desk = useDesk();
  const requests = useMirror((mirror) => mirror.snapshot?.requests);
  const next = nextWaiting(requests ?? [], request.digest);
  const [allowing, setAllowing] = useState(false);
  const { tier } = request;
  const again = outcomeOf(request) === 'yes' && (tier === 'low' || tier === 'medium');
  return (
    <div className={css['outcome']} data-outcome={outcomeOf(request)}>
      <p className={css['standing']}>
        <Plain>{`${standing(request)}.`}</Plain>
      </p>
      {request.decisions.map((decision) => (
        <p key={decision.sha256}>
          {decision.verdict === 'approve' ? CARD.approvedBy : CARD.deniedBy}{' '}
          <Plain>{decision.reviewer}</Plain> {PRESENCE_SAYS[decision.presence]},{' '}
          {atDay(decision.at)}
          {decision.reason !== undefined && (
            <>
              : <Plain>{decision.reason}</Plain>
            </>
          )}
        </p>
      ))}
      <p className={css['after']}>
        {again && (
          <Button look="link" expanded={allowing} onPress={() => setAllowing(!allowing)}>
            {CARD.allowAgain}
          </Button>
        )}
        <Button
          look="link"
          onPress={() => desk.view.setState({ screen: 'history', story: request.digest })}
        >
          {CARD.story}
        </Button>
        {next !== undefined && (
          <Button look="link" onPress={() => openCard(desk, next.digest)}>
            {CARD.next}
          </Button>
        )}
      </p>
      {again && allowing && (
        <Suspense fallback={<p aria-busy="true">{SHELL.loading}</p>}>
          <AllowAgain digest={request.digest} />
        </Suspense>
      )}
    </div>
  );
}
