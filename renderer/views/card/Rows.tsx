// The view's rows under their sections, in the renderer's own order: what runs, why, who, where, rules, record.

import { type ReactNode, useState } from 'react';
import { notSo } from '../../../shared/statement/view/fold.ts';
import type { ViewRow } from '../../../shared/statement/view/part.ts';
import { Button } from '../../ui/Button.tsx';
import { NOT_SO } from '../../words/explain.ts';
import { AGENTS_WORDS, SECTION_NAME } from '../../words/flags.ts';
import css from './card.module.css';
import { Row } from './Row.tsx';

type RowsProps = {
  readonly rows: readonly ViewRow[];
  /** Stands after what must be read and before the rest: nothing may push a must-see row down. */
  readonly between?: ReactNode;
};

export function Rows({ rows, between }: RowsProps): ReactNode {
  const sections = runsOf(rows, ({ section }) => section);
  const rest = sections.findIndex(([first]) => !FIRST.includes(first?.section ?? 'record'));
  const drawn = sections.map((own) => <Section key={own[0]?.path} rows={own} />);
  return (
    <>
      {drawn.slice(0, Math.max(0, rest))}
      {between}
      {drawn.slice(Math.max(0, rest))}
    </>
  );
}

/** Where the must-see rows stand. */
const FIRST: readonly ViewRow['section'][] = ['action', 'why'];

function Section({ rows }: { rows: readonly ViewRow[] }): ReactNode {
  const section = rows[0]?.section ?? 'record';
  return (
    <section className={css['section']} data-section={section} aria-label={SECTION_NAME[section]}>
      <h3>{SECTION_NAME[section]}</h3>
      {runsOf(rows, isAgentsWords).map((run) => (
        <Run key={run[0]?.path} rows={run} />
      ))}
    </section>
  );
}

const isAgentsWords = ({ path }: ViewRow): boolean => path === 'narrative';

function Run({ rows }: { rows: readonly ViewRow[] }): ReactNode {
  const [all, setAll] = useState(false);
  const away = rows.filter(notSo).length;
  const list = (
    <>
      <dl>
        {rows.map((row) => (
          <Row key={row.path + row.label} row={row} away={!all && notSo(row)} />
        ))}
      </dl>
      {away > 0 && (
        <Button look="link" expanded={all} onPress={() => setAll(!all)}>
          {all ? NOT_SO.hide : NOT_SO.show(away)}
        </Button>
      )}
    </>
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
