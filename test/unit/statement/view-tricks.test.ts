// Known ways to show a person one thing and run another, each with the exact text that an argument and a path of it give.
// The vectors are literal: a change of the renderer shows here first.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../../../shared/bytes.ts';
import { flagsOf } from '../../../shared/statement/view/flags.ts';
import { unescapeText } from '../../../shared/statement/view/unescape.ts';
import { quoted, unquoted } from '../../../shared/statement/view/values.ts';

/** `input` is text, or bytes as `hex:…`. */
type Trick = { name: string; input: string; shown: string; critical: string; flags: string[] };
const file = new URL('../../vectors/view/tricks.json', import.meta.url);
// Our own file, written below.
const tricks = JSON.parse(readFileSync(file, 'utf8')) as Trick[];

const bytesOf = (input: string): Uint8Array => {
  const bytes = input.startsWith('hex:') ? fromHex(input.slice(4)) : utf8(input);
  if (!bytes) throw new Error(`not hex: ${input}`);
  return bytes;
};
const rowsOf = (input: string) => {
  const bytes = bytesOf(input);
  const shown = quoted(bytes, { section: 'action' });
  const critical = quoted(bytes, { section: 'action', critical: true });
  const flags = flagsOf((shown.flags ?? 0) | (critical.flags ?? 0));
  return { shown: shown.text, critical: critical.text, flags: [...flags] };
};

if (process.env['WRITE_VECTORS'] === 'view') {
  const filled = tricks.map(({ name, input }) => ({ name, input, ...rowsOf(input) }));
  // Only ASCII in the file: nobody's editor can hide what is in it.
  const text = JSON.stringify(filled, null, 2).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(file, `${text}\n`);
}

test('there are more than sixty tricks', () => {
  console.log(`${tricks.length} tricks`);
  expect(tricks.length).toBeGreaterThan(60);
  expect(new Set(tricks.map((trick) => trick.name)).size).toBe(tricks.length);
});

test.each(tricks)('$name', ({ input, shown, critical, flags }) => {
  expect(rowsOf(input)).toEqual({ shown, critical, flags });
  for (const text of [shown, critical])
    expect(toHex(unquoted(text) ?? new Uint8Array())).toBe(toHex(bytesOf(input)));
  expect(unescapeText(critical.slice(1, -1))).toBeDefined();
});
