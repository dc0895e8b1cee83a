// One item of the editor: an argument, or the whole text of a call. It grows with its lines.

import type { KeyboardEvent, ReactNode } from 'react';
import { useId } from 'react';
import { Button } from '../../ui/Button.tsx';
import { CHANGE } from '../../words/change.ts';
import type { Item } from '../../../shared/domain/change-form.ts';
import css from './change.module.css';

const MAX_ROWS = 12;

type ChangeItemProps = {
  readonly item: Item;
  readonly label: string;
  /** Undefined where it cannot be taken away. */
  readonly place: number | undefined;
  readonly faulty: boolean;
  readonly change: (text: string) => void;
  readonly remove: () => void;
  readonly add?: () => void;
  readonly move?: (by: -1 | 1) => void;
};

export function ChangeItem({ item, label, place, ...props }: ChangeItemProps): ReactNode {
  const id = useId();
  const keys = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey && props.add) {
      event.preventDefault();
      props.add();
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      props.move?.(event.key === 'ArrowUp' ? -1 : 1);
    } else if (event.key === 'Backspace' && item.text === '' && place !== undefined) {
      event.preventDefault();
      props.remove();
    }
  };
  return (
    <li className={css['item']}>
      <label htmlFor={id}>{label}</label>
      {item.kept === undefined ? (
        <textarea
          id={id}
          data-item={item.id}
          rows={Math.min(MAX_ROWS, item.text.split('\n').length)}
          value={item.text}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          dir="ltr"
          aria-invalid={props.faulty || undefined}
          aria-describedby={props.faulty ? `${id}-fault` : undefined}
          onKeyDown={keys}
          onChange={(event) => props.change(event.target.value)}
        />
      ) : (
        <output id={id}>{CHANGE.kept(item.kept.size)}</output>
      )}
      {place !== undefined && (
        <Button look="link" label={CHANGE.remove(place)} onPress={props.remove}>
          {CHANGE.removeMark}
        </Button>
      )}
      {props.faulty && (
        <p id={`${id}-fault`} className={css['fault']} role="alert">
          {CHANGE.fault}
        </p>
      )}
    </li>
  );
}
