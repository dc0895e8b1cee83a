// The share of approvals whose reviewer had not opened the card: one bar that is full at a hundred in a hundred.

import type { ReactNode } from 'react';
import type { HistoryCharts } from '../../../../shared/ipc/history.ts';
import { CHARTS } from '../../../words/charts.ts';
import { share } from '../../../words/time.ts';
import css from './charts.module.css';
import { Figure } from './Figure.tsx';

export function Unopened({ charts }: { charts: HistoryCharts }): ReactNode {
  const { total, unopened } = charts.approvals;
  if (total === 0) return <Figure title={CHARTS.unopened} says={CHARTS.unopenedNone} />;
  return (
    <Figure title={CHARTS.unopened} says={CHARTS.unopenedSays(charts)}>
      <p className={css['big']}>{share(unopened / total)}</p>
      <svg
        className={css['share']}
        viewBox="0 0 300 8"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect className={css['track']} width="300" height="8" rx="4" />
        <rect
          className={css['part']}
          data-series="unopened"
          width={(300 * unopened) / total}
          height="8"
          rx="4"
        />
      </svg>
    </Figure>
  );
}
