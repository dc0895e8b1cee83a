// A button with a small box under it: choices, or a short form. Escape and a click outside close it and nothing behind it;
// the focus goes in when it opens and back to the button when it closes.

import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Button, type Look } from './Button.tsx';
import { classes } from './classes.ts';
import css from './Drop.module.css';

type DropProps = {
  /** What the button shows. */
  readonly text: ReactNode;
  /** What the button and the box are called. */
  readonly label: string;
  readonly look?: Look;
  readonly off?: boolean;
  readonly end?: boolean;
  readonly keys?: string;
  readonly className?: string | undefined;
  readonly children: (close: () => void) => ReactNode;
};

export function Drop(props: DropProps): ReactNode {
  const { text, label, off = false, children } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  useOutside(open, box, opener, (again) => {
    setOpen(false);
    if (again) opener.current?.focus();
  });
  return (
    <div className={classes(css['drop'], props.className)}>
      <Button
        ref={opener}
        look={props.look ?? 'plain'}
        off={off}
        label={label}
        expanded={open}
        {...(props.keys === undefined ? {} : { keys: props.keys })}
        onPress={() => setOpen(!open)}
      >
        {text}
      </Button>
      {open && (
        <dialog
          open
          ref={box}
          id={id}
          className={classes(css['box'], props.end === true && css['end'])}
          aria-label={label}
        >
          <Inside close={close}>{children}</Inside>
        </dialog>
      )}
    </div>
  );
}

type InsideProps = {
  readonly close: () => void;
  readonly children: (close: () => void) => ReactNode;
};
const Inside = ({ close, children }: InsideProps): ReactNode => children(close);

/** `away(true)`: by the keyboard, so the focus belongs on the button again. */
function useOutside(
  open: boolean,
  box: RefObject<HTMLElement | null>,
  opener: RefObject<HTMLElement | null>,
  away: (again: boolean) => void,
): void {
  const latest = useRef(away);
  useEffect(() => {
    latest.current = away;
  });
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('input, button')?.focus();
    const outside = (event: Event): void => {
      const { target } = event;
      if (!(target instanceof Node)) return;
      if (box.current?.contains(target) || opener.current?.contains(target)) return;
      latest.current(false);
    };
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      latest.current(true);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', escaped, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', escaped, { capture: true });
    };
  }, [open, box, opener]);
}

/** What a button says that opens something below it. */
export const WithMark = ({ children }: { children: ReactNode }): ReactNode => (
  <span className={css['withMark']}>
    {children} <DownMark />
  </span>
);

/** Under a box's choices. */
export const DropNote = ({ children }: { children: ReactNode }): ReactNode => (
  <p className={css['note']}>{children}</p>
);

/** The mark of a button that opens something below it. */
export const DownMark = (): ReactNode => (
  <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
  </svg>
);
