// Every sentence that a person reads is in renderer/words: no text between tags, no label and no title written in place.
// What is not language (a separator, a symbol) is not counted.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../../renderer');
/** Attributes that are read out or shown. */
const SPOKEN = new Set([
  'label',
  'title',
  'aria-label',
  'placeholder',
  'alt',
  'hint',
  'name',
  'says',
  'text',
  'fault',
]);
const isLanguage = (text: string): boolean => /\p{L}{2}/u.test(text);

type Node = { readonly type: string; readonly [member: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Literals whose value is shown: as a child, or as what a spoken attribute says; through `?:`, `&&`, `??` and templates. */
function shown(node: unknown): readonly string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateLiteral':
      return [
        ...list(node['quasis']).map((quasi) => String((quasi['value'] as { raw: string }).raw)),
        ...list(node['expressions']).flatMap(shown),
      ];
    case 'ConditionalExpression':
      return [...shown(node['consequent']), ...shown(node['alternate'])];
    case 'LogicalExpression':
      return [...shown(node['left']), ...shown(node['right'])];
    case 'JSXExpressionContainer':
      return shown(node['expression']);
    default:
      return [];
  }
}
const list = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : [];

export function literalsIn(source: string): readonly string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (!isNode(node)) return;
    if (node.type === 'JSXText') found.push(String(node['value']));
    if (node.type === 'JSXElement' || node.type === 'JSXFragment')
      for (const child of list(node['children']))
        if (child.type === 'JSXExpressionContainer') found.push(...shown(child));
    if (node.type === 'JSXAttribute') {
      const name = (node['name'] as { readonly name?: unknown }).name;
      if (typeof name === 'string' && SPOKEN.has(name)) found.push(...shown(node['value']));
    }
    for (const value of Object.values(node)) walk(value);
  };
  const { program, errors } = parseSync('screen.tsx', source);
  expect(errors).toEqual([]);
  walk(program);
  return found.filter(isLanguage);
}

/** Anywhere in the code: a literal that begins as a sentence does. */
export function sentencesIn(name: string, source: string): readonly string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (!isNode(node)) return;
    if (node.type === 'Literal' || node.type === 'TemplateLiteral') found.push(...shown(node));
    for (const value of Object.values(node)) walk(value);
  };
  walk(parseSync(name, source).program);
  return found.filter((text) => /^\p{Lu}\p{Ll}+ \p{Ll}/u.test(text));
}

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.tsx?$/.test(name) && !name.startsWith('words'),
);
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.tsx'),
);

describe('words', () => {
  test('the check itself finds text, labels and both sides of a choice', () => {
    const source = `const A = () => <p title="Some title">Some text {on ? 'one way' : other}
      <B label={\`the \${kind}\`} className="not this" data-x="nor this" /></p>;`;
    const found = literalsIn(source).map((text) => text.trim());
    expect(found.toSorted()).toEqual(['Some text', 'Some title', 'one way', 'the']);
  });

  test.each(files)('%s has no sentence of its own', (name) => {
    const path = join(ROOT, name);
    expect(literalsIn(readFileSync(path, 'utf8'))).toEqual([]);
  });

  test('the other check finds a sentence wherever it stands', () => {
    expect(sentencesIn('a.ts', "const a = on ? 'Not this' : { b: `It is ${n} of them` };")).toEqual(
      ['Not this', 'It is '],
    );
  });

  test.each(sources)('%s hands no sentence to others', (name) => {
    expect(sentencesIn(name, readFileSync(join(ROOT, name), 'utf8'))).toEqual([]);
  });
});
