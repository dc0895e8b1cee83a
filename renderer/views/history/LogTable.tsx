// The log's entries as a table: place, time, what, whose.

import type { ReactNode } from 'react';
import type { LogRow } from '../../../shared/ipc/story.ts';
import { plain } from '../../parts/Plain.tsx';
import { useDesk, useView } from '../../store/context.ts';
import { HISTORY, TYPE_NAME } from '../../words/history.ts';
import { amount, atDay } from '../../words/time.ts';
import css from './history.module.css';

export function LogTable({ rows }: { rows: readonly LogRow[] }): ReactNode {
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{HISTORY.entry}</th>
          <th scope="col">{HISTORY.when}</th>
          <th scope="col">{HISTORY.what}</th>
          <th scope="col">{HISTORY.who}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Entry key={row.index} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Entry({ row }: { row: LogRow }): ReactNode {
  const { view } = useDesk();
  const chosen = useView((state) => row.request !== undefined && state.story === row.request);
  return (
    <tr data-chosen={chosen || undefined}>
      <td className={css['index']}>{amount(row.index)}</td>
      <td className={css['when']}>{row.at === undefined ? '' : atDay(row.at)}</td>
      <td>
        {row.request === undefined ? (
          <span className={css['what']}>{plain(row.title)}</span>
        ) : (
          <button
            type="button"
            className={css['what']}
            aria-expanded={chosen}
            onClick={() => view.setState({ story: row.request })}
          >
            {plain(row.title)}
          </button>
        )}
        <span className={css['says']}>
          {TYPE_NAME[row.type]}: {plain(row.says)}
        </span>
      </td>
      <td className={css['who']}>{plain(row.who)}</td>
    </tr>
  );
}
