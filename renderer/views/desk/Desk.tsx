// The desk: what waits on the left, below it what has lately ended, and one card. A request that arrives is added; it
// never takes the focus and never moves a row that is under the pointer.

import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useMirror, useView } from '../../store/context.ts';
import { type DeskLists, deskLists, requestOf } from '../../store/select.ts';
import { useNarrow } from '../../ui/use-narrow.ts';
import { DESK } from '../../words/desk.ts';
import { Card } from '../card/Card.tsx';
import css from './desk.module.css';
import { Empty } from './Empty.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { firstSteps } from './first-steps.ts';
import { RequestList } from './RequestList.tsx';
import { useDeskKeys } from './use-desk-keys.ts';

const NONE: readonly never[] = [];
/** The log grows all the time: neither the lists nor the card are drawn again for that. */
const [StillList, StillCard] = [memo(RequestList), memo(Card)];

export function Desk(): ReactNode {
  const { view } = useDesk();
  const snapshot = useMirror((mirror) => mirror.snapshot);
  const selected = useView((state) => state.selected);
  const opened = useView((state) => state.opened);
  const filter = useView((state) => state.filter);
  const narrow = useNarrow();
  const requests = snapshot?.requests ?? NONE;
  const [held, setHeld] = useState<DeskLists>();
  const lists = useMemo(() => deskLists(requests, filter, held), [requests, filter, held]);
  const filterField = useRef<HTMLInputElement>(null);
  useDeskKeys(lists, filterField);

  const request = requestOf(snapshot, selected);
  // A row that is only kept under the pointer has no card any more.
  const first = lists.open.find(({ digest }) => requestOf(snapshot, digest))?.digest;
  useEffect(() => {
    // With nothing chosen the desk shows its first request; a chosen one is never replaced.
    if (request === undefined && first !== undefined && !narrow) view.setState({ selected: first });
  }, [view, request, first, narrow]);

  const hidden = useView((state) => state.stepsHidden);
  const steps = hidden ? undefined : firstSteps(snapshot);
  const covers = narrow && opened && request !== undefined;
  return (
    <main className={css['desk']} data-covers={covers || undefined}>
      <aside
        className={css['side']}
        aria-label={DESK.requests}
        onPointerEnter={() => setHeld(lists)}
        onPointerLeave={() => setHeld(undefined)}
      >
        <div className={css['filter']}>
          <input
            ref={filterField}
            type="search"
            aria-label={DESK.filterLabel}
            aria-keyshortcuts="/"
            placeholder={DESK.filter}
            spellCheck={false}
            value={filter}
            onChange={(event) => view.setState({ filter: event.target.value })}
          />
        </div>
        <StillList
          name={DESK.open}
          requests={lists.open}
          folds={lists.folds}
          none={filter === '' ? DESK.none : DESK.noneMatch}
        />
        {lists.ended.length > 0 && (
          <div className={css['recent']}>
            <StillList name={DESK.ended} requests={lists.ended} none="" />
          </div>
        )}
        {steps !== undefined && (request !== undefined || narrow) && (
          <div className={css['stepsShort']}>
            <FirstSteps steps={steps} short />
          </div>
        )}
      </aside>
      <section className={css['detail']} aria-label={DESK.card}>
        {request === undefined && <Empty steps={steps} />}
        {/* A card that is not on screen has not appeared. */}
        {request !== undefined && (covers || !narrow) && (
          <StillCard key={request.digest} request={request} />
        )}
      </section>
    </main>
  );
}
