// The renderer gives one answer everywhere: it loads no schema library and asks the runtime for no table of its own.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const VIEW = new URL('../../../shared/statement/view/', import.meta.url);

/** Files that `file` loads at run time, itself included. */
function loaded(file: URL, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  for (const [, names, from] of source.matchAll(/^import ([^;]*?) from '([^']+)';/gms)) {
    const types = names?.startsWith('type ') || /^\{(?:\s*type \w+,?)+\s*\}$/.test(names ?? '');
    if (types || from === undefined) continue;
    expect(from).toMatch(/^\.\.?\/.*\.ts$/);
    loaded(new URL(from, file), seen);
  }
  return seen;
}

test('no module of the view loads anything but shared, and never zod', () => {
  const all = new Set<string>();
  for (const name of readdirSync(VIEW)) if (name.endsWith('.ts')) loaded(new URL(name, VIEW), all);
  expect(all.size).toBeGreaterThan(20);
  expect([...all].filter((href) => /\/(fields|action|request)\.ts$/.test(href))).toEqual([]);
});

test('no module of the view asks the runtime about characters, places or time', () => {
  for (const name of readdirSync(VIEW).filter((each) => each.endsWith('.ts')))
    expect(readFileSync(new URL(name, VIEW), 'utf8')).not.toMatch(
      /\\[pP]\{|\bIntl\b|toLocale|localeCompare|normalize\(|to(?:Upper|Lower)Case\(\)(?!\.padStart)|Date\.now|new Date\(\)|Math\.random/,
    );
});
