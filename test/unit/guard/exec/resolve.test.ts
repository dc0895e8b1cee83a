import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveProgram } from '../../../../main/guard/exec/resolve.ts';
import { type Yard, yard } from './kit.ts';

let place: Yard;
beforeAll(async () => {
  place = await yard();
  for (const folder of ['a', 'b', 'b/sub', 'a/dir']) mkdirSync(place.at(folder));
  for (const name of ['b/tool', 'b/sub/deep', 'b/dir']) await place.script(name, '#!/bin/sh\n');
  writeFileSync(place.at('a/tool'), 'not executable', { mode: 0o644 });
  writeFileSync(place.at('a/plain'), 'not executable', { mode: 0o644 });
  symlinkSync(place.at('nowhere'), place.at('a/dangling'));
});
afterAll(() => place.remove());

const find = (name: string, path = `${place.at('a')}:${place.at('b')}`) =>
  resolveProgram(name, { path, cwd: place.work });
const code = (result: ReturnType<typeof find>) => (result.ok ? result.value : result.code);

test('the first executable file on PATH wins; what cannot run is passed over', () => {
  expect(code(find('tool'))).toBe(place.at('b/tool'));
  expect(code(find('dir'))).toBe(place.at('b/dir'));
});

test('a name with a slash is relative to the working folder and PATH is not asked', () => {
  expect(code(find('b/tool'))).toBe(place.at('b/tool'));
  expect(code(find('./tool'))).toBe('notFound');
  expect(code(find('sub/deep'))).toBe('notFound');
  expect(code(find(place.at('b/tool'), ''))).toBe(place.at('b/tool'));
});

test('an empty and a relative entry mean the working folder', () => {
  expect(code(resolveProgram('tool', { path: ':/usr/bin', cwd: place.at('b') }))).toBe(
    place.at('b/tool'),
  );
  expect(code(find('deep', 'b/sub'))).toBe(place.at('b/sub/deep'));
});

test.each([
  ['absent', 'notFound'],
  ['', 'notFound'],
  ['to\0ol', 'notFound'],
  ['dangling', 'notFound'],
  ['b/tool/x', 'notFound'],
  ['plain', 'notExecutable'],
  ['./b', 'notExecutable'],
  ['a/plain', 'notExecutable'],
])('%j is %s', (name, expected) => {
  expect(code(find(name))).toBe(expected);
});
