// How much was asked and how it ended, over time.

import type { ReactNode } from 'react';
import type { HistoryCharts, HistoryEnding } from '../../../../shared/ipc/history.ts';
import { CHARTS, SERIES, SERIES_NAME, type SeriesName } from '../../../words/charts.ts';
import { amount, atBucket } from '../../../words/time.ts';
import { Bars } from './Bars.tsx';
import css from './charts.module.css';
import { Figure } from './Figure.tsx';

// Their order is that of the words' own table.
const NAMES = Object.keys(SERIES_NAME) as readonly SeriesName[];
type Bucket = HistoryCharts['volume'][number];

export function countsOf({ endings }: Bucket): { readonly [S in SeriesName]: number } {
  const counts = { approved: 0, denied: 0, expired: 0, withdrawn: 0, open: 0 };
  // Object.entries forgets that its keys are the contract's endings.
  for (const [ending, count] of Object.entries(endings) as [HistoryEnding, number][])
    counts[SERIES[ending]] += count;
  return counts;
}

export function Volume({ charts }: { charts: HistoryCharts }): ReactNode {
  const { bucket, volume } = charts;
  const bars = volume.map((one) => {
    const counts = countsOf(one);
    const label = atBucket(one.at, bucket);
    return {
      key: one.at,
      label,
      says: [label, ...NAMES.map((name) => `${SERIES_NAME[name]}: ${amount(counts[name])}`)].join(
        '\n',
      ),
      parts: NAMES.map((series) => ({ series, count: counts[series] })),
      counts,
      asked: one.asked,
    };
  });
  const used = NAMES.filter((name) => bars.some(({ counts }) => counts[name] > 0));
  return (
    <Figure
      wide
      title={CHARTS.volume}
      says={CHARTS.volumeSays(charts)}
      table={{
        head: [CHARTS.from, CHARTS.asked, ...used.map((name) => SERIES_NAME[name])],
        rows: bars.map(({ label, asked, counts }) => [
          label,
          amount(asked),
          ...used.map((name) => amount(counts[name])),
        ]),
      }}
    >
      <Bars bars={bars} />
      <ul className={css['legend']}>
        {used.map((name) => (
          <li key={name}>
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <rect className={css['part']} data-series={name} width="10" height="10" />
            </svg>
            {SERIES_NAME[name]}
          </li>
        ))}
      </ul>
    </Figure>
  );
}
