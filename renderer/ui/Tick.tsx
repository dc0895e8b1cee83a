// A box to tick, or one of several choices; its hint and its fault belong to it.

import { type ReactNode, useId } from 'react';
import css from './Field.module.css';

type TickProps = {
  readonly label: string;
  readonly on: boolean;
  readonly change: (on: boolean) => void;
  /** One of several of this name, instead of a box. */
  readonly among?: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
};

export function Tick({ label, on, change, among, hint, fault }: TickProps): ReactNode {
  const id = useId();
  const notes = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`];
  return (
    <div className={css['tick']}>
      <input
        id={id}
        type={among === undefined ? 'checkbox' : 'radio'}
        name={among}
        checked={on}
        aria-describedby={notes.join(' ').trim() || undefined}
        onChange={(event) => change(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={css['hint']}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} className={css['fault']} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
