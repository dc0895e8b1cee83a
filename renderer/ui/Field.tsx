// A labelled input with its hint and its fault; the fault is announced and tied to the input.

import { type ReactNode, useId } from 'react';
import css from './Field.module.css';

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: 'text' | 'password' | 'new-password';
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly mono?: boolean;
  readonly maxLength?: number;
  readonly startsHere?: boolean;
};

export function Field(props: FieldProps): ReactNode {
  const id = useId();
  const { kind = 'text', hint, fault } = props;
  const notes = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`];
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type={kind === 'text' ? 'text' : 'password'}
        autoComplete={autoComplete(kind)}
        spellCheck={false}
        autoCapitalize="off"
        className={props.mono === true ? css['mono'] : undefined}
        value={props.value}
        maxLength={props.maxLength}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={notes.join(' ').trim() || undefined}
        // Only on a screen that is nothing but this form: it takes the focus from nobody.
        ref={(input) => {
          if (props.startsHere === true && document.activeElement === document.body) input?.focus();
        }}
        onChange={(event) => props.onChange(event.target.value)}
      />
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

function autoComplete(kind: 'text' | 'password' | 'new-password'): string {
  if (kind === 'text') return 'off';
  return kind === 'password' ? 'current-password' : 'new-password';
}
