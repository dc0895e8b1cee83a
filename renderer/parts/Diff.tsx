// What differs between two actions, line by line: gone, new, or there in both. Each piece is escaped text, as on the card, and its
// labels are the card's, in its one language; a sign and a word say which it is, not the colour alone.

import type { ReactNode } from 'react';
import type { DiffLine, DiffPiece } from '../../shared/statement/diff/lines.ts';
import { CHANGED } from '../words/change.ts';
import css from './diff.module.css';
import { Tokens } from './Tokens.tsx';

const SIGN = { same: '', gone: '−', new: '+' } as const;
const SAYS = { same: '', gone: CHANGED.gone, new: CHANGED.fresh } as const;

export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }): ReactNode {
  return (
    <ul className={css['diff']} aria-label={label}>
      {lines.map((line, place) => (
        // Two lines may be the same in every letter.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={place} data-is={line.is}>
          <span className={css['sign']} aria-hidden="true">
            {SIGN[line.is]}
          </span>
          <span className={css['label']}>
            <span className={css['unseen']}>{SAYS[line.is]} </span>
            <span translate="no">{line.label}</span>
          </span>
          <span className={css['text']} dir="ltr" translate="no">
            {line.pieces.map((piece, at) => (
              // And so may two of its pieces.
              // oxlint-disable-next-line react/no-array-index-key
              <Piece key={at} piece={piece} />
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Piece({ piece }: { piece: DiffPiece }): ReactNode {
  const text = <Tokens text={piece.text} />;
  if (piece.is === 'same') return text;
  return piece.is === 'gone' ? <del>{text}</del> : <ins>{text}</ins>;
}
