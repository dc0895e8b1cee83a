// Time left, and the moment it ends with its zone. The last fifth is said in bold; it never blinks. Drawn again only when
// what it says has changed.

import type { ReactNode } from 'react';
import type { RequestSummary } from '../../shared/ipc/snapshot.ts';
import { useTold } from '../ui/use-now.ts';
import { CARD } from '../words/card.ts';
import { atClock, atDay, span } from '../words/time.ts';
import css from './parts.module.css';

type CountdownProps = {
  readonly request: Pick<RequestSummary, 'createdAt' | 'expiresAt'>;
  /** With the absolute time in words, as on the card. */
  readonly full?: boolean;
};

export function Countdown({ request, full = false }: CountdownProps): ReactNode {
  const [from, to] = [Date.parse(request.createdAt), Date.parse(request.expiresAt)];
  const near = useTold((now) => to - now < (to - from) / 5);
  const relative = useTold((now) => {
    const left = to - now;
    if (left <= 0) return CARD.expired;
    return full ? CARD.expiresIn(span(left)) : span(left);
  });
  return (
    <time
      className={css['countdown']}
      dateTime={request.expiresAt}
      title={CARD.expires(atDay(request.expiresAt))}
      data-near={near || undefined}
    >
      {relative}
      {full && <span className={css['soft']}>{CARD.at(atClock(request.expiresAt))}</span>}
    </time>
  );
}
