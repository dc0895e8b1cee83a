// Shows a card's exact text, a screenful at a time, and returns what really went to the screen: a line longer than the
// screen is wide goes on in the next row, so no part of it is cut off.

import { invariant } from '../../../shared/result.ts';
import type { Lines } from './lines.ts';

export type PageWords = { readonly more: string };

/** `whole` is false when the reader stopped before the end; `text` is what was printed until then. */
export async function showWhole(
  text: string,
  lines: Lines,
  words: PageWords,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  // The view escapes every control character but its own line ends.
  invariant(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text), 'a card is printable');
  const size = lines.size();
  // One row for the question below, one for the line end that the last row scrolls by.
  const room = size === undefined ? Number.POSITIVE_INFINITY : Math.max(1, size.rows - 2);
  let printed = '';
  let used = 0;
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  for (const line of body.split('\n')) {
    for (const row of size === undefined ? [line] : rowsOf(line, size.columns)) {
      if (used === room) {
        const answer = await lines.ask(words.more);
        if (answer === undefined || answer.trim() !== '') return { text: printed, whole: false };
        used = 0;
      }
      lines.print(row);
      printed += row;
      used += 1;
    }
    printed += '\n';
  }
  return { text: text.endsWith('\n') ? printed : printed.slice(0, -1), whole: true };
}

/** Anything outside ASCII may be two columns wide, so it is counted as two. */
function rowsOf(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const point of line) {
    const wide = point >= '\u007f' ? 2 : 1;
    if (width + wide > columns && row !== '') {
      rows.push(row);
      row = '';
      width = 0;
    }
    row += point;
    width += wide;
  }
  return [...rows, row];
}
