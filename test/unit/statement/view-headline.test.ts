// A request in a few words.

import { describe, expect, test } from 'vitest';
import { encodeCj, type Cj } from '../../../shared/statement/cj1.ts';
import type { Request } from '../../../shared/statement/request.ts';
import { fitsNotification, headline } from '../../../shared/statement/view/headline.ts';
import { renderView } from '../../../shared/statement/view/render.ts';
import { EXEC, HTTP, MCP, requestOf, TOOL } from './view-samples.ts';

const titleOf = (action: Request['action']): string => headline({ action }).title;

describe('a headline', () => {
  test('names the script or program, the tool, the host', () => {
    expect(titleOf(EXEC)).toBe('run export.js customers');
    expect(titleOf(MCP)).toBe('call delete_folder of files');
    expect(titleOf(HTTP)).toBe('send api.example.com DELETE /v1/users/7');
    expect(titleOf(TOOL)).toBe('use shell in codex');
  });

  test('is printable ASCII of bounded length, whatever comes', () => {
    const { script: _, ...plain } = EXEC;
    const argv = ['x', 'a b', '\u202e\u0430', '<b>', 'y'.repeat(500)];
    const title = titleOf({ ...plain, argv });
    expect(title).toMatch(/^[ -~]{1,140}$/);
    expect(title).toContain('"a b" "<U+202E><U+0430>" "<b>" yyy');
    expect(title.endsWith('...')).toBe(true);
  });
});

test('a notification may decide only where all must-see rows fit it whole', () => {
  // A request is a CJ-1 value.
  const view = renderView(encodeCj(requestOf(TOOL) as unknown as Cj), new Map());
  if (!view.ok) throw new Error(view.code);
  const must = view.value.rows.filter((row) => row.must).length;
  const { mustBytes } = view.value;
  expect(fitsNotification(view.value, { maxBytes: mustBytes, maxLines: must })).toBe(true);
  expect(fitsNotification(view.value, { maxBytes: mustBytes - 1, maxLines: must })).toBe(false);
  expect(fitsNotification(view.value, { maxBytes: mustBytes, maxLines: must - 1 })).toBe(false);
});
