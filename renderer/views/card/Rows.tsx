// The view's rows under their sections, in the renderer's own order: what runs, why, who, where, rules, record.

import type { ReactNode } from 'react';
import type { SectionId, ViewRow } from '../../../shared/statement/view/part.ts';
import { AGENTS_WORDS, SECTION_NAME } from '../../words/flags.ts';
import css from './card.module.css';
import { Row } from './Row.tsx';

export function Rows({ rows }: { rows: readonly ViewRow[] }): ReactNode {
  return sectionsOf(rows).map(({ section, rows: own }) => (
    <section
      key={own[0]?.path}
      className={css['section']}
      data-section={section}
      aria-label={SECTION_NAME[section]}
    >
      <h3>{SECTION_NAME[section]}</h3>
      <dl>
        {own.map((row) =>
          isAgentsWords(row) ? (
            <Fenced key={row.path} row={row} />
          ) : (
            <Row key={row.path} row={row} />
          ),
        )}
      </dl>
    </section>
  ));
}

const isAgentsWords = ({ path }: ViewRow): boolean => path === 'narrative';

function Fenced({ row }: { row: ViewRow }): ReactNode {
  return (
    <div className={css['fence']} data-fence="">
      <div className={css['fenceNote']}>{AGENTS_WORDS}</div>
      <Row row={row} />
    </div>
  );
}

/** Runs of rows with one section, in order: the text that is hashed is the text in the order it is read. */
function sectionsOf(
  rows: readonly ViewRow[],
): readonly { readonly section: SectionId; readonly rows: readonly ViewRow[] }[] {
  const out: { readonly section: SectionId; readonly rows: ViewRow[] }[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    if (last?.section === row.section) last.rows.push(row);
    else out.push({ section: row.section, rows: [row] });
  }
  return out;
}
