// The other language says everything that the window's words say, and touches nothing that is no language.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { say } from '../../../renderer/words/plural.ts';
import { pseudo, pseudoModule } from '../../kit/pseudo-words.ts';

const WORDS = resolve(import.meta.dirname, '../../../renderer/words');
const files = readdirSync(WORDS).filter((name) => name !== 'plural.ts');

describe('the other language', () => {
  test('says every letter differently and longer, and keeps what is filled in', () => {
    expect(pseudo('Approve {name}, now.')).toBe('Ààþþŕööṽéé {name}, ñööŵ.');
  });

  test('goes into the cases of a plural and leaves their names', () => {
    const pattern = pseudo('{count, plural, =0 {None} one {# by {who}} other {# are}} left');
    expect(pattern).toBe('{count, plural, =0 {Ñööñéé} one {# ƀý {who}} other {# ààŕéé}} ļééƒţ');
    expect(say(pattern, { count: 1, who: 'Ada' })).toBe('1 ƀý Ada ļééƒţ');
  });

  test('is no language: keys, comparisons, types, imports and what only code reads', () => {
    const source = [
      "import { a } from './a.ts';",
      "type T = 'left alone';",
      "export const APP_NAME = 'Left';",
      "export const X = { word: on === 'open' ? 'Yes' : `no ${n}`, kind: 'alarm' } as const;",
    ].join('\n');
    expect(pseudoModule('x.ts', source).split('\n')).toEqual([
      ...source.split('\n').slice(0, 3),
      "export const X = { word: on === 'open' ? \"Ýééš\" : `ñöö ${n}`, kind: 'alarm' } as const;",
    ]);
  });

  test.each(files)('%s has no sentence left that it does not say', (name) => {
    const said = pseudoModule(name, readFileSync(join(WORDS, name), 'utf8'));
    expect(said.match(/['"`][A-Z][a-z’]+ [a-z][^\n]*/g) ?? []).toEqual([]);
  });
});
