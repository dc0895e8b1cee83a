// The address was used or is too old. Nothing else can be done here, so nothing else is offered.

import type { ReactNode } from 'react';
import { REFUSED } from '../../words/first-run.ts';
import css from './setup.module.css';

export const Refused = (): ReactNode => (
  <main className={css['page']}>
    <div className={css['sheet']}>
      <h1>{REFUSED.title}</h1>
      <p>
        {REFUSED.text} <kbd>{REFUSED.command}</kbd> {REFUSED.after}
      </p>
    </div>
  </main>
);
