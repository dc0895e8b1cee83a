// What something that is not understood (a program without a row, inline code) may do with what it names: with a file,
// read and write; with a host, send and fetch; with a shell or a command option, run. This only ever adds, beside `unknown`.

import type { Capability } from './capability.ts';
import { can, type Findings, LIMITS, unknown } from './findings.ts';
import { url } from './hosts.ts';
import { path } from './paths.ts';
import { literal, type Word } from './word.ts';

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i;
const HOST_LIKE =
  /^([\w.-]+@)?([a-z0-9-]+\.)+(com|net|org|io|dev|app|cloud|info|biz|co|us|uk|eu|de|fr|ru|cn|me|sh|xyz|test|example|invalid)(:\d+)?([/:].*)?$|^([\w.-]+@)?\d{1,3}(\.\d{1,3}){3}(:\d+)?$/i;
const SHELL = /^(\/[\w./-]*\/)?((ba|da|a|k|z|c|tc|fi)?sh|pwsh|cmd\.exe|powershell(\.exe)?)$/;
const RUNS =
  /^--?(e|x|exec\w*|command|cmd|run|eval\w*|script|hook|shell\w*|pager|editor|plugin|load\w*|rsh\S*|program)(=|$)/i;
const MAX_PIECES = 200;

export function opaque(found: Findings, words: readonly Word[]): void {
  for (const word of words.slice(0, MAX_PIECES)) {
    if (RUNS.test(word.text)) can(found, 'execute');
    evidence(found, word.text);
  }
  if (words.length > MAX_PIECES) unknown(found, 'tooMany');
}

// What options are called by nearly every program that has them.
const OPTION_HINTS: readonly (readonly [RegExp, Capability])[] = [
  [
    /^--?(out(put|file|dir)?|write|save|dump|log-?file|dest|in-?place|fix|init|update|overwrite|append|store|create|set|add|config-set)([-_=:A-Z].*)?$/,
    'write',
  ],
  [
    /^--?(exec|command|cmd|shell|script|run|hook|plugin|load|eval|pager|editor|rsh|preprocess|use-compress|filter-command|on-)([-_=a-zA-Z].*)?$/,
    'execute',
  ],
  [/^--?(delete|remove|purge|prune|clear|unlink|reset|wipe|erase|uninstall)([-_=].*)?$/, 'delete'],
  [/^--?(upload|send|post|push|publish)([-_=].*)?$/, 'upload'],
  [
    /^--?(password|passphrase|token|secret|api-?key|private-?key|credentials?)([-_=].*)?$/,
    'secret',
  ],
  [/^--?(setuid|privileged|as-root|sudo)([-_=].*)?$/, 'privilege'],
];

/** An option that a row does not list, of a program whose options are otherwise harmless. */
export function optionHints(found: Findings, option: string): void {
  for (const [pattern, capability] of OPTION_HINTS)
    if (pattern.test(option)) can(found, capability);
}

/** The paths, hosts and shells that stand in a text. */
export function evidence(found: Findings, text: string): void {
  const pieces = text.slice(0, LIMITS.text).split(/[\s'"`;,()<>|&{}[\]\\]+/, MAX_PIECES);
  for (const piece of pieces) thing(found, piece);
}

function thing(found: Findings, piece: string): void {
  const value = piece
    .replace(/^-{0,2}[\w.-]*=@?/, '')
    .replace(/^-[a-zA-Z](?=\/)/, '')
    .replace(/^@(?=[/.])/, '');
  if (value === '') return;
  if (SHELL.test(value)) can(found, 'execute');
  if (/^\/(inet[46]?|dev)\/(tcp|udp)(\/|$)/.test(value))
    return can(found, 'network', 'download', 'upload');
  if (URL_LIKE.test(value) || HOST_LIKE.test(value)) {
    can(found, 'download', 'upload');
    return url(found, literal(value));
  }
  if (/^([~.]{0,2}\/|[A-Za-z]:[\\/]).|^[\w.-]+\/[\w./-]+$|^[\w-]+\.[a-z0-9]{1,5}$/i.test(value)) {
    can(found, 'read', 'write');
    path(found, literal(value), 'rw');
  }
}
