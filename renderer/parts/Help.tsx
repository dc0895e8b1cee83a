// The keys, in a dialog that gives the focus back.

import { type ReactNode, useEffect, useRef } from 'react';
import { useDesk, useView } from '../store/context.ts';
import { Button } from '../ui/Button.tsx';
import { KEYS } from '../words/keys.ts';
import { SHELL } from '../words/shell.ts';
import css from './shell.module.css';

export function Help(): ReactNode {
  const { view } = useDesk();
  const open = useView((state) => state.help);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => view.setState({ help: false });
  return (
    <dialog ref={dialog} className={css['help']} aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">{SHELL.keys}</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Button onPress={close}>{SHELL.close}</Button>
    </dialog>
  );
}
