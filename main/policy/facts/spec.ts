// The rows of the program tables, as written and as read. A row is words:
//   read                what the program can do whenever it runs
//   !interactive        a mark that it always has
//   @r @any,cmd @r..w   what its operands are; the last repeats; `..w` is the role of the very last of several
//   -o/--output=w       an option with a value of that role; `=r,w` two values; `=?` a value only after `=` or attached
//   -f+delete!force     an option that adds a capability and a mark
//   -c=^sh              an option that gives the next operand a role
//   -e=any~             with it, there is no first operand: what would be the second comes first
//   -i@rw               with it, operands that would be read have another role
//   -*                  options that are not listed change nothing
//   <=sh                what its standard input is, where that is known
//   0:+execute          what is added when it is given nothing to act on
//   sub, verbs          its first operands are a subcommand with a row of its own; words of which one is a verb
//   nouns               its operands are kinds of objects: `get secret`
//   dashless            its first word is letters of options: `tar xf`
//   >name               the same as another row

import { invariant } from '../../../shared/result.ts';
import { type Capability, isCapability, isMark, type Mark } from './capability.ts';

export const ROLES = [
  'any',
  'none',
  'r',
  'w',
  'd',
  'p',
  'x',
  'rw',
  'url',
  'host',
  'remote',
  'cmd',
  'cmd;',
  'rcmd',
  'sh',
  'shx',
  'code',
  'awk',
  'sed',
  'sql',
  'psql',
  'lite',
  'my',
  'opt',
  'kv',
  'set',
  'body',
  'mode',
  'opaque',
  'addr',
  'ref',
  'edit',
] as const;
export type Role = (typeof ROLES)[number];

export type Effects = {
  readonly capabilities: readonly Capability[];
  readonly marks: readonly Mark[];
};
export type Option = Effects & {
  readonly values: readonly Role[];
  /** A value only when attached. */
  readonly attached: boolean;
  /** The role is for the next operand, not for a value. */
  readonly next: boolean;
  readonly skips: boolean;
  readonly turns: Role | undefined;
};
export type Spec = Effects & {
  readonly operands: readonly Role[];
  readonly last: Role | undefined;
  readonly options: ReadonlyMap<string, Option>;
  readonly lenient: boolean;
  readonly bare: Effects | undefined;
  readonly sub: boolean;
  readonly verbs: boolean;
  /** The first operand is letters of options: `tar xf`. */
  readonly dashless: boolean;
  /** Its operands are kinds of objects, some of which are secrets or rights. */
  readonly nouns: boolean;
};

export type Table = Readonly<Record<string, string>>;

export function readRow(row: string): Spec {
  const tokens = row.split(/\s+/).filter((token) => token !== '');
  const options = new Map<string, Option>();
  const base = { capabilities: [] as Capability[], marks: [] as Mark[] };
  const out = { lenient: false, sub: false, verbs: false, dashless: false, nouns: false };
  let bare: Effects | undefined;
  let operands: Roles = { list: ['none'], last: undefined };
  for (const token of tokens) {
    if (token === '-*') out.lenient = true;
    else if (token === 'sub' || token === 'verbs' || token === 'dashless' || token === 'nouns')
      out[token] = true;
    else if (/^[-+<]/.test(token)) readOption(options, token);
    else if (token.startsWith('@')) operands = readRoles(token.slice(1));
    else if (token.startsWith('0:')) bare = readEffects(token.slice(2));
    else if (token.startsWith('!')) base.marks.push(...readEffects(token).marks);
    else base.capabilities.push(...readEffects(`+${token}`).capabilities);
  }
  return { ...base, ...out, bare, options, operands: operands.list, last: operands.last };
}

type Roles = { readonly list: readonly Role[]; readonly last: Role | undefined };

function readRoles(text: string): Roles {
  const [list = '', last] = text.split('..');
  return { list: list.split(',').map(roleOf), last: last === undefined ? undefined : roleOf(last) };
}

function roleOf(name: string): Role {
  const role = ROLES.find((each) => each === name);
  invariant(role, `no role ${name}`);
  return role;
}

const OPTION = /^([^=!+~@]*)(?:=(\?|\^?[a-z;,]+))?((?:[+!][a-zA-Z]+)*)(~)?(?:@([a-z]+))?$/;

function readOption(options: Map<string, Option>, token: string): void {
  const match = OPTION.exec(token.replace(/^\+/, '\u0001'));
  invariant(match, `not an option: ${token}`);
  const [, names = '', roles = '', effects = '', skip, turn] = match;
  const attached = roles === '?';
  const next = roles.startsWith('^');
  const values = attached || roles === '' ? [] : roles.replace('^', '').split(',').map(roleOf);
  const skips = skip !== undefined;
  const turns = turn === undefined ? undefined : roleOf(turn);
  const option = { ...readEffects(effects), values, attached, next, skips, turns };
  for (const name of names.replace('\u0001', '+').split('/')) options.set(name, option);
}

export function readEffects(text: string): Effects {
  const capabilities: Capability[] = [];
  const marks: Mark[] = [];
  invariant(/^([+!][a-zA-Z]+)*$/.test(text), `not effects: ${text}`);
  for (const [, sign, word = ''] of text.matchAll(/([+!])([a-zA-Z]+)/g)) {
    if (sign === '+' && isCapability(word)) capabilities.push(word);
    else if (sign === '!' && isMark(word)) marks.push(word);
    else invariant(false, `no word ${word}`);
  }
  return { capabilities, marks };
}
