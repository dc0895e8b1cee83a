// One of the desk's two lists. Rows have one height whatever they say; only those near the viewport are in the page, with the
// chosen one and the one that has the focus, wherever they are: neither is lost by scrolling.

import { memo, type ReactNode, useRef, useState } from 'react';
import type { RequestSummary } from '../../../shared/ipc/snapshot.ts';
import { Countdown } from '../../parts/Countdown.tsx';
import { plain } from '../../parts/Plain.tsx';
import { TierMark } from '../../parts/TierMark.tsx';
import { openCard } from '../../store/commands.ts';
import { useDesk, useView } from '../../store/context.ts';
import { type Folds, NO_FOLDS } from '../../store/select.ts';
import { placesShown, useRowsOnScreen } from '../../ui/use-rows-on-screen.ts';
import { timesSay } from '../../words/counts.ts';
import { DESK } from '../../words/desk.ts';
import { ON_CALL } from '../../words/on-call.ts';
import { outcomeOf, standing } from '../../words/request.ts';
import css from './desk.module.css';
import { useSameRows } from './use-same-rows.ts';

/** Height of every row; the same as in desk.module.css. */
const ROW_PX = 56;

type RequestListProps = {
  readonly name: string;
  readonly requests: readonly RequestSummary[];
  readonly none: string;
  readonly folds?: Folds;
};

export function RequestList({
  name,
  requests,
  none,
  folds = NO_FOLDS,
}: RequestListProps): ReactNode {
  const box = useRef<HTMLElement>(null);
  const space = useRef<HTMLUListElement>(null);
  const picked = useView((view) => view.selected);
  const selected = (picked === undefined ? undefined : folds.behind.get(picked)) ?? picked;
  const [focused, setFocused] = useState<string>();
  const screen = useRowsOnScreen({ box, space, rowPx: ROW_PX });
  useSameRows({ rowPx: ROW_PX, requests, top: screen.top, follow: screen.follow });
  const kept = [selected, focused].map((digest) => placeOf(requests, digest));
  return (
    <section ref={box} className={css['list']} aria-label={name}>
      <h2>{name}</h2>
      {requests.length === 0 && <p className={css['none']}>{none}</p>}
      <ul
        ref={space}
        // Without its marks WebKit no longer takes it for a list.
        // oxlint-disable-next-line jsx-a11y/no-redundant-roles
        role="list"
        className={css['rows']}
        style={{ height: requests.length * ROW_PX }}
      >
        {placesShown(requests.length, screen, kept).map((place) => {
          const request = requests[place];
          return (
            request !== undefined && (
              <li
                key={request.digest}
                className={css['row']}
                style={{ transform: `translateY(${place * ROW_PX}px)` }}
                aria-posinset={place + 1}
                aria-setsize={requests.length}
              >
                <RequestRow
                  request={request}
                  more={folds.more.get(request.digest) ?? 0}
                  chosen={request.digest === selected}
                  focus={setFocused}
                />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

const placeOf = (requests: readonly RequestSummary[], digest: string | undefined): number =>
  digest === undefined ? -1 : requests.findIndex((request) => request.digest === digest);

type RequestRowProps = {
  readonly request: RequestSummary;
  /** Identical repeats that wait behind it. */
  readonly more: number;
  readonly chosen: boolean;
  /** It has the focus (its digest), or has lost it. */
  readonly focus: (digest: string | undefined) => void;
};

/** Drawn again only when it is another summary: a request that arrives costs one row, not the whole desk. */
const RequestRow = memo(function RequestRow({
  request,
  more,
  chosen,
  focus,
}: RequestRowProps): ReactNode {
  const desk = useDesk();
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
      onFocus={() => focus(request.digest)}
      // Where only the window lost the focus, it gives it back to the same row.
      onBlur={({ target }) => document.activeElement !== target && focus(undefined)}
    >
      <span className={css['first']}>
        <TierMark tier={request.tier} />
        <span className={css['entryTitle']}>{plain(request.title)}</span>
        {waiting && <Countdown request={request} />}
      </span>
      <span className={css['second']}>
        {more > 0 && <span className={css['standing']}>{timesSay(more + 1)} · </span>}
        {!quiet && <span className={css['standing']}>{standing(request)} · </span>}
        {quiet && request.asked?.mine === false && <span>{ON_CALL.others} · </span>}
        {DESK.forWhom(plain(request.agent), plain(request.onBehalfOf), plain(request.host))}
      </span>
    </button>
  );
});

export const rowId = (digest: string): string => `request-${digest}`;
