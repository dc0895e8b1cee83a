// Nothing to decide: what to type next, or how far the first run is.

import type { ReactNode } from 'react';
import { Copy } from '../../ui/Copy.tsx';
import { EMPTY } from '../../words/desk.ts';
import css from './desk.module.css';
import { FirstSteps } from './FirstSteps.tsx';
import type { Steps } from './first-steps.ts';

export const Empty = ({ steps }: { steps: Steps | undefined }): ReactNode => (
  <div className={css['empty']}>
    <h2>{EMPTY.title}</h2>
    {steps === undefined ? (
      <>
        <p>{EMPTY.text}</p>
        <Copy line={EMPTY.command} />
      </>
    ) : (
      <FirstSteps steps={steps} />
    )}
  </div>
);
