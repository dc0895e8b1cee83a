// ICU messages, as much of them as a sentence with a count needs: `{name}`, `{name, plural, =0 {…} one {…} other {…}}` and
// `#` inside of it. Plural rules and digits are the system's own (Intl).

import { amount } from './time.ts';

export type Values = Readonly<Record<string, string | number>>;

const english = new Intl.PluralRules('en');

/** The sentence. A name without a value stays as it stands, so that a mistake is seen and nothing is lost. */
export function say(pattern: string, values: Values, rules = english): string {
  return fill(pattern, { values, rules });
}

type Filling = {
  readonly values: Values;
  readonly rules: Intl.PluralRules;
  /** What `#` stands for: the count of the innermost plural. */
  readonly count?: number;
};

function fill(pattern: string, by: Filling): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const end = char === '{' ? closing(pattern, at) : -1;
    if (end > at) {
      out += argument(pattern.slice(at + 1, end), by);
      at = end;
    } else if (char === '#' && by.count !== undefined) out += amount(by.count);
    else out += char;
  }
  return out;
}

/** Place of the brace that closes the one at `from`; -1 without one. */
function closing(pattern: string, from: number): number {
  let depth = 0;
  for (let at = from; at < pattern.length; at++) {
    if (pattern.charAt(at) === '{') depth += 1;
    if (pattern.charAt(at) === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function argument(inside: string, by: Filling): string {
  const [, name = inside, cases] = /^(\w+),\s*plural,(.*)$/s.exec(inside) ?? [];
  const value = by.values[name.trim()];
  if (value === undefined) return `{${inside}}`;
  if (cases === undefined || typeof value === 'string')
    return typeof value === 'number' ? amount(value) : value;
  const branches = branchesOf(cases);
  const branch =
    branches.get(`=${value}`) ?? branches.get(by.rules.select(value)) ?? branches.get('other');
  return fill(branch ?? '', { ...by, count: value });
}

function branchesOf(cases: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const key = /\s*(=\d+|\w+)\s*(?=\{)/y;
  for (let found = key.exec(cases); found !== null; found = key.exec(cases)) {
    const from = key.lastIndex;
    const end = closing(cases, from);
    if (end < 0) break;
    out.set(found[1] ?? '', cases.slice(from + 1, end));
    key.lastIndex = end + 1;
  }
  return out;
}
