// What has been found in one action so far. Things are only ever added: nothing that is found later takes away what was
// found before, so no part of a command can hide another. Every list has an end, and its end is a finding too.

import { utf8 } from '../../../shared/bytes.ts';
import { cleanText } from '../../../shared/statement/text.ts';
import type { Capability, Mark, UnknownPart } from './capability.ts';

/** Bounds of one action: text that is parsed, commands, nested scripts and statement lists, in all. */
export const LIMITS = {
  text: 8 * 1024,
  commands: 200,
  statements: 24,
  paths: 400,
  room: 1600,
  depth: 8,
  name: 64,
} as const;
const LISTS = { commands: 24, wrappers: 12, hosts: 8, sqlVerbs: 12, sqlTables: 12 } as const;

export type List = keyof typeof LISTS;

/** Reads text as a shell would, at this depth of texts within texts. */
export type ShellReader = (found: Findings, text: string, depth: number) => void;

export type Findings = {
  readonly shell: ShellReader;
  readonly cwd: string | undefined;
  readonly capabilities: Set<Capability>;
  readonly unknownParts: Set<UnknownPart>;
  readonly marks: Set<Mark>;
  readonly lists: Readonly<Record<List, Set<string>>>;
  /** The first command that is not only a wrapper of another. */
  first: { readonly program: string; readonly subcommand: string } | undefined;
  sqlStatements: number;
  /** Statements that a WHERE could bound, and how many of them have one. */
  sqlBoundable: number;
  sqlBounded: number;
  /** SQL texts that may still be parsed. */
  statementsLeft: number;
  /** Bytes that lists may still grow by: facts are signed into the request. */
  room: number;
  pathsLeft: number;
  textLeft: number;
  commandsLeft: number;
};

/** `cwd`: the working folder, undefined where its path is not plain text. `shell`: what reads the shell text found within. */
export function noFindings(cwd: string | undefined, shell: ShellReader): Findings {
  const lists = {
    commands: set(),
    wrappers: set(),
    hosts: set(),
    sqlVerbs: set(),
    sqlTables: set(),
  };
  return {
    shell,
    cwd,
    capabilities: new Set(),
    unknownParts: new Set(),
    marks: new Set(),
    lists,
    first: undefined,
    sqlStatements: 0,
    sqlBoundable: 0,
    sqlBounded: 0,
    statementsLeft: LIMITS.statements,
    room: LIMITS.room,
    pathsLeft: LIMITS.paths,
    textLeft: LIMITS.text,
    commandsLeft: LIMITS.commands,
  };
}

const set = (): Set<string> => new Set();

export function can(found: Findings, ...capabilities: readonly Capability[]): void {
  for (const capability of capabilities) found.capabilities.add(capability);
}

export function unknown(found: Findings, part: UnknownPart): void {
  found.capabilities.add('unknown');
  found.unknownParts.add(part);
}

/** Text that a shell would read; `depth`: how many texts it was found within. */
export const shellText = (found: Findings, text: string, depth = 0): void =>
  found.shell(found, text, depth);

export function mark(found: Findings, ...marks: readonly Mark[]): void {
  for (const each of marks) found.marks.add(each);
}

/** Names as they may stand in a signed statement: clean and short; '?' for any other. */
export const nameOf = (text: string): string =>
  text !== '' && text.length <= LIMITS.name && utf8(text).length <= LIMITS.name && cleanText(text)
    ? text
    : '?';

export function list(found: Findings, name: List, value: string): void {
  const values = found.lists[name];
  const short = nameOf(value);
  if (values.has(short)) return;
  // With its quotes and comma.
  const room = found.room - utf8(short).length - 3;
  if (values.size >= LISTS[name] || room < 0) return unknown(found, 'tooMany');
  found.room = room;
  values.add(short);
}

export function command(found: Findings, path: readonly string[]): void {
  const [program = '?', ...rest] = path.map(nameOf);
  const subcommand = rest.length === 0 ? '' : nameOf(rest.join(' '));
  list(found, 'commands', [program, ...rest].join(' '));
  found.first ??= { program, subcommand };
}

/** False, and a finding, once `length` more characters would be more than one action may make us parse. */
export function mayParse(found: Findings, length: number): boolean {
  found.textLeft -= length;
  if (found.textLeft >= 0) return true;
  unknown(found, 'tooLong');
  return false;
}
