// The editor of a change, without a screen: every value comes back as it was, what cannot be typed is a token, and half a token
// is no value.

import { describe, expect, test } from 'vitest';
import {
  changesOf,
  faults,
  type Form,
  formOf,
  moved,
  typable,
  typed,
  withNew,
  without,
  withText,
} from '../../../shared/domain/change-form.ts';
import { utf8 } from '../../../shared/bytes.ts';
import type { Members } from '../../../shared/statement/view/part.ts';
import { EXEC, HTTP, MCP, TOOL } from '../statement/view-samples.ts';

const form = (action: unknown): Form => {
  const found = formOf(action as Members);
  if (found === undefined) throw new Error('it can be changed');
  return found;
};
const start = form({ ...EXEC, argv: ['psql', '-c', 'delete from users'] });
const texts = ({ items }: Form): readonly string[] => items.map(({ text }) => text);

describe('a value in the editor', () => {
  test.each<[string, string, string]>([
    ['a word', 'customers', 'customers'],
    ['newlines', 'a\nb\n', 'a\nb\n'],
    ['spaces, however many', 'a     b', 'a     b'],
    ['a run of spaces that nobody can count', 'a'.padEnd(40) + 'b', 'a⟦space×39⟧b'],
    ['a tab', 'a\tb', 'a⇥b'],
    ['a bidi override', 'a\u202eb', 'a⟦U+202E⟧b'],
    ['an escape sequence', '\u001b[0m', '⟦U+001B⟧[0m'],
    [
      'our own signs',
      '“a”·│⏎⟦U+0041⟧',
      '⟦U+201C⟧a⟦U+201D⟧⟦U+00B7⟧⟦U+2502⟧⟦U+23CE⟧⟦U+27E6⟧U+0041⟦U+27E7⟧',
    ],
    ['letters of other alphabets', 'Grüße 世界', 'Grüße 世界'],
  ])('shows %s and gives it back', (_, value, shown) => {
    expect(typable(utf8(value))).toBe(shown);
    expect(typed(shown)).toEqual(utf8(value));
  });

  test('gives back bytes that are no text', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x00, 0x62);
    expect(typed(typable(bytes))).toEqual(bytes);
  });

  test('takes what a person types: quotes and dots are themselves', () => {
    expect(typed('say “hi” · now')).toEqual(utf8('say “hi” · now'));
  });

  test.each(['⟦', 'U+202E⟧', '⟦U+ZZZZ⟧', '⟦U+D800⟧'])('knows half a token: %s', (text) => {
    expect(typed(text)).toBeUndefined();
  });
});

describe('the arguments', () => {
  test('that nobody touched are what was asked', () => {
    expect(changesOf(start)).toEqual({ kind: 'exec', argv: ['psql', '-c', 'delete from users'] });
  });

  test('are edited, added, moved and taken away one by one', () => {
    const edited = withText(start, 2, 'select * from users');
    const { form: more, added } = withNew(edited, 0);
    const named = withText(more, added, '--single-transaction');
    expect(texts(named)).toEqual(['psql', '--single-transaction', '-c', 'select * from users']);
    expect(texts(moved(named, added, 1))).toEqual([
      'psql',
      '-c',
      '--single-transaction',
      'select * from users',
    ]);
    expect(texts(moved(named, 0, -1))).toEqual(texts(named));
    expect(texts(without(named, 1))).toEqual([
      'psql',
      '--single-transaction',
      'select * from users',
    ]);
  });

  test('show at once what was pasted and cannot be seen', () => {
    expect(texts(withText(start, 1, 'a\u202eb\tc “d”'))[1]).toBe('a⟦U+202E⟧b⇥c ⟦U+201C⟧d⟦U+201D⟧');
    expect(texts(withText(start, 1, '⟦U+0041⟧'))[1]).toBe('A');
  });

  test('with half a token are no change, and say which', () => {
    const broken = withText(start, 1, '⟦U+');
    expect(changesOf(broken)).toBeUndefined();
    expect(faults(broken)).toEqual([1]);
    expect(changesOf({ kind: 'exec', items: [] })).toBeUndefined();
  });

  test('keep a long value by its digest', () => {
    const long = { attachment: 'a'.repeat(64), size: 5000 };
    const kept = form({ ...EXEC, argv: ['cat', long] });
    expect(changesOf(withText(kept, 0, 'tac'))).toEqual({ kind: 'exec', argv: ['tac', long] });
  });
});

test('tools have one text, and an HTTP request has none to change', () => {
  expect(changesOf(withText(form(MCP), 0, '{}'))).toEqual({ kind: 'mcp', argumentsRaw: '{}' });
  expect(changesOf(withText(form(TOOL), 0, 'ls'))).toEqual({ kind: 'tool', inputRaw: 'ls' });
  // As it stands in a request's bytes.
  expect(formOf(HTTP as unknown as Members)).toBeUndefined();
});
