// The view's rows under their sections, in the renderer's own order: what runs, why, who, where, rules, record.

import type { ReactNode } from 'react';
import type { ViewRow } from '../../../shared/statement/view/part.ts';
import { AGENTS_WORDS, SECTION_NAME } from '../../words/flags.ts';
import css from './card.module.css';
import { Row } from './Row.tsx';

export function Rows({ rows }: { rows: readonly ViewRow[] }): ReactNode {
  return runsOf(rows, ({ section }) => section).map((own) => {
    const section = own[0]?.section ?? 'record';
    return (
      <section
        key={own[0]?.path}
        className={css['section']}
        data-section={section}
        aria-label={SECTION_NAME[section]}
      >
        <h3>{SECTION_NAME[section]}</h3>
        {runsOf(own, isAgentsWords).map((run) => (
          <Run key={run[0]?.path} rows={run} />
        ))}
      </section>
    );
  });
}

const isAgentsWords = ({ path }: ViewRow): boolean => path === 'narrative';

function Run({ rows }: { rows: readonly ViewRow[] }): ReactNode {
  const list = (
    <dl>
      {rows.map((row) => (
        <Row key={row.path + row.label} row={row} />
      ))}
    </dl>
  );
  if (!rows.some(isAgentsWords)) return list;
  return (
    <div className={css['fence']}>
      <p className={css['fenceNote']}>{AGENTS_WORDS}</p>
      {list}
    </div>
  );
}

/** Neighbours of one kind together, in order: the text that is hashed is the text in the order in which it is read. */
function runsOf<K>(
  rows: readonly ViewRow[],
  kindOf: (row: ViewRow) => K,
): readonly (readonly ViewRow[])[] {
  const out: ViewRow[][] = [];
  for (const row of rows) {
    const run = out.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && kindOf(last) === kindOf(row)) run.push(row);
    else out.push([row]);
  }
  return out;
}
