// Variables that are set for a command. Some hold commands or load code; a few are known to change nothing that
// matters; any other could change what the program does.

import { can, type Findings, mark, unknown, shellText } from './findings.ts';
import { evidence } from './opaque.ts';
import { path } from './paths.ts';
import type { Word } from './word.ts';

const COMMANDS =
  /^(.*PAGER|.*EDITOR|VISUAL|BROWSER|SHELL|.*_COMMAND|.*_CMD|.*_SSH|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|LESSOPEN|LESSCLOSE|MAKE|CC|CXX|AUTOM4TE|PERL5DB|PROMPT_COMMAND|PS1|TAR_OPTIONS|RSYNC_RSH|CVS_RSH|TERMINAL|BASH_ENV|ENV)$/;
const LOADS =
  /^(LD_.*|DYLD_.*|GIT_.*|BASH_.*|IFS|PATH|.*PATH|.*LIB|.*LIBS|.*OPTS?|.*OPTIONS|.*FLAGS|.*RC|.*_HOME|HOME|.*CONF(IG)?(_FILE)?|.*PLUGINS?|GCONV_PATH|NODE_.*|PYTHON.*|PERL.*|RUBY.*|JAVA_.*|_JAVA_.*|LUA_.*|PHP.*|.*PRELOAD.*|.*MODULES?)$/;
const QUIET =
  /^(LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR(_FORCE)?|CI|DEBUG|VERBOSE|NODE_ENV|RAILS_ENV|RUST_BACKTRACE|RUST_LOG|LOG_LEVEL|DEBIAN_FRONTEND|PGHOST|PGPORT|PGUSER|PGDATABASE|AWS_PROFILE|AWS_REGION|AWS_DEFAULT_REGION|HISTTIMEFORMAT|HISTIGNORE|HISTSIZE|TF_LOG|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|DISPLAY|CGO_ENABLED|GOOS|GOARCH)$/;
const SECRETS =
  /(PASS(WORD|PHRASE|WD)?|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(_|$)/i;

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)\+?=(.*)$/s;

export const isAssignment = (word: Word): boolean => ASSIGNMENT.test(word.text);

export function assignment(found: Findings, word: Word, depth: number): void {
  const [, name = '', value = ''] = ASSIGNMENT.exec(word.text) ?? [];
  variable(found, name, { ...word, text: value }, depth);
}

export function variable(found: Findings, name: string, value: Word, depth: number): void {
  if (SECRETS.test(name)) can(found, 'secret');
  if (QUIET.test(name)) return;
  if (COMMANDS.test(name)) {
    can(found, 'execute');
    mark(found, 'inlineCode');
    if (value.known) shellText(found, value.text.replace(/^\|/, ''), depth + 1);
    else unknown(found, 'variable');
    return;
  }
  if (LOADS.test(name)) {
    can(found, 'execute');
    if (value.text.includes('/')) path(found, value, 'x');
  } else evidence(found, value.text);
  unknown(found, 'variable');
}

/** Of a guard's own measured environment, which always has PATH and HOME: what loads code into any program. */
export const loadsCode = (name: string): boolean =>
  /^(LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_.*|BASH_ENV|ENV|NODE_OPTIONS|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|PERL5LIB|RUBYOPT|JAVA_TOOL_OPTIONS|GIT_SSH_COMMAND|PROMPT_COMMAND)$/.test(
    name,
  );
