// What this machine's history says about requests like this one: below everything that is signed, asked for once the card
// is there, and no part of it. Each row leads to its story.

import { type ReactNode, useEffect, useState } from 'react';
import type { CardHistory, RequestRow } from '../../../shared/ipc/history.ts';
import { plain } from '../../parts/Plain.tsx';
import { ask } from '../../store/commands.ts';
import { useDesk } from '../../store/context.ts';
import { PAST, pastSays } from '../../words/past.ts';
import { atDay } from '../../words/time.ts';
import css from './card.module.css';

export function Past({ digest }: { digest: string }): ReactNode {
  const { bridge } = useDesk();
  const [past, setPast] = useState<CardHistory>();
  useEffect(() => {
    let current = true;
    void ask(bridge.request.history({ digest })).then((answer) => {
      if (current && answer?.ok === true) setPast(answer.value);
    });
    return () => {
      current = false;
    };
  }, [bridge, digest]);
  if (past === undefined) return null;
  return (
    <section className={css['past']} aria-label={PAST.title}>
      <h3>{PAST.title}</h3>
      <p className={css['pastNote']}>{past.partly ? `${PAST.note} ${PAST.partly}` : PAST.note}</p>
      <PastRows name={PAST.last} rows={past.last} none={PAST.noLast} />
      <PastRows name={PAST.similar} rows={past.similar} none={PAST.noSimilar} />
    </section>
  );
}

type PastRowsProps = {
  readonly name: string;
  readonly rows: readonly RequestRow[];
  readonly none: string;
};

function PastRows({ name, rows, none }: PastRowsProps): ReactNode {
  const { view } = useDesk();
  return (
    <>
      <h4>{name}</h4>
      {rows.length === 0 && <p className={css['pastNote']}>{none}</p>}
      <ul aria-label={name}>
        {rows.map((row) => (
          <li key={row.digest} data-ending={row.ending}>
            <button
              type="button"
              onClick={() => view.setState({ screen: 'history', story: row.digest })}
            >
              {row.title === '' ? PAST.erased : plain(row.title)}
            </button>
            <span className={css['pastEnding']}>{plain(pastSays(row))}</span>
            <time dateTime={row.at}>{atDay(row.at)}</time>
          </li>
        ))}
      </ul>
    </>
  );
}
