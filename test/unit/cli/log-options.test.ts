// What may be asked of `countersign log`, and what is said of the rest.

import { expect, test } from 'vitest';
import { parseLogOptions } from '../../../main/cli/log-options.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const parse = (line: string) => parseLogOptions(line === '' ? [] : line.split(' '), NOW);

test('without a question it is the log as it stands', () => {
  expect(parse('')).toEqual({ limit: 20, json: false });
  expect(parse('--limit 5 --json')).toEqual({ limit: 5, json: true });
});

test('names, words and a time ask for requests', () => {
  expect(parse('--agent claude --person maya --text dump* --since 2d')).toEqual({
    limit: 20,
    json: false,
    asks: {
      text: 'dump*',
      filters: { agent: 'claude', person: 'maya', from: '2026-11-20T12:00:00.000Z' },
    },
  });
  expect(parse('--text x')).toMatchObject({ asks: { text: 'x', filters: {} } });
});

test.each([
  ['90m', '2026-11-22T10:30:00.000Z'],
  ['12h', '2026-11-22T00:00:00.000Z'],
  ['1w', '2026-11-15T12:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T10:00+02:00', '2026-11-01T08:00:00.000Z'],
])('--since %s', (since, from) => {
  expect(parse(`--since ${since}`)).toMatchObject({ asks: { filters: { from } } });
});

test.each([
  '--since yesterday',
  '--since 11/12/2026',
  '--since 0d',
  '--since 2026-13-01',
  '--limit 0',
  '--nope',
  'word',
])('refuses %s in one line', (line) => {
  expect(typeof parse(line)).toBe('string');
});
