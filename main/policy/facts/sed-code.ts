// A script for sed, command by command: those that print and change lines, those that read and write files, and those
// that run commands. A script that this cannot follow to its end is code.

import { can, type Findings, mark, mayParse, unknown, shellText } from './findings.ts';
import { evidence } from './opaque.ts';
import { path } from './paths.ts';
import { literal } from './word.ts';

type Cursor = { readonly text: string; at: number };

export function sedCode(found: Findings, script: string, depth: number): void {
  const cursor = { text: script, at: 0 };
  if (mayParse(found, script.length) && commands(found, cursor, depth)) return;
  mark(found, 'inlineCode');
  can(found, 'execute');
  unknown(found, 'code');
  evidence(found, script);
}

function commands(found: Findings, cursor: Cursor, depth: number): boolean {
  while (skip(cursor, /[\s;{}]*/y) && cursor.at < cursor.text.length) {
    if (cursor.text[cursor.at] === '#') {
      take(cursor, /[^\n]*/y);
      continue;
    }
    if (!address(cursor)) return false;
    take(cursor, /[\s!]*/y);
    const name = cursor.text[cursor.at++];
    if (name === undefined || !one(found, cursor, name, depth)) return false;
  }
  return true;
}

/** `1`, `$`, `/re/I`, `\cREc`, `1,5`, `1~2`, `/a/,+3`. */
function address(cursor: Cursor): boolean {
  for (let count = 0; count < 2; count++) {
    if (take(cursor, /\$|\d+(~\d+)?|[+~]\d+/y) === undefined) {
      const mark = take(cursor, /\/|\\[^\n]/y);
      if (mark !== undefined) {
        if (between(cursor, mark.at(-1) ?? '/') === undefined) return false;
        take(cursor, /[IM]*/y);
      }
    }
    if (take(cursor, /\s*,\s*/y) === undefined) return true;
  }
  return true;
}

function one(found: Findings, cursor: Cursor, name: string, depth: number): boolean {
  if ('dDgGhHlnNpPxzF=}{'.includes(name)) return take(cursor, /\s*\d*/y) !== undefined;
  if ('qQ'.includes(name)) return take(cursor, /\s*\d*/y) !== undefined;
  if (':btT'.includes(name)) return take(cursor, /[^;\n}]*/y) !== undefined;
  if ('aic'.includes(name)) return take(cursor, /[^]*?(?<!\\)(\n|$)/y) !== undefined;
  if ('rRwW'.includes(name)) {
    const file = literal((take(cursor, /[^\n]*/y) ?? '').trim());
    const writes = name === 'w' || name === 'W';
    const known = /^\/dev\/std(out|err)$/.test(file.text);
    can(found, writes && !known ? 'write' : 'read');
    path(found, file, writes ? 'w' : 'r');
    return true;
  }
  if (name === 'e') {
    run(found, (take(cursor, /[^\n]*/y) ?? '').trim(), depth);
    return true;
  }
  return (name === 's' || name === 'y') && substitute(found, cursor, name, depth);
}

function run(found: Findings, text: string, depth: number): void {
  can(found, 'execute');
  mark(found, 'inlineCode');
  if (text === '') unknown(found, 'stdin');
  else shellText(found, text, depth + 1);
}

function substitute(found: Findings, cursor: Cursor, name: string, depth: number): boolean {
  const mark = cursor.text[cursor.at++];
  if (mark === undefined || /[\s\\]/.test(mark)) return false;
  if (between(cursor, mark) === undefined || between(cursor, mark) === undefined) return false;
  if (name === 'y') return true;
  const flags = take(cursor, /[gpiImM0-9]*e?[gpiImM0-9]*/y) ?? '';
  if (flags.includes('e')) run(found, '', depth);
  return (
    cursor.text[cursor.at] !== 'w' || one(found, cursor, cursor.text[cursor.at++] ?? '', depth)
  );
}

/** Up to the next `end` that is not escaped nor in brackets; undefined when there is none. */
function between(cursor: Cursor, end: string): string | undefined {
  const start = cursor.at;
  for (; cursor.at < cursor.text.length; cursor.at++) {
    if (cursor.text[cursor.at] === '\\') cursor.at++;
    else if (cursor.text[cursor.at] === end) {
      const text = cursor.text.slice(start, cursor.at++);
      // Whether a delimiter in brackets ends the part differs between implementations.
      return /\[[^\]]*$/.test(text.replace(/\\./g, '')) ? undefined : text;
    }
  }
  return undefined;
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

const skip = (cursor: Cursor, pattern: RegExp): boolean => take(cursor, pattern) !== undefined;
