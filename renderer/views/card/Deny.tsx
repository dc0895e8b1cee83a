// Deny: one click, at once, from the first moment. A reason is optional and stands in a small box beside the button.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { DENY_PRESETS } from '../../words/request.ts';
import css from './card.module.css';

type DenyProps = {
  readonly off: boolean;
  readonly busy: boolean;
  readonly deny: (reason?: string) => void;
};

export function Deny({ off, busy, deny }: DenyProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const box = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const denyWith = (why: string): void => {
    close();
    deny(why === '' ? undefined : why);
  };
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector('button')?.focus();
    const outside = (event: PointerEvent): void => {
      const { target } = event;
      if (!(target instanceof Node)) return;
      if (box.current?.contains(target) || opener.current?.contains(target)) return;
      setOpen(false);
    };
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // Closes this box and nothing behind it.
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escaped, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escaped, { capture: true });
    };
  }, [open]);
  return (
    <div className={css['deny']}>
      <Button look="no" off={off} describedBy="verdict-note" keys="d" onPress={() => deny()}>
        {busy ? 'Sending' : 'Deny'}
      </Button>
      <Button
        ref={opener}
        look="no"
        off={off}
        label="Deny with a reason"
        expanded={open}
        onPress={() => setOpen(!open)}
      >
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </Button>
      {open && (
        <dialog open ref={box} className={css['reasons']} aria-label="Deny with a reason">
          <ul>
            {DENY_PRESETS.map((preset) => (
              <li key={preset}>
                <Button look="quiet" onPress={() => denyWith(preset)}>
                  {preset}
                </Button>
              </li>
            ))}
          </ul>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              denyWith(reason.trim());
            }}
          >
            <Field label="In your own words" value={reason} onChange={setReason} maxLength={2000} />
            <Button submit look="no">
              Deny
            </Button>
          </form>
        </dialog>
      )}
    </div>
  );
}
