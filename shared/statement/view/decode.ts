// The way back from a view's text to the request's bytes. It accepts exactly the texts that renderView gives: whatever it
// makes of the rows is rendered again and compared, so reading can be simple and still never be fooled.

import { fail, ok, type Result } from '../../result.ts';
import { encodeCj } from '../cj1.ts';
import type { Reader } from './part.ts';
import { renderView, viewText } from './render.ts';
import { requestPart } from './request-part.ts';

export type Decoded = {
  readonly payload: Uint8Array;
  readonly attachments: ReadonlyMap<string, Uint8Array>;
};

export function decodeView(text: string): Result<Decoded, 'view'> {
  const rows = rowsOf(text);
  if (!rows) return fail('view', 'not rows of a label and a text');
  const from: Reader = { rows, names: namesIn(rows), attachments: new Map() };
  const request = requestPart.read({ path: '', label: '' }, from);
  if (request === undefined) return fail('view', 'a row is missing or has no value');
  const payload = bytesOf(request);
  const again = payload && renderView(payload, from.attachments);
  if (!payload || !again?.ok || viewText(again.value) !== text)
    return fail('view', 'not the text of any request');
  return ok({ payload, attachments: from.attachments });
}

type Request = Parameters<typeof encodeCj>[0];
function bytesOf(request: Request): Uint8Array | undefined {
  try {
    return encodeCj(request);
  } catch {
    // What the rows say is no CJ-1 value, so they are not a view.
    return undefined;
  }
}

/** Texts by label. A line that starts with the gutter goes on with the row before it. */
function rowsOf(text: string): Map<string, string> | undefined {
  const rows = new Map<string, string>();
  if (!text.endsWith('\n')) return undefined;
  for (const row of text.slice(0, -1).split(/\n(?!│ )/u)) {
    const cut = row.indexOf(': ');
    const label = row.slice(0, cut);
    if (cut <= 0 || rows.has(label)) return undefined;
    rows.set(label, row.slice(cut + 2));
  }
  return rows;
}

const NAMED = /^((?:Environment|Header) [0-9]+) (\S+)$/;

function namesIn(rows: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const label of rows.keys()) {
    const found = NAMED.exec(label);
    if (found) names.set(found[1] ?? '', found[2] ?? '');
  }
  return names;
}
