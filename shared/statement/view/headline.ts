// A request in a few words of plain ASCII, for lists and notifications, where the view does not fit. It may be cut and says
// so; nobody decides on it alone, except where every must-see row fits a notification whole.

import { utf8 } from '../../bytes.ts';
import type { Action } from '../action.ts';
import type { LongField } from '../fields.ts';
import type { Request } from '../request.ts';
import { bytesOfRaw } from '../text.ts';
import { escapeText } from './escape.ts';
import { linesOf } from './fold.ts';
import { rowText, type View } from './render.ts';

export type Headline = {
  readonly verb: 'run' | 'call' | 'send' | 'use';
  /** What a person would call it: the script or program, the tool, the host. */
  readonly target: string;
  /** What follows, each word quoted where it is not plain; cut at `MAX_DETAIL`. */
  readonly detail: string;
  /** `verb target detail`. */
  readonly title: string;
};

const MAX_TARGET = 60;
const MAX_DETAIL = 60;
const CUT = '...';

export function headline(request: Pick<Request, 'action'>): Headline {
  const [verb, target, detail] = wordsOf(request.action);
  const name = cut(target, MAX_TARGET);
  const rest = cut(detail.map(plainWord).join(' '), MAX_DETAIL);
  const title = rest === '' ? `${verb} ${name}` : `${verb} ${name} ${rest}`;
  return { verb, target: name, detail: rest, title };
}

function wordsOf(action: Action): [Headline['verb'], string, string[]] {
  switch (action.kind) {
    case 'exec': {
      const started = action.script ?? action.executable;
      const words = action.argv.slice(1).map(asciiOf);
      // The script's own path is the target already.
      const own = words.findIndex((word) => nameOf(word) === nameOf(asciiOf(started.path)));
      return ['run', nameOf(asciiOf(started.path)), action.script ? words.slice(own + 1) : words];
    }
    case 'mcp':
      return ['call', asciiOf(action.tool), ['of', asciiOf(action.server)]];
    case 'http':
      return ['send', asciiOf(action.host), [action.method, asciiOf(action.path)]];
    case 'tool':
      return ['use', asciiOf(action.tool), ['in', action.runtime]];
  }
}

const nameOf = (path: string): string => /[^/\\]*$/.exec(path)?.[0] || path;

function asciiOf(value: LongField): string {
  if (typeof value === 'object' && 'attachment' in value) return `${value.size} bytes`;
  // Tokens are put into ASCII too: a notification server may draw our brackets in any way.
  const text = escapeText(bytesOfRaw(value), { ascii: true });
  return text.replace(/[⟦⟧]/gu, (sign) => (sign === '⟦' ? '<' : '>')).replace(/×/gu, 'x');
}

const plainWord = (word: string): string =>
  /^[A-Za-z0-9_./:=@%+,^~-]+$/.test(word) ? word : `"${word}"`;

const cut = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, max - CUT.length) + CUT;

export type NotificationLimits = { readonly maxBytes: number; readonly maxLines: number };

/** Whether all must-see rows, whole, fit what an OS shows: UTF-8 bytes and lines. Then, and at `low`, it may decide. */
export function fitsNotification(view: View, limits: NotificationLimits): boolean {
  if (!view.approvable) return false;
  const must = view.rows.filter((row) => row.must);
  const lines = must.reduce((sum, row) => sum + linesOf(row), 0);
  const bytes = must.reduce((sum, row) => sum + utf8(rowText(row)).length, 0);
  return lines <= limits.maxLines && bytes <= limits.maxBytes;
}
