// The commands of SQL clients themselves: psql's backslash, sqlite3's dot, mysql's `\!`. Those that only show are
// listed, those that reach files and shells are listed, any other is unknown.

import { can, type Findings, mark, unknown, shellText } from './findings.ts';
import { path } from './paths.ts';
import { literal } from './word.ts';

const PSQL_SHOWS =
  /^\\(d[a-zA-Z]*[+S]*|l\+?|conninfo|encoding|timing|x|pset|a|t|q|z|s[fv]\+?|echo|qecho|warn|h|\?|H|f|C)$/;
const LITE_SHOWS =
  /^\.(tables|schema|indexes|indices|databases|dbinfo|headers?|mode|width|separator|nullvalue|show|stats|timer|changes|echo|quit|exit|help|print|prompt|bail|eqp|explain|fullschema|lint|limit|sha3sum|version)$/;

/** True where the text was a client's own command; its effects are then found. */
export function metaCommand(
  found: Findings,
  text: string,
  role: 'sql' | 'psql' | 'my' | 'lite',
  depth: number,
): boolean {
  const line = text.trim();
  if (role === 'lite' ? !line.startsWith('.') : !line.startsWith('\\')) return false;
  const [, name = '', rest = ''] = /^(\\!|\\?\.?\S+?)(?:\s+(.*))?$/s.exec(line) ?? [];
  mark(found, 'sql');
  if (name === '\\!' || /^\.(shell|system)$/.test(name) || /^\\system$/.test(name)) {
    can(found, 'execute');
    mark(found, 'inlineCode');
    shellText(found, rest || line.replace(/^\\!\s*/, ''), depth + 1);
  } else if (role === 'lite') lite(found, name, rest);
  else psql(found, name, rest, depth);
  return true;
}

function psql(found: Findings, name: string, rest: string, depth: number): void {
  if (PSQL_SHOWS.test(name)) return can(found, 'read');
  if (name === '\\copy') {
    const out = /\bto\b/i.test(rest);
    can(found, 'read', ...(out ? (['export', 'write'] as const) : (['write'] as const)));
    const program = /\bprogram\s+'([^']*)'/i.exec(rest);
    if (program) {
      can(found, 'execute');
      return shellText(found, program[1] ?? '', depth + 1);
    }
    const file = /\b(?:to|from)\s+'?([^'\s]+)/i.exec(rest)?.[1];
    if (file !== undefined && !/^p?std(in|out)$/i.test(file))
      path(found, literal(file), out ? 'w' : 'r');
    return;
  }
  if (/^\\(i|ir|include)$/.test(name)) {
    can(found, 'read', 'execute');
    path(found, literal(rest), 'r');
    return unknown(found, 'script');
  }
  if (/^\\(o|out|w|g|gx|e|edit)$/.test(name)) {
    can(
      found,
      'write',
      ...(rest.startsWith('|') || name.startsWith('\\e') ? (['execute'] as const) : []),
    );
    if (rest.startsWith('|')) return shellText(found, rest.slice(1), depth + 1);
    return path(found, literal(rest), 'w');
  }
  if (name === '\\password') return can(found, 'permission', 'secret');
  unknown(found, 'sql');
  mark(found, 'sqlUnknown');
}

function lite(found: Findings, name: string, rest: string): void {
  const file = rest.split(/\s+/)[0] ?? '';
  if (LITE_SHOWS.test(name)) return can(found, 'read');
  if (name === '.dump') return can(found, 'read', 'export');
  if (/^\.(output|once|backup|save|clone|excel|log|trace)$/.test(name)) {
    can(found, 'write', 'export');
    if (file.startsWith('|')) can(found, 'execute');
    return path(found, literal(file), 'w');
  }
  if (/^\.(read|import|restore|open|cd|load)$/.test(name)) {
    can(found, 'read', 'write', ...(/^\.(read|load)$/.test(name) ? (['execute'] as const) : []));
    if (/^\.(read|load)$/.test(name)) unknown(found, 'script');
    return path(found, literal(file), 'r');
  }
  unknown(found, 'sql');
  mark(found, 'sqlUnknown');
}
