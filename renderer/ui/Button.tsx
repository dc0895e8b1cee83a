// A button that can be off and still be reached: `off` keeps it focusable and names the element that says why.

import type { ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import css from './Button.module.css';

export type Look = 'plain' | 'yes' | 'no' | 'quiet' | 'link';

type ButtonProps = {
  readonly look?: Look;
  readonly children: ReactNode;
  readonly onPress?: (trusted: boolean) => void;
  readonly off?: boolean;
  /** Id of the text that says why it is off, or what it does. */
  readonly describedBy?: string | undefined;
  readonly label?: string;
  readonly keys?: string;
  readonly expanded?: boolean;
  readonly pressed?: boolean;
  readonly submit?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
};

export function Button({ ref, ...props }: ButtonProps): ReactNode {
  const { look = 'plain', off = false, onPress, children } = props;
  return (
    <button
      ref={ref}
      type={props.submit === true ? 'submit' : 'button'}
      className={classes(css['button'], css[look])}
      aria-disabled={off || undefined}
      aria-describedby={props.describedBy}
      aria-label={props.label}
      aria-keyshortcuts={props.keys}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onPress?.(event.nativeEvent.isTrusted);
      }}
    >
      {children}
    </button>
  );
}
