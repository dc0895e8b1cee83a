// The four questions that people would rather look at than read. Every picture has its sentence and its table.

import { type ReactNode, useEffect, useState } from 'react';
import type { HistoryCharts } from '../../../../shared/ipc/history.ts';
import { ask } from '../../../store/commands.ts';
import { useDesk, useView } from '../../../store/context.ts';
import type { Query } from '../../../store/view.ts';
import { Scroll } from '../../../ui/Scroll.tsx';
import { CHARTS, UNKNOWN_ZONE } from '../../../words/charts.ts';
import { NOT_REACHED } from '../../../words/failures.ts';
import { TAB_NAME } from '../../../words/history.ts';
import css from './charts.module.css';
import { Load } from './Load.tsx';
import { TimeToDecide } from './TimeToDecide.tsx';
import { Unopened } from './Unopened.tsx';
import { Volume } from './Volume.tsx';

export function Charts(): ReactNode {
  const { filters, text } = useView((view) => view.query);
  const { charts, complaint } = useCharts(filters);
  if (complaint !== undefined)
    return (
      <p className={css['none']} role="alert">
        {complaint}
      </p>
    );
  if (charts === undefined)
    return (
      <p className={css['none']} aria-busy="true">
        {CHARTS.counting}
      </p>
    );
  if (charts.requests === 0) return <p className={css['none']}>{CHARTS.none}</p>;
  return (
    <Scroll className={css['charts']} label={TAB_NAME.charts}>
      {text.trim() !== '' && <p className={css['wordless']}>{CHARTS.wordless}</p>}
      <Volume charts={charts} />
      <TimeToDecide charts={charts} />
      <Unopened charts={charts} />
      <Load charts={charts} />
    </Scroll>
  );
}

function useCharts(filters: Query['filters']): {
  readonly charts: HistoryCharts | undefined;
  readonly complaint: string | undefined;
} {
  const { bridge } = useDesk();
  const [charts, setCharts] = useState<HistoryCharts>();
  const [complaint, setComplaint] = useState<string>();
  useEffect(() => {
    let current = true;
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    void ask(bridge.history.charts({ filters, zone })).then((answer) => {
      if (!current) return;
      if (answer?.ok === true) setCharts(answer.value);
      if (answer?.ok === true) setComplaint(undefined);
      else setComplaint(answer === undefined ? NOT_REACHED : UNKNOWN_ZONE);
    });
    return () => {
      current = false;
    };
  }, [bridge, filters]);
  return { charts, complaint };
}
