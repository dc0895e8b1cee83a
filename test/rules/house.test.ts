// Every file keeps the house rules, and each rule is seen to catch what it is there for.

import { describe, expect, test } from 'vitest';
import { codeFaults, textFaults } from './house.ts';
import { codeFiles, repositoryFiles } from './sources.ts';

const planted: readonly (readonly [fault: string, path: string, text: string])[] = [
  ['a file of more than 400 lines', 'shared/x.ts', 'export const a = 1;\n'.repeat(401)],
  ['an entry of more than 40 lines', 'main/broker.ts', 'export const a = 1;\n'.repeat(41)],
  ['an index file', 'shared/domain/index.ts', 'export const a = 1;\n'],
  ['a file of re-exports', 'shared/domain/all.ts', "export * from './a.ts';\n"],
  ['an enum', 'shared/x.ts', 'export enum Tier { Low }\n'],
  ['a default export', 'shared/x.ts', 'export default 1;\n'],
  ['a module mock', 'test/unit/x.test.ts', "vi.mock('../../shared/x.ts');\n"],
  ['an import without extension', 'shared/x.ts', "import { a } from './a';\n"],
  ['a camelCase file', 'shared/someThing.ts', 'export const a = 1;\n'],
  ['a lower-case component', 'renderer/ui/button.tsx', 'export const Button = 1;\n'],
  ['a vague name', 'main/app/window-manager.ts', 'export const a = 1;\n'],
];

describe('house rules', () => {
  test.each(planted)('%s is refused', (_fault, path, text) => {
    expect(codeFaults({ path, text })).toHaveLength(1);
  });

  test.each([
    ['unfinished work', `// ${'TO' + 'DO'}: later\n`],
    ['a folder of one machine', `const home = '/${'ro' + 'ot'}/thing';\n`],
  ])('%s in a text is refused', (_fault, text) => {
    expect(textFaults({ path: 'README.md', text })).toHaveLength(1);
  });

  test('all code keeps them', () => {
    expect(codeFiles().flatMap(codeFaults)).toEqual([]);
  });

  test('all text keeps them', () => {
    expect(repositoryFiles().flatMap(textFaults)).toEqual([]);
  });
});
