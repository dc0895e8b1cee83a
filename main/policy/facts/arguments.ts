// The JSON arguments of a tool, read once: members that are declared by their name to be SQL, a command, a path, a URL.
// What an argument means to its tool is the tool's affair; so a name only ever adds.

import type { LongField } from '../../../shared/statement/fields.ts';
import { can, type Findings, LIMITS, unknown, shellText } from './findings.ts';
import { evidence } from './opaque.ts';
import { url } from './hosts.ts';
import { path } from './paths.ts';
import { sqlText } from './sql.ts';
import { literal, wordOf } from './word.ts';

export type Json = { readonly [name: string]: unknown };

const MAX_MEMBERS = 200;

/** The object, or undefined with a finding where the text is none. */
export function argumentsOf(found: Findings, raw: LongField): Json | undefined {
  const word = wordOf(found, raw);
  if (!word.known) return undefined;
  if (word.text.length > LIMITS.text) {
    unknown(found, 'tooLong');
    return undefined;
  }
  if (word.text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(word.text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Not JSON: reported below like JSON that is no object.
  }
  unknown(found, 'arguments');
  return undefined;
}

/** `trusted` names say what a value is; every other text is searched for paths and hosts. */
export function argumentFindings(found: Findings, value: Json): void {
  const state = { left: MAX_MEMBERS };
  for (const [name, each] of Object.entries(value)) one(found, name, each, state, 0);
}

function one(
  found: Findings,
  name: string,
  value: unknown,
  state: { left: number },
  depth: number,
): void {
  if (state.left-- <= 0 || depth > 16) return unknown(found, 'tooMany');
  if (typeof value === 'string') return text(found, name.toLowerCase(), value);
  if (Array.isArray(value)) for (const each of value) one(found, name, each, state, depth + 1);
  else if (typeof value === 'object' && value !== null)
    for (const [inner, each] of Object.entries(value)) one(found, inner, each, state, depth + 1);
}

function text(found: Findings, name: string, value: string): void {
  if (
    /^(sql|query|statement|sql_?query|queries|statements)$/.test(name) &&
    looksLikeSql(name, value)
  )
    return sqlText(found, value, 'pg');
  if (/^(command|cmd|shell|bash|script_?text|command_?line)$/.test(name))
    return shellText(found, value);
  if (/^(code|script|source|expression|program|javascript|python)$/.test(name)) {
    can(found, 'execute');
    unknown(found, 'code');
    return evidence(found, value);
  }
  if (/(^|_)(url|uri|endpoint|href)$/.test(name)) return url(found, literal(value));
  if (/(path|file|dir|directory|folder|filename)s?$/.test(name))
    return path(found, literal(value), 'rw');
  for (const piece of value.slice(0, 2048).split(/\s+/, 64))
    if (/^(\/|~\/|[a-z]+:\/\/)/i.test(piece)) named(found, piece);
}

function named(found: Findings, piece: string): void {
  if (/^[a-z]+:\/\//i.test(piece)) url(found, literal(piece));
  else path(found, literal(piece), 'rw');
}

/** A member called `sql` is SQL; `query` may as well be words to search for. */
const looksLikeSql = (name: string, value: string): boolean =>
  name.includes('sql') ||
  /^\s*(\(|--|\/\*|select|insert|update|delete|drop|alter|create|truncate|grant|revoke|merge|with|copy|call|do|set|begin|explain|show|vacuum|analyze|replace|pragma|attach|use|describe|values|table|execute|prepare|refresh|lock|reindex|comment)\b/i.test(
    value,
  ) ||
  value.includes(';');
