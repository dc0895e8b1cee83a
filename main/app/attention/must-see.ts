// Whether a notification can carry the whole of what a reviewer must see, and its text then. Rendered here from the
// stored bytes, and the digest kept: what is signed later must be the same view (promise 3). In any doubt it does not fit.

import { utf8 } from '../../../shared/bytes.ts';
import { fitsNotification } from '../../../shared/statement/view/headline.ts';
import { renderView, rowText, viewText } from '../../../shared/statement/view/render.ts';
import type { ViewRow } from '../../../shared/statement/view/part.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { DeskEntry } from '../desk.ts';
import type { NotifierCapabilities } from '../ports.ts';
import { plainForAnyServer } from './ascii.ts';
import { redact } from './redact.ts';

export type WholeView = {
  readonly viewSha256: string;
  readonly text: string;
};

const COLUMNS = 40;

/** Undefined where it does not fit, cannot be shown as plain ASCII, or holds what no notification may say. */
export function wholeView(
  entry: Pick<DeskEntry, 'payload' | 'request'>,
  limits: Pick<NotifierCapabilities, 'maxBytes' | 'maxLines' | 'columns'>,
): WholeView | undefined {
  const { request, payload } = entry;
  // Their text is part of the view, and it lies elsewhere.
  if (request.attachments.length > 0) return undefined;
  const view = renderView(payload, new Map());
  if (!view.ok || !fitsNotification(view.value, limits)) return undefined;
  const must = view.value.rows.filter((row) => row.must);
  if (must.some((row) => row.path.startsWith('action.env'))) return undefined;
  // A digest of input looks like a key, and the words around it are our own.
  const asked = must.filter((row) => row.path !== 'action.stdin');
  const text = must.map(plainRow).join('').trimEnd();
  // Row by row, and as one command: an option and its value stand in two rows.
  const joined = asked.map((row) => row.text.replace(/[“”]/gu, '')).join(' ');
  const hides = [asked.map(plainRow).join(''), joined].some(
    (said) => redact(said, request.action) !== said,
  );
  if (hides || !plainForAnyServer(text)) return undefined;
  if (wrappedLines(text, limits.columns ?? COLUMNS) > limits.maxLines) return undefined;
  return { viewSha256: sha256Hex(utf8(viewText(view.value))), text };
}

/** The marks around a value, as every server can draw them. */
const plainRow = (row: ViewRow): string => rowText(row).replace(/[“”]/gu, '"');

/** As a server breaks it: between words, and inside one that is longer than a line. */
function wrappedLines(text: string, columns: number): number {
  return text.split('\n').reduce((sum, line) => sum + linesFor(line, columns), 0);
}

function linesFor(line: string, columns: number): number {
  let lines = 1;
  let used = 0;
  for (const word of line.split(' ')) {
    const apart = used === 0 ? 0 : 1;
    if (used + apart + word.length <= columns) {
      used += apart + word.length;
      continue;
    }
    if (used > 0) lines += 1;
    lines += Math.max(0, Math.ceil(word.length / columns) - 1);
    used = word.length - Math.max(0, Math.ceil(word.length / columns) - 1) * columns;
  }
  return lines;
}
