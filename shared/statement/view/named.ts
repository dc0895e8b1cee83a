// Rows whose label carries a name from outside: environment, headers, facts. The name is escaped to one word, so a label
// is always taken apart again in one way, and the number in it keeps order and equal names apart.

import type { Cj } from '../cj1.ts';
import { rawOf } from '../text.ts';
import { textOf, utf8 } from '../../bytes.ts';
import { escapeAll, pointToken } from './escape.ts';
import { bit, VIEW_FLAGS } from './flags.ts';
import { longValue } from './long.ts';
import {
  addRow,
  isHex,
  membersOf,
  type Part,
  row,
  type Spot,
  type Style,
  type ViewRow,
} from './part.ts';
import { unescapeText } from './unescape.ts';
import { numberOf, quoted, raw, rawBytes, textOfQuoted, textsRead, textsShown } from './values.ts';

const PLAIN_NAME = /^[A-Za-z0-9_.-]+$/;
const NO_NAME = '“”';

/** A name as one word of ASCII letters, digits, `_`, `.`, `-` and tokens. */
export function nameWord(bytes: Uint8Array): string {
  if (bytes.length === 0) return NO_NAME;
  const { text } = escapeAll(bytes, { ascii: true });
  if (PLAIN_NAME.test(text)) return text;
  const plain = text.replace(/⟦space×(\d+)⟧/gu, (_, n: string) => ' '.repeat(Number(n)));
  // Tokens stay; every other character outside the plain ones becomes one.
  return plain.replace(/⟦[^⟧]*⟧|[^A-Za-z0-9_.-]/gu, (part) =>
    part.length > 1 ? part : pointToken(part.charCodeAt(0)),
  );
}

export const nameOfWord = (word: string): Uint8Array | undefined =>
  word === NO_NAME ? utf8('') : unescapeText(word);

/** The reasons why a name cannot be trusted at a glance. */
const oddness = (name: Uint8Array): number => escapeAll(name, { ascii: true }).flags;

// What every process has and a guard passes on by itself. Shown like all others, must-see only when something is odd.
const USUAL = /^(PATH|HOME|LANG|LC_[A-Z]+|TERM|TZ|USER|LOGNAME|SHELL|TMPDIR)$/;
const PASSED: Style = { section: 'action', must: true };
const BULK: Style = { section: 'where', critical: true };
const SECRET = 'a secret, known by its keyed digest ';

/** Adds flags to the row at `at`; a row that has any is must-see. */
function raise(rows: ViewRow[], at: number, bits: number): void {
  const row = rows[at];
  if (!row || (bits === 0 && row.flags.length === 0)) return;
  const flags = VIEW_FLAGS.filter((flag) => (bits & bit(flag)) !== 0 || row.flags.includes(flag));
  rows[at] = { ...row, flags, must: true };
}

/** One entry: `{name, value}` or `{name, secret}`. */
export const environmentEntry: Part = {
  write: (value, spot, to) => {
    const { name, ...others } = membersOf(value) ?? {};
    const bytes = rawBytes(name);
    if (!bytes || Object.keys(others).length !== 1) return false;
    const word = nameWord(bytes);
    const at = { path: spot.path, label: `${spot.label} ${word}` };
    const from = to.rows.length;
    const secret = others['secret'];
    if (typeof secret === 'string') {
      if (!isHex(secret, 32)) return false;
      addRow(to, at, PASSED, { text: SECRET + secret });
    } else {
      const style = USUAL.test(word) ? BULK : PASSED;
      const inner = others['value'];
      if (inner === undefined || !longValue(style).write(inner, at, to)) return false;
    }
    raise(to.rows, from, oddness(bytes));
    return true;
  },
  read: (spot, from) => {
    const word = from.names.get(spot.label);
    const name = word === undefined ? undefined : nameOfWord(word);
    if (word === undefined || name === undefined) return undefined;
    const at = { path: '', label: `${spot.label} ${word}` };
    const text = from.rows.get(at.label) ?? '';
    if (text.startsWith(SECRET)) return { name: rawOf(name), secret: text.slice(SECRET.length) };
    const value = longValue(PASSED).read(at, from);
    return value === undefined ? undefined : { name: rawOf(name), value };
  },
};

/** One header of a request: `{name, value}`. */
export function headerEntry(style: Style): Part {
  const part = raw(style);
  return {
    write: (value, spot, to) => {
      const { name, value: inner, ...others } = membersOf(value) ?? {};
      if (typeof name !== 'string' || inner === undefined || Object.keys(others).length > 0)
        return false;
      const from = to.rows.length;
      const word = nameWord(utf8(name));
      const written = part.write(inner, headerSpot(spot, word), to);
      raise(to.rows, from, oddness(utf8(name)));
      return written;
    },
    read: (spot, from) => {
      const word = from.names.get(spot.label);
      const name = word === undefined ? undefined : nameOfWord(word);
      const text = name && textOf(name);
      if (word === undefined || text === undefined) return undefined;
      const value = part.read(headerSpot(spot, word), from);
      return value === undefined ? undefined : { name: text, value };
    },
  };
}
const headerSpot = ({ path, label }: Spot, word: string): Spot => ({
  path,
  label: `${label} ${word}`,
});

const FACT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** An object of any names: one row a name, `none` where there is none. */
export function facts(style: Style): Part {
  const part = row(style, (value) => factShown(value, style), factRead);
  return {
    write: (value, spot, to) => {
      const entries = Object.entries(membersOf(value) ?? { '': '' });
      if (entries.length === 0)
        return addRow(to, { ...spot, label: 'Facts' }, style, { text: 'none' });
      return entries.every(
        ([name, each]) => FACT_NAME.test(name) && part.write(each, factSpot(spot, name), to),
      );
    },
    read: (spot, from) => {
      const out: Record<string, Cj> = {};
      for (const label of from.rows.keys()) {
        const name = label.startsWith(`${spot.label} `) ? label.slice(spot.label.length + 1) : '';
        const value = FACT_NAME.test(name) ? part.read(factSpot(spot, name), from) : undefined;
        if (value !== undefined)
          Object.defineProperty(out, name, { value, enumerable: true, configurable: true });
      }
      return out;
    },
  };
}
const factSpot = ({ path, label }: Spot, name: string): Spot => ({
  path: `${path}.${name}`,
  label: `${label} ${name}`,
});

function factShown(value: Cj, style: Style): { text: string; flags?: number } | undefined {
  if (typeof value === 'string') return quoted(utf8(value), style);
  if (Array.isArray(value)) return textsShown(value, style);
  return typeof value === 'object' ? undefined : { text: String(value) };
}

function factRead(text: string): Cj | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.startsWith('[')) return textsRead(text);
  return text.startsWith('“') ? textOfQuoted(text) : numberOf(text);
}

/** For a host: the flag of punycode. */
export const hostFlags = (host: string): number =>
  /(^|\.)xn--/i.test(host) ? bit('punycodeHost') : 0;
