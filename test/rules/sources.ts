// What the rules read: the repository's own files, and one source file's imports, found in its syntax tree, not by text.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { parseSync } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');
const NOT_OURS = new Set([
  '.git',
  'node_modules',
  'out',
  'dist',
  '.cache',
  'coverage',
  'test-results',
  'playwright-report',
]);
const TEXT = /\.(ts|tsx|mjs|js|json|md|css|html|yml|yaml|cmd|sh|cedar)$|^[^.]*$|^\.[a-z]+$/;

export type Import = {
  /** The module named, or `undefined` where it is computed. */
  readonly specifier: string | undefined;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
};

export type Source = { readonly path: string; readonly text: string };

type Node = { readonly type: string; readonly [member: string]: unknown };

/** Every text file of the repository, path relative to its root with forward slashes. */
export function repositoryFiles(): readonly Source[] {
  return walk(ROOT)
    .map((path) => relative(ROOT, path).replaceAll('\\', '/'))
    .filter((path) => TEXT.test(posix.basename(path)))
    .map((path) => ({ path, text: readFileSync(resolve(ROOT, path), 'utf8') }));
}

/** Those that are code. */
export function codeFiles(): readonly Source[] {
  return repositoryFiles().filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path));
}

/** All nodes of the file's syntax tree, in source order. Throws on a file that does not parse. */
export function nodesOf({ path, text }: Source): readonly Node[] {
  const parsed = parseSync(path, text);
  const [fault] = parsed.errors;
  if (fault !== undefined) throw new Error(`${path}: ${fault.message}`);
  const nodes: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      nodes.push(value);
      Object.values(value).forEach(visit);
    }
  };
  visit(parsed.program);
  return nodes;
}

/** Everything the file imports or re-exports, `import()` and import types included. */
export function importsOf(source: Source): readonly Import[] {
  return nodesOf(source).flatMap((node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        return [named(node['source'], node['importKind'] === 'type', false)];
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        return isNode(node['source'])
          ? [named(node['source'], node['exportKind'] === 'type', false)]
          : [];
      case 'ImportExpression':
        return [named(node['source'], false, true)];
      case 'TSImportType':
        return [named(node['source'] ?? node['argument'], true, false)];
      case 'CallExpression':
        return isNode(node['callee']) && node['callee']['name'] === 'require'
          ? [
              named(
                Array.isArray(node['arguments']) ? node['arguments'][0] : undefined,
                false,
                false,
              ),
            ]
          : [];
      default:
        return [];
    }
  });
}

/** The repository path a relative specifier names. */
export const resolveFrom = (path: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(path), specifier));

/** `@scope/name/sub` and `name/sub` to the package's own name. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function named(value: unknown, typeOnly: boolean, dynamic: boolean): Import {
  const literal = isNode(value) && isNode(value['literal']) ? value['literal'] : value;
  const text = isNode(literal) ? literal['value'] : undefined;
  return { specifier: typeof text === 'string' ? text : undefined, typeOnly, dynamic };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [path] : [];
  });
}
