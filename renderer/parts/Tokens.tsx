// Escaped text with its tokens told apart by their looks. The text content stays exactly the text that was handed in.

import type { ReactNode } from 'react';
import css from './parts.module.css';

const TOKEN = /(⟦[^⟧]*⟧|⏎|⇥|│ |··+)/u;

export function Tokens({ text }: { text: string }): ReactNode {
  const quoted = text.length >= 2 && text.startsWith('“') && text.endsWith('”');
  if (!quoted) return <>{pieces(text)}</>;
  return (
    <>
      <span className={css['mark']}>“</span>
      {pieces(text.slice(1, -1))}
      <span className={css['mark']}>”</span>
    </>
  );
}

/** Odd places hold what the expression captured. */
const pieces = (text: string): readonly ReactNode[] =>
  text.split(TOKEN).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const kind = piece.startsWith('⟦') ? 'token' : 'mark';
    return (
      // The pieces of one text never change their order.
      // oxlint-disable-next-line react/no-array-index-key
      <span key={at} className={css[kind]}>
        {piece}
      </span>
    );
  });
