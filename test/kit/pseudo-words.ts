// A language that nobody speaks, for the window's own words: every letter is another one and every vowel stands twice, so
// that a sentence which did not come from renderer/words is plain to see, and a place that is too narrow shows it.

import { basename, dirname, resolve } from 'node:path';
import { parseSync, type Plugin } from 'vite';

const WORDS = resolve(import.meta.dirname, '../../renderer/words');
const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const OTHER = 'àƀçďéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÀƁÇĎÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ';
const OTHERS = Array.from(OTHER);

/** `{name}` and the names of plural cases stay: they are not language. */
export function pseudo(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const end = text.charAt(at) === '{' ? closing(text, at) : -1;
    if (end < 0) out += letter(text.charAt(at));
    else {
      out += `{${argument(text.slice(at + 1, end))}}`;
      at = end;
    }
  }
  return out;
}

function letter(char: string): string {
  const other = OTHERS[PLAIN.indexOf(char)] ?? char;
  return /[aeiou]/i.test(char) ? other + other.toLowerCase() : other;
}

function argument(inside: string): string {
  const [, head, cases] = /^(\w+,\s*plural,)(.*)$/s.exec(inside) ?? [];
  if (head === undefined || cases === undefined) return inside;
  return head + cases.replace(/(=\d+|\w+)\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g, caseOf);
}
const caseOf = (_all: string, name: string, says: string): string => `${name} {${pseudo(says)}}`;

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.charAt(at) === '{') depth += 1;
    if (text.charAt(at) === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** What stands in renderer/words and is no language: codes, names, lines to be typed, texts for the log. */
const NOT_LANGUAGE = new Set([
  'APP_NAME',
  'REPORT_MARK',
  'STEP_COMMAND',
  'SERIES',
  'outcomeOf',
  'command',
]);
/** Kinds of banners: they choose a colour. */
const CODES = new Set(['alarm', 'warning']);
/** Calls whose text is language. */
const SAYING = new Set(['say', 'counted']);

type Node = { readonly type: string; readonly start: number; readonly end: number };
type Edit = { readonly start: number; readonly end: number; readonly text: string };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
const part = (node: Node, name: string): unknown =>
  // Members differ by the node's type; each caller checks what it gets.
  (node as unknown as Readonly<Record<string, unknown>>)[name];
const nameOf = (value: unknown): string | undefined => {
  const name = isNode(value) ? part(value, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
};

/** The module with every sentence in it said in the other language. */
export function pseudoModule(name: string, source: string): string {
  const edits: Edit[] = [];
  const { program, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name} cannot be read`);
  walk(program, { source, edits });
  let out = source;
  for (const { start, end, text } of edits.toSorted((one, other) => other.start - one.start))
    out = out.slice(0, start) + text + out.slice(end);
  return out;
}

type Walk = { readonly source: string; readonly edits: Edit[] };

function walk(value: unknown, by: Walk): void {
  const { source, edits } = by;
  if (Array.isArray(value)) return value.forEach((one) => walk(one, by));
  if (!isNode(value) || isSilent(value)) return;
  if (value.type === 'Literal') {
    const text = part(value, 'value');
    if (typeof text === 'string' && !CODES.has(text))
      edits.push({ ...spanOf(value), text: quoted(pseudo(text)) });
    return;
  }
  if (value.type === 'TemplateElement') {
    const { raw } = part(value, 'value') as { readonly raw: string };
    // With or without the marks around it, as the flavour of the tree has it.
    const start = source.indexOf(raw, value.start);
    edits.push({ start, end: start + raw.length, text: pseudo(raw) });
    return;
  }
  for (const child of spokenParts(value)) walk(child, by);
}

const spanOf = ({ start, end }: Node) => ({ start, end });
const quoted = (text: string): string => JSON.stringify(text);

function isSilent(node: Node): boolean {
  const { type } = node;
  if (type.startsWith('Import') || type === 'NewExpression' || type === 'BinaryExpression')
    return true;
  if (type.startsWith('TS') && !['TSAsExpression', 'TSSatisfiesExpression'].includes(type))
    return true;
  return [part(node, 'id'), part(node, 'key')].some((name) => NOT_LANGUAGE.has(nameOf(name) ?? ''));
}

function spokenParts(node: Node): readonly unknown[] {
  const members = Object.entries(node);
  switch (node.type) {
    case 'Property':
      return [part(node, 'value')];
    case 'SwitchCase':
      return [part(node, 'consequent')];
    case 'ConditionalExpression':
      return [part(node, 'consequent'), part(node, 'alternate')];
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return [part(node, 'expression')];
    case 'CallExpression': {
      const given = part(node, 'arguments');
      const list = Array.isArray(given) ? given : [];
      const saying = SAYING.has(nameOf(part(node, 'callee')) ?? '');
      return [part(node, 'callee'), ...list.filter((one) => saying || one.type !== 'Literal')];
    }
    default:
      return members.map(([, value]) => value);
  }
}

/** For a build of the window. */
export const pseudoWords = (): Plugin => ({
  name: 'pseudo-words',
  enforce: 'pre',
  transform: (code, id) =>
    dirname(id) === WORDS && basename(id) !== 'plural.ts'
      ? { code: pseudoModule(basename(id), code), map: null }
      : undefined,
});
