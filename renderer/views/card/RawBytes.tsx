// The signed bytes as they are, for those who want them: plain ASCII, everything else as its JSON escape.

import { type ReactNode, useState } from 'react';
import { textOf } from '../../../shared/bytes.ts';
import { CARD } from '../../words/card.ts';
import css from './card.module.css';

const ascii = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    return unit > 0x1f && unit < 0x7f
      ? text.charAt(at)
      : `\\u${unit.toString(16).padStart(4, '0')}`;
  }).join('');

export function RawBytes({ payload }: { payload: Uint8Array }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className={css['raw']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{CARD.signedBytes(payload.length)}</summary>
      {open && <pre>{ascii(textOf(payload) ?? '')}</pre>}
    </details>
  );
}
