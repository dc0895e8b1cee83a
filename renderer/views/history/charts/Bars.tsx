// Stacked bars over a grid, as plain SVG: attributes only, so that the page's policy has nothing to say. It is decoration
// for a screen reader: the sentence and the table beside it say the same.

import type { ReactNode } from 'react';
import { amount } from '../../../words/time.ts';
import css from './charts.module.css';
import { gridOf } from './scale.ts';

export type Bar = {
  readonly key: string;
  /** Under it; the bars that have none are between others. */
  readonly label: string;
  /** On hover. */
  readonly says: string;
  readonly parts: readonly { readonly series: string; readonly count: number }[];
};

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [480, 190, 40, 22, 8];

export function Bars({ bars }: { bars: readonly Bar[] }): ReactNode {
  const most = Math.max(1, ...bars.map(totalOf));
  const grid = gridOf(most);
  const high = grid.at(-1) ?? 1;
  const y = (count: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / high);
  const step = (WIDTH - LEFT) / Math.max(1, bars.length);
  const width = Math.max(1, Math.min(56, step - Math.min(4, step / 4)));
  const every = Math.ceil(bars.length / 6);
  return (
    <svg className={css['bars']} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {grid.map((line) => (
        <g key={line}>
          <line className={css['grid']} x1={LEFT} x2={WIDTH} y1={y(line)} y2={y(line)} />
          <text className={css['tick']} x={LEFT - 8} y={y(line) + 4} textAnchor="end">
            {amount(line)}
          </text>
        </g>
      ))}
      {bars.map((bar, at) => {
        const x = LEFT + at * step + (step - width) / 2;
        return (
          <g key={bar.key}>
            <title>{bar.says}</title>
            {stack(bar).map(({ series, from, to }) => (
              <rect
                key={series}
                className={css['part']}
                data-series={series}
                x={x}
                width={width}
                y={y(to)}
                height={Math.max(0, y(from) - y(to))}
              />
            ))}
            {at % every === 0 && (
              <text
                className={css['tick']}
                x={bars.length > 12 ? x : x + width / 2}
                y={HEIGHT - 5}
                textAnchor={bars.length > 12 ? 'start' : 'middle'}
              >
                {bar.label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

const totalOf = ({ parts }: Bar): number => parts.reduce((sum, { count }) => sum + count, 0);

function stack({ parts }: Bar): readonly { series: string; from: number; to: number }[] {
  let from = 0;
  return parts
    .filter(({ count }) => count > 0)
    .map(({ series, count }) => {
      const part = { series, from, to: from + count };
      from += count;
      return part;
    });
}
