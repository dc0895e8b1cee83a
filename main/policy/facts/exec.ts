// An exec action: the program that was measured, its arguments, and the environment that it will have.

import type { ExecAction } from '../../../shared/statement/action.ts';
import type { Raw } from '../../../shared/statement/text.ts';
import { commandFacts, type Feed } from './command.ts';
import { loadsCode } from './environment.ts';
import { can, type Findings, unknown } from './findings.ts';
import { familyOf } from './programs.ts';
import { lastPart, literal, UNSEEN, type Word, wordOf } from './word.ts';

/** One program under many names: which one it is, is in the name it is called by. */
const MANY_NAMES = new Set(['busybox', 'toybox', 'coreutils', 'dropbearmulti']);

export function execFindings(found: Findings, action: ExecAction): void {
  const words = action.argv.map((field) => wordOf(found, field));
  const name = programWord(action, words[0] ?? UNSEEN);
  const feed: Feed = action.stdin.from === 'bound' ? 'piped' : 'inherited';
  for (const entry of action.env) {
    if (typeof entry.name !== 'string' || !loadsCode(entry.name)) continue;
    can(found, 'execute');
    unknown(found, 'variable');
  }
  commandFacts(found, [name, ...words.slice(1)], feed);
}

/**
 * The measured file decides: a link called `ls` to another program is that program. Only where its own name has no row
 * (`vim.basic`, `npm-cli.js`) does the name it was called by count, at the place where the file is.
 */
function programWord(action: ExecAction, called: Word): Word {
  const script = action.interpreterArgs === undefined ? undefined : action.script;
  const path: Raw = (script ?? action.executable).path;
  if (typeof path !== 'string') return UNSEEN;
  const own = lastPart(path);
  const name = lastPart(called.text);
  const known = called.known && name !== '' && familyOf(name) !== undefined;
  if (known && (MANY_NAMES.has(own) || familyOf(own) === undefined))
    return literal(placed(path, name));
  return literal(path);
}

/** The called name where the file lies; a script of a package manager lies beside the folder of programs. */
function placed(path: string, name: string): string {
  const installed =
    /^(\/usr(\/local)?|\/opt\/[^/]+|\/home\/[^/]+\/\.[^/]+.*)\/lib\/node_modules\//.exec(path);
  const system = /^\/usr\/(lib|share|libexec)\//.test(path) || installed !== null;
  return system ? `/usr/bin/${name}` : `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`;
}
