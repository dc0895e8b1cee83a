// One command, word by word, against the row of its program: options, operands, subcommands, inner commands. A word
// that no row explains is unknown; a program without a row is opaque. The same path serves a shell's and a guard's argv.

import type { UnknownPart } from './capability.ts';
import { assignment, isAssignment } from './environment.ts';
import { type Findings, can, command, list, mark, mayParse, unknown } from './findings.ts';
import { opaque, optionHints } from './opaque.ts';
import { childOf, familyOf, specOf } from './programs.ts';
import { type Acting, act } from './roles.ts';
import type { Effects, Option, Role, Spec } from './spec.ts';
import { kinds, verb } from './verbs.ts';
import { lastPart, type Word } from './word.ts';

/** What feeds a command: nothing said, another command, or text that is known (a heredoc). */
export type Feed = 'inherited' | 'piped' | { readonly text: string };

export type State = {
  readonly found: Findings;
  readonly words: readonly Word[];
  readonly feed: Feed;
  readonly depth: number;
  at: number;
  path: string[];
  specs: Spec[];
  /** Operands with their roles, kept until the last one is known to be the last. */
  operands: { word: Word; role: Role }[];
  nextRole: Role | undefined;
  /** Operands that options have made superfluous. */
  skipped: number;
  turns: Role | undefined;
  ended: boolean;
  coded: boolean;
  wraps: boolean;
  acted: boolean;
};

const MAX_WORDS = 1000;

/** `words` starts with the program's name. */
export function commandFacts(
  found: Findings,
  words: readonly Word[],
  feed: Feed = 'inherited',
  depth = 0,
): void {
  const rest = withoutAssignments(found, words, depth);
  const [name] = rest;
  if (name === undefined) return;
  if (found.commandsLeft-- <= 0 || depth > 24 || rest.length > MAX_WORDS)
    return unknown(found, 'tooMany');
  if (!name.known) {
    unknown(found, 'variable');
    can(found, 'execute');
    return opaque(found, rest);
  }
  const program = familyOf(name.text);
  const trusted = location(found, name.text);
  const spec = program === undefined ? undefined : specOf(program);
  if (program === undefined || spec === undefined || !trusted) {
    if (!trusted) can(found, 'execute');
    unknown(found, 'program');
    if (spec === undefined) {
      command(found, [lastPart(name.text)]);
      return opaque(found, rest.slice(1));
    }
  }
  if (program === undefined || spec === undefined) return;
  run(
    {
      found,
      words: rest,
      feed,
      depth,
      at: 1,
      path: [program],
      specs: [],
      operands: [],
      nextRole: undefined,
      skipped: 0,
      turns: undefined,
      ended: false,
      coded: false,
      wraps: false,
      acted: false,
    },
    spec,
  );
}

/** Leading `NAME=value` words are for the command's environment. */
function withoutAssignments(
  found: Findings,
  words: readonly Word[],
  depth: number,
): readonly Word[] {
  let at = 0;
  for (let word = words[0]; word !== undefined && isAssignment(word); word = words[++at])
    assignment(found, word, depth);
  return words.slice(at);
}

/** A file that the agent can have put there is not the program whose name it has. */
function location(found: Findings, name: string): boolean {
  if (!/[/\\]/.test(name)) return true;
  return (
    /^(\/usr|\/opt|\/snap|\/nix|\/home\/linuxbrew|[A-Za-z]:[/\\](Windows|Program Files))?.*[/\\]s?bin[/\\][^/\\]+$/.test(
      name,
    ) &&
    /^([/\\]|[A-Za-z]:)/.test(name) &&
    !/^\/(tmp|var\/tmp|dev\/shm)\//.test(name) &&
    !(found.cwd !== undefined && found.cwd !== '/' && name.startsWith(`${found.cwd}/`))
  );
}

function run(state: State, spec: Spec): void {
  enter(state, spec);
  while (state.at < state.words.length) {
    const word = state.words[state.at++];
    if (word === undefined) break;
    if (!state.ended && word.text === '--' && word.known) state.ended = true;
    else if (!state.ended && isOption(state, word)) option(state, word);
    else if (state.at === 2 && spec.dashless) letters(state, { ...word, text: `-${word.text}` });
    else operand(state, word);
  }
  finish(state);
}

function enter(state: State, spec: Spec): void {
  state.specs.unshift(spec);
  effects(state.found, spec);
}

function isOption(state: State, word: Word): boolean {
  if (/^-./.test(word.text)) return word.text !== '--';
  return word.text.startsWith('+') && state.specs.some((spec) => spec.options.has(word.text));
}

function effects(found: Findings, what: Effects): void {
  can(found, ...what.capabilities);
  mark(found, ...what.marks);
}

const optionOf = (state: State, name: string): Option | undefined =>
  state.specs.map((spec) => spec.options.get(name)).find((option) => option !== undefined);

function option(state: State, word: Word): void {
  const { found } = state;
  const text = word.text;
  const equals = text.indexOf('=');
  const name = equals > 0 ? text.slice(0, equals) : text;
  const attached = equals > 0 ? { ...word, text: text.slice(equals + 1) } : undefined;
  if (/^--(version|help)$/.test(text) && state.words.length === 2) {
    state.acted = true;
    return can(found, 'read');
  }
  const exact = optionOf(state, name);
  if (exact) return take(state, exact, attached);
  if (text.startsWith('--')) {
    const like = longOptions(state, name);
    if (like.length > 0) for (const each of like) take(state, each, attached);
    else strange(state, word, 'option');
    return;
  }
  letters(state, word);
}

/** GNU programs take any unambiguous beginning of a long option; where it is ambiguous, all of them count. */
function longOptions(state: State, name: string): Option[] {
  if (name.length < 4) return [];
  return state.specs.flatMap((spec) =>
    [...spec.options].filter(([full]) => full.startsWith(name)).map(([, option]) => option),
  );
}

/** `-abc`: flags in one word, up to the first that takes a value, whose value is the rest of the word. */
const MAX_LETTERS = 64;

function letters(state: State, word: Word): void {
  const text = word.text;
  if (/^-\d+$/.test(text)) return;
  for (let at = 1; at < Math.min(text.length, MAX_LETTERS); at++) {
    const option = optionOf(state, `-${text[at]}`);
    if (!option) {
      if (state.specs[0]?.lenient === true) continue;
      return strange(state, word, 'option');
    }
    const rest = text.slice(at + 1).replace(/^=/, '');
    if (option.attached) return take(state, option, undefined);
    if (option.values.length > 0)
      return take(state, option, rest === '' ? undefined : { ...word, text: rest });
    take(state, option, undefined);
  }
}

function take(state: State, option: Option, attached: Word | undefined): void {
  effects(state.found, option);
  if (asks(option)) state.acted = true;
  if (option.skips) state.skipped = 1;
  state.turns = option.turns ?? state.turns;
  if (option.next) {
    state.nextRole = option.values[0];
    return;
  }
  for (const [index, role] of option.values.entries()) {
    const value = index === 0 && attached !== undefined ? attached : state.words[state.at];
    if (role === 'cmd' || role === 'cmd;') {
      inner(state, role, attached);
    } else if (value !== undefined) {
      if (value !== attached) state.at++;
      apply(state, value, role, true);
    } else if (role !== 'any') unknown(state.found, 'option');
  }
}

/** `--version`: an option that is all there is to do, and only reads. */
const asks = ({ capabilities, marks, values, attached }: Option): boolean =>
  capabilities.length === 1 &&
  capabilities[0] === 'read' &&
  marks.length + values.length === 0 &&
  !attached;

/** What an option has made of the operands. */
function turn({ turns }: State, role: Role): Role {
  if (turns === undefined) return role;
  return turns === 'any' || role === 'r' || role === 'edit' ? turns : role;
}

/** What a row does not explain changes nothing only where the row says so. */
function strange(state: State, word: Word, part: UnknownPart): void {
  if (part === 'option' && state.specs[0]?.lenient === true)
    return optionHints(state.found, word.text);
  unknown(state.found, part);
  opaque(state.found, [word]);
}

function operand(state: State, word: Word): void {
  const [spec] = state.specs;
  if (spec === undefined) return;
  if (spec.sub && state.nextRole === undefined) return subcommand(state, word);
  if (spec.verbs) {
    if (!word.known) unknown(state.found, 'variable');
    const before = state.operands.map((each) => each.word.text);
    const child = word.known ? childOf([...state.path, ...before], word.text) : undefined;
    if (child === undefined) state.operands.push({ word, role: 'any' });
    else {
      state.path.push(...before, child.name);
      state.operands = [];
      enter(state, child.spec);
    }
    return;
  }
  const place = Math.min(state.operands.length + state.skipped, spec.operands.length - 1);
  const role = turn(state, state.nextRole ?? spec.operands[place] ?? 'none');
  state.nextRole = undefined;
  if (role === 'cmd' || role === 'cmd;' || role === 'rcmd') {
    state.at--;
    if (state.coded) state.at = state.words.length;
    else inner(state, role, undefined);
    return;
  }
  const now = role === 'sh' || role === 'shx';
  if (now) apply(state, word, role, true);
  state.operands.push({ word, role: now ? 'any' : role });
}

function subcommand(state: State, word: Word): void {
  const child = word.known ? childOf(state.path, word.text) : undefined;
  if (child) {
    state.path.push(child.name);
    return enter(state, child.spec);
  }
  unknown(state.found, word.known ? 'subcommand' : 'variable');
  state.path.push(word.known ? word.text : '?');
  state.acted = true;
  opaque(state.found, state.words.slice(state.at));
  state.at = state.words.length;
}

/** The rest of the words are a command of their own. */
function inner(state: State, role: 'cmd' | 'cmd;' | 'rcmd', attached: Word | undefined): void {
  const rest = state.words.slice(state.at);
  const end = role === 'cmd;' ? rest.findIndex((word) => /^(;|\+|\\;)$/.test(word.text)) : -1;
  const words = [...(attached ? [attached] : []), ...(end < 0 ? rest : rest.slice(0, end))];
  state.at = end < 0 ? state.words.length : state.at + end + 1;
  state.wraps = true;
  state.acted = true;
  if (words.length === 0) return;
  const feed = state.path[0] === 'xargs' ? 'inherited' : state.feed;
  if (role === 'rcmd') {
    const joined = words.map((word) => word.text).join(' ');
    const text = { text: joined, known: words.every((word) => word.known), pattern: false };
    return apply(state, text, 'sh', true);
  }
  const extra = state.path[0] === 'xargs' || state.path[0] === 'parallel';
  const fed = extra ? [...words, { text: '$', known: false, pattern: false }] : words;
  commandFacts(state.found, fed, feed, state.depth + 1);
}

function apply(state: State, word: Word, role: Role, isValue: boolean): void {
  const acting: Acting = { found: state.found, depth: state.depth, path: state.path };
  if (!['any', 'host', 'opt', 'set', 'mode', 'none'].includes(role) && !isValue) state.acted = true;
  if (['sh', 'shx', 'code', 'awk', 'sed', 'sql', 'psql', 'lite', 'my'].includes(role)) {
    state.coded = true;
    state.acted = true;
    if (role === 'sh' || role === 'shx') state.wraps = true;
  }
  act(acting, word, role);
}

function finish(state: State): void {
  const { found, operands } = state;
  const [spec] = state.specs;
  if (spec?.verbs === true) {
    const [program = '?', ...nouns] = state.path;
    state.path = [program, ...verb(found, [...nouns, ...operands.map(({ word }) => word.text)])];
  }
  if (state.specs.some((each) => each.nouns))
    kinds(
      found,
      operands.map(({ word }) => word.text),
      state.path.at(-1) ?? '',
    );
  const last = spec?.last;
  for (const [index, { word, role }] of operands.entries()) {
    const isLast = last !== undefined && operands.length > 1 && index === operands.length - 1;
    const turned = turn(state, role);
    apply(state, word, isLast ? last : turned, false);
  }
  if (!state.acted && spec?.bare) bare(state, spec.bare);
  if (state.wraps) list(found, 'wrappers', state.path[0] ?? '?');
  else command(found, state.path);
}

/** Nothing to act on: what it does comes from its terminal, its input, or what it does by default. */
function bare(state: State, what: Effects): void {
  effects(state.found, what);
  if (!what.marks.includes('interactive') || state.feed === 'inherited') return;
  mark(state.found, 'inlineCode');
  if (state.feed === 'piped') return unknown(state.found, 'stdin');
  if (!mayParse(state.found, 0)) return;
  const spec = state.specs[0];
  const text = { text: state.feed.text, known: true, pattern: false };
  const role = spec?.options.get('<')?.values[0];
  if (role === undefined) return unknown(state.found, 'code');
  apply(state, text, role, true);
}
