// Text that somebody else chose, outside of the card's rows: nothing in it is invisible, reorders or escapes its place.

import type { ReactNode } from 'react';
import { hiddenBecause } from '../../shared/statement/view/points.ts';
import { pointToken } from '../../shared/statement/view/escape.ts';
import { Tokens } from './Tokens.tsx';

export const plain = (text: string): string => Array.from(text, visible).join('');

function visible(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  if (point >= 0x20 && point < 0x7f) return char;
  // Tokens and quotation marks that main has written stay as they are.
  if (point > 0x9f && '⟦⟧⏎⇥·│“”'.includes(char)) return char;
  return point < 0x20 || hiddenBecause(point) !== 0 ? pointToken(point) : char;
}

export const Plain = ({ children }: { children: string }): ReactNode => (
  <bdi>
    <Tokens text={plain(children)} />
  </bdi>
);
