// What the tests of the card share: samples with every member, and short ways to render and to look at a row.

import { utf8 } from '../../../shared/bytes.ts';
import { type Cj, encodeCj } from '../../../shared/statement/cj1.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { renderView, type View } from '../../../shared/statement/view/render.ts';
import { EXEC, HTTP, MCP, requestOf, TOOL } from './view-samples.ts';

export const NO_FILES: ReadonlyMap<string, Uint8Array> = new Map();
export const D = 'ab'.repeat(32);

export function viewOf(request: Cj, files: ReadonlyMap<string, Uint8Array> = NO_FILES): View {
  const view = renderView(encodeCj(request), files);
  if (!view.ok) throw new Error(`${view.code} ${view.detail ?? ''}`);
  return view.value;
}
// Requests are CJ-1 values: encodeStatement of the same samples below proves it.
export const cj = (request: Request): Cj => request as unknown as Cj;
export const codeOf = (request: Cj, files = NO_FILES): string => {
  const view = renderView(encodeCj(request), files);
  return view.ok ? 'ok' : view.code;
};
export const rowAt = (view: View, label: string) => {
  const row = view.rows.find((each) => each.label === label);
  if (!row) throw new Error(`no row ${label}`);
  return row;
};
export const withArgs = (...argv: string[]): Request =>
  requestOf({ ...EXEC, argv: ['node', ...argv] });

export const LONG = { attachment: D, size: 5000 };
export const attached = (size = 5000): Partial<Request> => ({
  attachments: [{ sha256: D, size, mediaType: 'text/plain', name: 'a' }],
});
export const SAMPLES: readonly Request[] = [
  requestOf(EXEC),
  requestOf({ ...EXEC, stdin: { from: 'live' }, argv: ['node', LONG] }, attached()),
  requestOf(MCP),
  requestOf({ ...HTTP, body: D }, attached()),
  requestOf(TOOL),
  requestOf({ ...TOOL, cwd: { b64: 'AA==' } }),
];
export const FILES = new Map([[D, utf8('line\n'.repeat(1000))]]);
export const filesOf = (request: Request) => (request.attachments.length > 0 ? FILES : NO_FILES);

export type Step = string | number;
export function leaves(
  value: Cj,
  path: readonly Step[] = [],
): { path: readonly Step[]; value: Cj }[] {
  if (typeof value !== 'object') return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner as Cj, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}
export function changed(
  value: Cj,
  path: readonly Step[],
  change: (value: Cj) => Cj | undefined,
): Cj {
  const copy = structuredClone(value) as Record<Step, Cj>;
  let inner = copy;
  for (const step of path.slice(0, -1)) inner = inner[step] as Record<Step, Cj>;
  const last = path.at(-1) ?? '';
  const next = change(inner[last] ?? '');
  if (next === undefined) delete inner[last];
  else inner[last] = next;
  return copy;
}
export const another = (value: Cj): Cj => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const text = value as string;
  return /^[0-9a-f]{32,}$/.test(text)
    ? text.replace(/.$/, (c) => (c === '0' ? '1' : '0'))
    : `${text}x`;
};
