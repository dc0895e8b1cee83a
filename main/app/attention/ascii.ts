// Any text as one line of printable ASCII: what a notification server draws must not depend on its fonts or its direction.

import { escapeText } from '../../../shared/statement/view/escape.ts';

/** Our brackets, which are not ASCII, as plain ones: nobody decides on this text alone. */
export const asciiText = (text: string): string =>
  escapeText(text, { ascii: true })
    .replace(/[⟦⟧]/gu, (sign) => (sign === '⟦' ? '<' : '>'))
    .replace(/×/gu, 'x');

/** True where every character is printable ASCII or a line feed, and none begins markup or an escape (dunst reads `\n` in a body). */
export const plainForAnyServer = (text: string): boolean =>
  /^[\n\x20-\x7e]*$/.test(text) && !/[&<>\\]/.test(text);
