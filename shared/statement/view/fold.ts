// Which rows a screen may fold. Folding hides nothing for good: a must-see row that folds is opened before an approval.

import { utf8 } from '../../bytes.ts';
import type { ViewRow } from './part.ts';

export type FoldLimits = { readonly lines: number; readonly bytes: number };
export const FOLD: FoldLimits = { lines: 12, bytes: 2048 };

/** A fact that is not so: never must-see, so a screen may put such rows away together. They stay in the text. */
export const notSo = ({ path, must, text }: Pick<ViewRow, 'path' | 'must' | 'text'>): boolean =>
  !must && path.startsWith('facts.') && text === 'false';

/** Lines that the row has by itself, before a screen wraps it. */
export const linesOf = (row: Pick<ViewRow, 'text'>): number => row.text.split('\n').length;

/** Whether a row is longer than `limits`: lines as written, bytes of the text as shown. */
export const folds = (row: Pick<ViewRow, 'text'>, limits: FoldLimits = FOLD): boolean =>
  linesOf(row) > limits.lines || utf8(row.text).length > limits.bytes;
