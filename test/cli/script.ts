// Reads the scripts of test/cli/scripts: a name, a line for sh, what the reviewer does, how it exits and what it prints.
// `<id>`, `<name>` and `<any>` stand for text that differs; `<more>` for any further lines; `{reason}` and `{root}` are
// put in before the line runs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Script = {
  readonly name: string;
  readonly line: string;
  readonly first: string | undefined;
  readonly verdict: 'approve' | 'deny' | undefined;
  readonly why: string | undefined;
  readonly exit: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
};

export function readScripts(name: string): readonly Script[] {
  const text = readFileSync(join(import.meta.dirname, 'scripts', `${name}.txt`), 'utf8');
  return text.trim().split('\n\n').map(scriptOf);
}

function scriptOf(block: string): Script {
  const lines = block.split('\n');
  const rest = (start: string): string[] =>
    lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  const [name] = rest('# ');
  const [line] = rest('$ ');
  const [exit] = rest('exit ');
  if (name === undefined || line === undefined || exit === undefined)
    throw new Error(`not a script: ${block}`);
  const [why] = rest('reviewer denies: ');
  const denies = lines.some((one) => one.startsWith('reviewer denies'));
  return {
    name,
    line,
    first: rest('reviewer first does: ')[0],
    verdict: denies ? 'deny' : lines.includes('reviewer approves') ? 'approve' : undefined,
    why: why?.replaceAll('\\x1b', '\u001b'),
    exit: Number(exit),
    out: rest('out '),
    err: rest('err '),
  };
}

/** Lines as one pattern. */
export function patternOf(
  lines: readonly string[],
  words: Readonly<Record<string, string>>,
): RegExp {
  const more = lines.at(-1) === '<more>';
  const body = (more ? lines.slice(0, -1) : lines)
    .map((line) => filled(line, words).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .map((line) => line.replaceAll('<id>', '[0-9a-f]{12}').replaceAll('<any>', '[^\\n]*'))
    .join('\n');
  const end = more ? '\n[\\s\\S]*' : lines.length === 0 ? '' : '\n';
  return new RegExp(`^${body}${end}$`, 'u');
}

export const filled = (text: string, words: Readonly<Record<string, string>>): string =>
  Object.entries(words).reduce((all, [word, value]) => all.replaceAll(word, value), text);

/** Who is asked, and whether they have seen it, comes and goes: those lines are left out. */
export const settledLines = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !/^countersign: asking[ :]/.test(line))
    .join('\n');
