// How long people took, in slots that main has chosen.

import type { ReactNode } from 'react';
import type { HistoryCharts } from '../../../../shared/ipc/history.ts';
import { CHARTS } from '../../../words/charts.ts';
import { amount } from '../../../words/time.ts';
import { Bars } from './Bars.tsx';
import { Figure } from './Figure.tsx';

export function TimeToDecide({ charts }: { charts: HistoryCharts }): ReactNode {
  const { decided, slots } = charts.timeToDecide;
  if (decided === 0) return <Figure title={CHARTS.time} says={CHARTS.timeNone} />;
  const bars = slots.map(({ upToMs, count }) => {
    const label = CHARTS.slotSays(upToMs);
    return {
      key: label,
      label,
      says: `${label}: ${amount(count)}`,
      parts: [{ series: 'time', count }],
      count,
    };
  });
  return (
    <Figure
      wide
      title={CHARTS.time}
      says={CHARTS.timeSays(charts)}
      table={{
        head: [CHARTS.slot, CHARTS.decisions],
        rows: bars.map(({ label, count }) => [label, amount(count)]),
      }}
    >
      <Bars bars={bars} />
    </Figure>
  );
}
