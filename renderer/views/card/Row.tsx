// One row of the view. Label and text are text nodes inside `data-label` and `data-text`: they are what is hashed. A long
// text is folded by height alone; all of it is in the page, and a must-see row counts only once it is unfolded.

import { type ReactNode, useId, useState } from 'react';
import { folds } from '../../../shared/statement/view/fold.ts';
import type { ViewRow } from '../../../shared/statement/view/part.ts';
import { Tokens } from '../../parts/Tokens.tsx';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { CARD } from '../../words/card.ts';
import { FLAG_SAYS } from '../../words/flags.ts';
import css from './card.module.css';

/** `away`: put away with others that are not so; it stays in the page, because its text is part of what is hashed. */
export function Row({ row, away = false }: { row: ViewRow; away?: boolean }): ReactNode {
  const id = useId();
  const long = folds(row);
  const [open, setOpen] = useState(false);
  const folded = long && !open;
  return (
    <div
      className={css['row']}
      data-row={row.path}
      hidden={away}
      data-must={row.must || undefined}
      data-critical={row.critical || undefined}
      data-folded={folded || undefined}
      data-flagged={row.flags.length > 0 || undefined}
    >
      <dt className={css['label']} data-label="">
        {row.label}
      </dt>
      <dd className={css['value']}>
        <div
          id={id}
          className={classes(css['text'], folded && css['folded'])}
          data-text=""
          dir="ltr"
        >
          <Tokens text={row.text} />
        </div>
        {long && (
          <Button look="link" expanded={open} onPress={() => setOpen(!open)}>
            {open ? CARD.fold(row.bytes) : CARD.unfold(row.bytes)}
          </Button>
        )}
        {row.flags.length > 0 && (
          <ul className={css['flags']} aria-label={CARD.rowWarnings}>
            {row.flags.map((flag) => (
              <li key={flag}>{FLAG_SAYS[flag]}</li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  );
}
