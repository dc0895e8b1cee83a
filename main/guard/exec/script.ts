// Which script an interpreter would read. Two ways: the kernel's `#!` line (execve(2), fs/binfmt_script.c), and the
// first argument of a known interpreter that is a file.

import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { textOf } from '../../../shared/bytes.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** What the kernel reads of a file to decide how to start it (BINPRM_BUF_SIZE). */
export const HEAD_BYTES = 256;

export type ScriptLine = { readonly interpreter: string; readonly argument: string | undefined };

/** undefined: no `#!`. A line that the kernel would cut or could not use is refused, never guessed at. */
export function scriptLine(head: Uint8Array): Result<ScriptLine | undefined, 'notExecutable'> {
  if (head[0] !== 0x23 || head[1] !== 0x21) return ok(undefined);
  const end = head.findIndex((byte) => byte === 0x0a || byte === 0);
  if (end < 0 && head.length >= HEAD_BYTES)
    return fail('notExecutable', 'its #! line is over 255 bytes');
  const line = textOf(head.subarray(2, end < 0 ? undefined : end));
  if (line === undefined) return fail('notExecutable', 'its #! line is not UTF-8');
  // Blank and tab only; everything after the interpreter is ONE argument.
  const parts = /^[ \t]*([^ \t]+)(?:[ \t]+(.*?))?[ \t]*$/.exec(line);
  if (!parts?.[1]) return fail('notExecutable', 'its #! line names no interpreter');
  return ok({ interpreter: parts[1], argument: parts[2] === '' ? undefined : parts[2] });
}

export type EnvName = {
  /** The program that env(1) will look up on PATH. */
  readonly name: string;
  /** The line is `env NAME` alone, so starting NAME with the same arguments is the same thing. */
  readonly plain: boolean;
};

/** undefined where the words after `env` can't be told without being env. */
export function envName(line: ScriptLine): EnvName | undefined {
  if (basename(line.interpreter) !== 'env' || line.argument === undefined) return undefined;
  const word = line.argument;
  if (!word.startsWith('-')) return word.includes('=') ? undefined : { name: word, plain: true };
  const split = /^(?:-S|--split-string=|-S )[ \t]*([^"'\\#$]+)$/.exec(word)?.[1];
  const name = split?.split(/[ \t]+/)[0];
  if (!name || name.startsWith('-') || name.includes('=')) return undefined;
  return { name, plain: false };
}

type Dialect = {
  readonly name: RegExp;
  /**
   * The code is in the arguments, which are shown: there is no script. Only letters that take no value may stand before
   * it: `-Mfeature=say` is a value that has an e in it, and no `-e`.
   */
  readonly inline: RegExp;
  /** Its next word is its value, not a script. */
  readonly takesValue: RegExp;
};

const DIALECTS: readonly Dialect[] = [
  {
    name: /^(node|nodejs)$/,
    inline: /^(-e|-p|-pe|--eval|--print)(=|$)/,
    takesValue:
      /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--title|--env-file|--env-file-if-exists|--input-type|--watch-path|--test-reporter|--test-name-pattern|--disable-warning|--unhandled-rejections|--icu-data-dir|--openssl-config|--redirect-warnings|--diagnostic-dir|--trace-event-categories|--cpu-prof-dir|--stack-trace-limit|--max-old-space-size)$/,
  },
  { name: /^python[0-9.]*$/, inline: /^-[bBdEhiIOPqRsSuvx]*[cm]/, takesValue: /^-[WX]$/ },
  {
    name: /^(ba|da|z|k)?sh$/,
    inline: /^-[a-z]*c/,
    takesValue: /^([-+][oO]|--rcfile|--init-file)$/,
  },
  { name: /^ruby[0-9.]*$/, inline: /^-[alnpswvUWSy0-9]*e/, takesValue: /^-[IrEC]$/ },
  { name: /^perl[0-9.]*$/, inline: /^-[acfnpswltuTUW0-9]*[eE]/, takesValue: /^-[IMm]$/ },
  { name: /^php[0-9.]*$/, inline: /^-[rBRE]/, takesValue: /^-[cd]$/ },
];

/**
 * The index in `argv` of the script that `argv[0]` would read: the first word that is not an option, where it is an
 * existing regular file. `names`: every name by which the interpreter may be known.
 */
export function scriptArgument(
  names: readonly string[],
  argv: readonly string[],
  cwd: string,
): number | undefined {
  const dialect = DIALECTS.find((each) => names.some((name) => each.name.test(basename(name))));
  if (!dialect) return undefined;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (dialect.takesValue.test(word)) i++;
    else if (dialect.inline.test(word)) return undefined;
    else if (word === '--') return isFile(resolve(cwd, argv[i + 1] ?? '')) ? i + 1 : undefined;
    else if (!/^[-+]/.test(word)) return isFile(resolve(cwd, word)) ? i : undefined;
  }
  return undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
