// Escaped text with its tokens told apart by their looks. The text content stays exactly the text that was handed in.

import type { ReactNode } from 'react';
import css from './parts.module.css';

const TOKEN = /⟦[^⟧]*⟧|⏎|⇥|│ |··+/gu;

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

function pieces(text: string): readonly ReactNode[] {
  const out: ReactNode[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(TOKEN)) {
    out.push(
      text.slice(from, index),
      <span key={index} className={css[mark.startsWith('⟦') ? 'token' : 'mark']}>
        {mark}
      </span>,
    );
    from = index + mark.length;
  }
  return [...out, text.slice(from)];
}
