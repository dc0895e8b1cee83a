// Who decided how much: a table whose rows carry their own bars, so nothing has to be said twice.

import type { ReactNode } from 'react';
import type { HistoryCharts } from '../../../../shared/ipc/history.ts';
import { plain } from '../../../parts/Plain.tsx';
import { CHARTS } from '../../../words/charts.ts';
import { amount, span } from '../../../words/time.ts';
import css from './charts.module.css';
import { Figure } from './Figure.tsx';

export function Load({ charts }: { charts: HistoryCharts }): ReactNode {
  const { load } = charts;
  if (load.length === 0) return <Figure title={CHARTS.load} says={CHARTS.timeNone} />;
  const most = Math.max(1, ...load.map(({ approved, denied }) => approved + denied));
  return (
    <Figure title={CHARTS.load} says={CHARTS.loadSays}>
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">{CHARTS.reviewer}</th>
            <th scope="col">{CHARTS.approved}</th>
            <th scope="col">{CHARTS.denied}</th>
            <th scope="col">{CHARTS.median}</th>
          </tr>
        </thead>
        <tbody>
          {load.map(({ id, name, approved, denied, medianMs }) => (
            <tr key={id}>
              <th scope="row">
                <span className={css['name']} title={id}>
                  {plain(name)}
                </span>
                <svg
                  className={css['loadBar']}
                  viewBox="0 0 100 4"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect
                    className={css['part']}
                    data-series="approved"
                    width={(100 * approved) / most}
                    height="4"
                  />
                  <rect
                    className={css['part']}
                    data-series="denied"
                    x={(100 * approved) / most}
                    width={(100 * denied) / most}
                    height="4"
                  />
                </svg>
              </th>
              <td>{amount(approved)}</td>
              <td>{amount(denied)}</td>
              <td>{medianMs === undefined ? '' : span(medianMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Figure>
  );
}
