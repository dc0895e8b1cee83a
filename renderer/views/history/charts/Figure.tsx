// A picture with its title, the sentence that says the same, and the table that has every number.

import { type ReactNode, useState } from 'react';
import { CHARTS } from '../../../words/charts.ts';
import css from './charts.module.css';

export type Table = {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

type FigureProps = {
  readonly title: string;
  readonly says: string;
  readonly table?: Table;
  readonly wide?: boolean;
  readonly children?: ReactNode;
};

export function Figure({ title, says, table, wide, children }: FigureProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <figure className={css['figure']} data-wide={wide || undefined}>
      <figcaption>
        <h3>{title}</h3>
        <p>{says}</p>
      </figcaption>
      {children}
      {table !== undefined && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{CHARTS.table}</summary>
          {open && <Numbers title={title} table={table} />}
        </details>
      )}
    </figure>
  );
}

export const Numbers = ({ title, table }: { title: string; table: Table }): ReactNode => (
  <table className={css['table']} aria-label={title}>
    <thead>
      <tr>
        {table.head.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {table.rows.map((row) => (
        <tr key={row[0]}>
          {row.map((cell, at) => (
            <td key={table.head[at]}>{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
