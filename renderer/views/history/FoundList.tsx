// The requests that history found: rows of one height, of which only those on screen are in the page. A listbox: one place
// in the tab order, and the row that is chosen is named by it.

import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { RequestRow } from '../../../shared/ipc/history.ts';
import { plain } from '../../parts/Plain.tsx';
import { TierMark } from '../../parts/TierMark.tsx';
import { useDesk, useView } from '../../store/context.ts';
import { useRowsOnScreen } from '../../ui/use-rows-on-screen.ts';
import { DESK } from '../../words/desk.ts';
import { HISTORY, rowSays } from '../../words/history.ts';
import { atDay } from '../../words/time.ts';
import { ROW_PX, spaceOf } from './found-rows.ts';
import css from './found.module.css';
import type { Found } from './use-found.ts';
import { useFoundKeys } from './use-found-keys.ts';

export function FoundList({ found }: { found: Found }): ReactNode {
  const desk = useDesk();
  const story = useView((view) => view.story);
  const box = useRef<HTMLDivElement>(null);
  const spaceBox = useRef<HTMLDivElement>(null);
  const { run, show, shift } = found;
  const fresh = run.first === 0 && run.top === undefined;
  const { from, to, follow } = useRowsOnScreen({ box, space: spaceBox, rowPx: ROW_PX, fresh });
  useLayoutEffect(() => follow(shift.rows), [follow, shift]);
  useEffect(() => show(from, to), [show, from, to, run]);
  const active = useFoundKeys({ box, run, from, to });
  const all = run.next === undefined && run.top === undefined;
  const space = spaceOf(run, found.size);
  const rows = run.rows.slice(Math.max(0, from - run.first), Math.max(0, to - run.first));
  const start = Math.max(from, run.first);
  return (
    <div
      ref={box}
      id="found"
      className={css['found']}
      // A select can neither scroll a million rows nor show more than text.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="listbox"
      tabIndex={0}
      aria-label={HISTORY.results}
      aria-activedescendant={active === undefined ? undefined : rowId(active)}
      aria-busy={found.state === 'searching' || undefined}
    >
      <div
        ref={spaceBox}
        className={css['space']}
        role="presentation"
        style={{ height: space * ROW_PX }}
      >
        {rows.map((row, at) => (
          <FoundRow
            key={row.digest}
            row={row}
            place={start + at}
            of={all ? run.rows.length : -1}
            active={row.digest === active}
            chosen={row.digest === story}
            open={() => desk.view.setState({ story: row.digest })}
          />
        ))}
      </div>
    </div>
  );
}

type FoundRowProps = {
  readonly row: RequestRow;
  readonly place: number;
  readonly of: number;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly open: () => void;
};

function FoundRow({ row, place, of, active, chosen, open }: FoundRowProps): ReactNode {
  const title = row.title === '' ? HISTORY.erased : plain(row.title);
  return (
    // The listbox has the keys; a row is for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowId(row.digest)}
      className={css['foundRow']}
      // An option belongs to a select; this one is of the list box above.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="option"
      aria-selected={active}
      aria-posinset={place + 1}
      aria-setsize={of}
      data-chosen={chosen || undefined}
      data-ending={row.ending}
      style={{ transform: `translateY(${place * ROW_PX}px)` }}
      onClick={open}
    >
      <TierMark tier={row.tier} />
      <span className={css['foundTitle']}>{title}</span>
      <span className={css['foundEnding']}>
        {plain(rowSays(row))}
        {row.opened === false && row.verdict === 'approve' && (
          <span className={css['unopened']}> {HISTORY.anyway}</span>
        )}
      </span>
      <span className={css['foundWho']}>
        {DESK.forWhom(plain(row.agent), plain(row.person), plain(row.host))}
      </span>
      <time className={css['foundAt']} dateTime={row.at}>
        {atDay(row.at)}
      </time>
    </div>
  );
}

export const rowId = (digest: string): string => `found-${digest}`;
