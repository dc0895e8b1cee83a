// The requests that history found: rows of one height, of which only those on screen are in the page. A listbox: one place
// in the tab order, and the row that is chosen is named by it.

import {
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { RequestRow } from '../../../shared/ipc/history.ts';
import { plain } from '../../parts/Plain.tsx';
import { TierMark } from '../../parts/TierMark.tsx';
import { useDesk, useView } from '../../store/context.ts';
import { DESK } from '../../words/desk.ts';
import { HISTORY, rowSays } from '../../words/history.ts';
import { atDay } from '../../words/time.ts';
import { ROW_PX, spaceOf } from './found-rows.ts';
import css from './found.module.css';
import type { Found } from './use-found.ts';
import { useFoundKeys } from './use-found-keys.ts';

const SPARE = 6;

export function FoundList({ found }: { found: Found }): ReactNode {
  const desk = useDesk();
  const story = useView((view) => view.story);
  const box = useRef<HTMLDivElement>(null);
  const { from, to } = useRowsOnScreen(box, found);
  const { run, show } = found;
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
      <div className={css['space']} role="presentation" style={{ height: space * ROW_PX }}>
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

/** Which places of the scroll space are on screen, and a few around them. Changes only when a row comes or goes. */
function useRowsOnScreen(
  ref: RefObject<HTMLElement | null>,
  { shift, run }: Found,
): { readonly from: number; readonly to: number } {
  const [range, setRange] = useState({ from: 0, to: 40 });
  const started = run.first === 0 && run.top === undefined;
  useLayoutEffect(() => {
    const box = ref.current;
    if (box !== null && shift.rows !== 0) box.scrollTop += shift.rows * ROW_PX;
  }, [ref, shift]);
  useEffect(() => {
    const box = ref.current;
    if (box === null) return;
    const measure = (): void => {
      const from = Math.max(0, Math.floor(box.scrollTop / ROW_PX) - SPARE);
      const to = Math.ceil((box.scrollTop + box.clientHeight) / ROW_PX) + SPARE;
      setRange((now) => (now.from === from && now.to === to ? now : { from, to }));
    };
    measure();
    const size = new ResizeObserver(measure);
    size.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    return () => {
      size.disconnect();
      box.removeEventListener('scroll', measure);
    };
  }, [ref, started]);
  return range;
}
