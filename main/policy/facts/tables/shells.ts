// Shells, and the words that a shell does itself.

import type { Table } from '../spec.ts';

const OPTIONS =
  '-e -x -u -v -n -f -h -a -k -m -b -B -C -E -H -P -T -p+privilege -o=any -O=any +o=any -r --norc --noprofile --posix --login --rcfile/--init-file=x -l/--login -i!interactive -s+execute!interactive --restricted --version+read --help+read';

export const SHELLS: Table = {
  'sh|bash|dash|ash|ksh|ksh93|mksh|zsh|yash|posh|rbash|rzsh|oksh|lksh|sash|osh|loksh': `@x,opaque -c=^sh~ ${OPTIONS} <=sh 0:+execute!interactive`,
  'csh|tcsh|fish|elvish|rc|xonsh|nu|nush|ion|pwsh|powershell|cmd|murex|oh|es|scsh|tclsh|zsh-static|command.com|hush|msh|closh|ngs|eshell|psysh':
    '@x,opaque -c/--command/-Command/-e/-bc/-fc/-EncodedCommand/-C=shx~ -File/-f=x -b -l -i -n -p+privilege -NoProfile -NonInteractive -ExecutionPolicy=any -NoLogo -* <=shx 0:+execute!interactive',
  cmd: 'execute @shx -*',
  'tclsh|jimsh|expect|bltwish': '@x,opaque -c=code~ -* <=code 0:+execute!interactive',
  'busybox|toybox|coreutils': '@cmd --install+write --list+read --help 0:+read',
  eval: '@rcmd 0:+read',
  'source|.': 'execute @x,opaque',
  'cd|pushd|popd|dirs': 'read @r -P -L -e -n 0:+read',
  'export|declare|typeset|local|readonly|set|unset|unsetenv|setenv|let|integer|float':
    'read @set -* 0:+read',
  'set|unset|let|shopt|setopt|unsetopt|ulimit|bindkey|zstyle|zmodload|autoload|compdef|emulate|complete|compgen|compopt|bind|caller|suspend|abbr|functions|unhash|mapfile|readarray|read|ttyctl|vared|zle|rehash|fc|select|getln|pushln|logout|popd':
    'read @any -*',
  zmodload: 'execute @any -*',
  'ztcp|zsocket': 'network upload download @host,any -* -l=any',
  'bind|complete|compgen': 'execute @any -*',
  fc: 'read execute @any -* -e=sh',
  'alias|unalias': 'execute @any -p+read -a 0:+read',
  trap: 'execute @sh,any -l -p 0:+read',
  enable: 'execute @any -f=x -n -a -d -p -s',
  'kill|pkill|killall|skill|snice|xkill|killall5':
    'process @any -* -l+read -s=any -u/--user=any -t=any -f -9!force',
  'bg|fg': 'process @any',
};
