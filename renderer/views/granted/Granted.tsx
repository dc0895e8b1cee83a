// What is granted now: which agent, what, by whom, how much is left, until when. One click ends it, for whoever may.

import { type ReactNode, useState } from 'react';
import type { GrantRow } from '../../../shared/ipc/grants.ts';
import { Plain, plain } from '../../parts/Plain.tsx';
import { useDesk, useMirror } from '../../store/context.ts';
import { endGrant } from '../../store/grant.ts';
import { inForce } from '../../store/select.ts';
import { Button } from '../../ui/Button.tsx';
import { useScreenKeys } from '../../ui/use-screen-keys.ts';
import { Scroll } from '../../ui/Scroll.tsx';
import { GRANT_STATE, GRANTED } from '../../words/grant.ts';
import { atDay } from '../../words/time.ts';
import css from './granted.module.css';

const NONE: readonly GrantRow[] = [];

export function Granted(): ReactNode {
  const rows = useMirror((mirror) => mirror.snapshot?.grants) ?? NONE;
  const live = rows.filter(inForce);
  const past = rows.filter((row) => !inForce(row)).toReversed();
  useScreenKeys();
  return (
    <main className={css['screen']}>
      <Scroll className={css['page']} labelledBy="granted-title">
        <div className={css['column']}>
          <h2 id="granted-title">{GRANTED.title}</h2>
          <p className={css['soft']}>{GRANTED.note}</p>
          {live.length === 0 && <p>{GRANTED.none}</p>}
          {live.length > 0 && <Rows name={GRANTED.live} rows={live} />}
          {past.length > 0 && (
            <>
              <h3>{GRANTED.past}</h3>
              <Rows name={GRANTED.past} rows={past} />
            </>
          )}
        </div>
      </Scroll>
    </main>
  );
}

const Rows = ({ name, rows }: { name: string; rows: readonly GrantRow[] }): ReactNode => (
  <ul className={css['rows']} aria-label={name}>
    {rows.map((row) => (
      <Row key={row.terms} row={row} />
    ))}
  </ul>
);

function Row({ row }: { row: GrantRow }): ReactNode {
  const desk = useDesk();
  const [says, setSays] = useState<string>();
  const [busy, setBusy] = useState(false);
  const end = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setSays(await endGrant(desk, row.terms));
    setBusy(false);
  };
  const names = row.by.map(({ name }) => name).join(', ');
  return (
    <li data-state={row.state}>
      <p className={css['title']}>
        <Plain>{row.title === '' ? GRANTED.erased : row.title}</Plain>{' '}
        <span className={css['state']}>{GRANT_STATE[row.state]}</span>
      </p>
      <p>
        <Plain>{GRANTED.agent(row.agent, row.onBehalfOf, row.guard)}</Plain>
      </p>
      <p className={css['what']}>
        {row.when === undefined ? GRANTED.same : plain(GRANTED.where(row.when))}
      </p>
      <p className={css['soft']}>{boundsOf(row)}</p>
      <p className={css['soft']}>
        <Plain>{names === '' ? GRANTED.nobody : GRANTED.by(names)}</Plain>
        {row.endedBy !== undefined && (
          <>
            . <Plain>{GRANTED.endedBy(row.endedBy)}</Plain>
          </>
        )}
      </p>
      <p className={css['act']}>
        {inForce(row) && row.mayEnd && (
          <Button look="no" off={busy} onPress={() => void end()}>
            {busy ? GRANTED.ending : GRANTED.end}
          </Button>
        )}
        <Button
          look="link"
          onPress={() => desk.view.setState({ screen: 'history', story: row.request })}
        >
          {GRANTED.story}
        </Button>
      </p>
      {says !== undefined && (
        <p role="alert" className={css['fault']}>
          {says}
        </p>
      )}
    </li>
  );
}

function boundsOf(row: GrantRow): string {
  const parts = [
    GRANTED.used(row.used, row.uses),
    ...(row.perHour === undefined ? [] : [GRANTED.perHour(row.perHour)]),
    GRANTED.until(atDay(row.until)),
    ...(row.state === 'waiting' ? [GRANTED.missing(row.missing)] : []),
  ];
  return parts.join(', ');
}
