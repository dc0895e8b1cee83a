// Who is asked about this request now, and who is next: beside the card, outside of what is signed.

import type { ReactNode } from 'react';
import type { AskedNow } from '../../../shared/ipc/on-call.ts';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { useTold } from '../../ui/use-now.ts';
import { askedSays, nextSays } from '../../words/on-call.ts';
import css from './card.module.css';

type AskedLineProps = {
  readonly request: Pick<RequestSummary, 'approveOff'>;
  readonly asked: AskedNow;
};

export function AskedLine({ request, asked }: AskedLineProps): ReactNode {
  const may = request.approveOff !== 'notAllowed' && request.approveOff !== 'ownAction';
  const next = useTold((now) => nextSays(asked, now) ?? '');
  return (
    <p className={css['asked']} data-mine={asked.mine || undefined}>
      {askedSays(asked, may)} {next !== '' && <span>{next}</span>}
    </p>
  );
}
