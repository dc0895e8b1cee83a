// What must be loaded before the first card can be shown: the page's own script and what it imports at once, gzipped.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'playwright/test';

const OUT = resolve(import.meta.dirname, '../../out/renderer');
const MOST_BYTES = 110 * 1024;

const read = (name: string): string => readFileSync(join(OUT, name), 'utf8');

/** A chunk and every chunk it imports statically, by name. */
function withImports(name: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(name)) return known;
  known.add(name);
  for (const [, other = ''] of read(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(join('assets', other), known);
  return known;
}

test('the first chunk is at most 110 KB gzipped, and history and settings are not in it', () => {
  const page = read('index.html');
  const entry = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  const chunks = withImports(entry);
  const bytes = [...chunks].reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  const text = [...chunks].map(read).join('\n');
  const said = ['Nothing waits for you', 'Verify the log', 'Quiet hours, every day'];
  expect(said.map((words) => text.includes(words))).toEqual([true, false, false]);
});
