// The rules of one file that compiler, linter and formatter do not know. Each takes a source and returns one sentence a fault.

import { posix } from 'node:path';
import { importsOf, nodesOf, type Source } from './sources.ts';

const MAX_LINES = 400;
const MAX_ENTRY_LINES = 40;
const INDEX_FILES = new Set(['main/index.ts', 'preload/index.ts']);
const DEFAULT_EXPORTS = /\.config\.ts$|^test\/kit\/plain-reporter\.ts$|\.d\.ts$/;
const EXTENSION = /\.(ts|tsx|mjs|js|css|json|svg|png|woff2)(\?[a-z]+)?$/;
const VAGUE = new Set([
  'manager',
  'managers',
  'helper',
  'helpers',
  'util',
  'utils',
  'service',
  'services',
  'common',
  'misc',
  'data',
  'info',
  'base',
  'handler',
  'handlers',
]);
// Written in two halves, so that this file passes its own rule.
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
const MACHINE = new RegExp(`(^|[^\\w.])/(wo${'rk'}|ro${'ot'})/[a-z]`);

/** Size, shape and language. For code files. */
export function codeFaults(source: Source): readonly string[] {
  const faults = [
    ...sizeFaults(source),
    ...nameFaults(source.path),
    ...shapeFaults(source),
    ...importsOf(source)
      .filter(({ specifier }) => specifier?.startsWith('.') === true && !EXTENSION.test(specifier))
      .map(({ specifier }) => `imports ${specifier} without its extension`),
  ];
  return faults.map((fault) => `${source.path}: ${fault}`);
}

/** What no tracked text may contain. */
export function textFaults({ path, text }: Source): readonly string[] {
  const lines = text.split('\n').map((line, index) => ({ line, at: `${path}:${index + 1}` }));
  return lines.flatMap(({ line, at }) => [
    ...(UNFINISHED.test(line) ? [`${at}: unfinished work is an issue, not a comment`] : []),
    ...(MACHINE.test(line) ? [`${at}: names a folder of one machine`] : []),
  ]);
}

function sizeFaults({ path, text }: Source): readonly string[] {
  const lines = text.split('\n').length - 1;
  const limit = /^main\/[^/]+\.ts$/.test(path) ? MAX_ENTRY_LINES : MAX_LINES;
  return lines > limit ? [`${lines} lines, ${limit} at most`] : [];
}

function nameFaults(path: string): readonly string[] {
  const name = posix.basename(path);
  const stem = name.replace(/(\.(test|spec|config|d))?\.(ts|tsx|mjs)$/, '');
  const component = name.endsWith('.tsx') && path.startsWith('renderer/') && stem !== 'main';
  const form = component ? /^[A-Z][A-Za-z0-9]*$/ : /^[a-z0-9]+([.-][a-z0-9]+)*$/;
  const vague = path
    .replace(name, stem)
    .split(/[/.-]/)
    .filter((word) => VAGUE.has(word.toLowerCase()));
  const isTest = path.startsWith('test/');
  return [
    ...(isTest || form.test(stem)
      ? []
      : [`is not named ${component ? 'PascalCase' : 'kebab-case'}`]),
    ...vague.map((word) => `"${word}" says nothing about what is in it`),
  ];
}

function shapeFaults(source: Source): readonly string[] {
  const nodes = nodesOf(source);
  const has = (type: string): boolean => nodes.some((node) => node.type === type);
  const body = nodes.find((node) => node.type === 'Program')?.['body'];
  const statements: readonly unknown[] = Array.isArray(body) ? body : [];
  const index = /\/index\.tsx?$/.test(source.path) && !INDEX_FILES.has(source.path);
  return [
    ...(has('TSEnumDeclaration') ? ['has an enum'] : []),
    ...(has('ExportDefaultDeclaration') && !DEFAULT_EXPORTS.test(source.path)
      ? ['has a default export']
      : []),
    ...(index || (statements.length > 0 && statements.every(reexports)) ? ['is a barrel'] : []),
    ...(mocksModules(source) ? ['mocks a module: pass a fake in'] : []),
  ];
}

function reexports(statement: unknown): boolean {
  if (typeof statement !== 'object' || statement === null || !('type' in statement)) return false;
  if (statement.type === 'ExportAllDeclaration') return true;
  return (
    statement.type === 'ExportNamedDeclaration' &&
    'source' in statement &&
    statement.source !== null &&
    statement.source !== undefined
  );
}

function mocksModules(source: Source): boolean {
  return nodesOf(source).some((node) => {
    const property = node.type === 'MemberExpression' ? node['property'] : undefined;
    const object = node['object'];
    const named = (value: unknown, names: readonly string[]): boolean =>
      typeof value === 'object' &&
      value !== null &&
      'name' in value &&
      names.some((name) => name === value.name);
    return named(object, ['vi', 'vitest']) && named(property, ['mock', 'doMock', 'hoisted']);
  });
}
