// One of the desk's two lists. Rows have one height whatever they say.

import { memo, type ReactNode } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { Countdown } from '../../parts/Countdown.tsx';
import { plain } from '../../parts/Plain.tsx';
import { TierMark } from '../../parts/TierMark.tsx';
import { openCard } from '../../store/commands.ts';
import { useDesk, useView } from '../../store/context.ts';
import { DESK } from '../../words/desk.ts';
import { outcomeOf, standing } from '../../words/request.ts';
import css from './desk.module.css';

type RequestListProps = {
  readonly name: string;
  readonly requests: readonly RequestSummary[];
  readonly none: string;
};

export function RequestList({ name, requests, none }: RequestListProps): ReactNode {
  return (
    <section className={css['list']} aria-label={name}>
      <h2>{name}</h2>
      {requests.length === 0 && <p className={css['none']}>{none}</p>}
      <ul>
        {requests.map((request) => (
          <li key={request.digest}>
            <RequestRow request={request} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Drawn again only when it is another summary: a request that arrives costs one row, not the whole desk. */
const RequestRow = memo(function RequestRow({
  request,
}: {
  readonly request: RequestSummary;
}): ReactNode {
  const desk = useDesk();
  const chosen = useView((view) => view.selected === request.digest);
  const waiting = request.stage === 'open';
  const quiet = waiting && request.guardState === 'here' && request.sending === undefined;
  return (
    <button
      type="button"
      id={rowId(request.digest)}
      className={css['entry']}
      aria-current={chosen || undefined}
      data-outcome={outcomeOf(request)}
      onClick={() => openCard(desk, request.digest)}
    >
      <span className={css['first']}>
        <TierMark tier={request.tier} />
        <span className={css['entryTitle']}>{plain(request.title)}</span>
        {waiting && <Countdown request={request} />}
      </span>
      <span className={css['second']}>
        {!quiet && <span className={css['standing']}>{standing(request)} · </span>}
        {DESK.forWhom(plain(request.agent), plain(request.onBehalfOf), plain(request.host))}
      </span>
    </button>
  );
});

export const rowId = (digest: string): string => `request-${digest}`;
