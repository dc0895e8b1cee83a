// Nothing to decide.

import type { ReactNode } from 'react';
import css from './desk.module.css';

export const Empty = (): ReactNode => (
  <div className={css['empty']}>
    <h2>Nothing waits for you</h2>
    <p>A request appears here the moment an agent asks. To see one, run in another terminal:</p>
    <p>
      <code>npx countersign run --reason &quot;a first try&quot; -- date</code>
    </p>
  </div>
);
