// Which facts there are, their Cedar types, and what stands in for those that another kind of action has: the one table.
// A fact that is not here, of another type, or missing where its kind has it, is refused, never guessed.

import { fail, ok, type Result } from '../../../shared/result.ts';
import { CAPABILITIES, UNKNOWN_PARTS } from '../facts/capability.ts';
import type { Facts } from '../policy.ts';

type Kind = 'exec' | 'http' | 'mcp' | 'tool';
type FactValue = Facts[string];

export type Member = {
  readonly type: 'String' | 'Long' | 'Bool' | 'Set<String>';
  /** Absent: every kind has it. */
  readonly only?: readonly Kind[];
  /** Only where the target is labelled; it is then the resource's, not the context's. */
  readonly label?: true;
  /** A closed list: rules that name another value are refused at load. */
  readonly words?: readonly string[];
  /** For people: what it means that the fact is so. */
  readonly says?: string;
};

const KINDS: readonly Kind[] = ['exec', 'http', 'mcp', 'tool'];
const bool = (says: string): Member => ({ type: 'Bool', says });
const text: Member = { type: 'String' };
const list: Member = { type: 'Set<String>' };

export const MEMBERS: Readonly<Record<string, Member>> = {
  kind: { type: 'String', words: KINDS },
  capabilities: { type: 'Set<String>', words: CAPABILITIES },
  unknown: bool('part of it is not understood'),
  unknownParts: { type: 'Set<String>', words: UNKNOWN_PARTS },
  program: text,
  command: text,
  subcommand: text,
  commands: list,
  wrappers: list,
  inlineCode: bool('it carries program code in its own words'),
  interactive: bool('it takes its orders from somewhere nobody has seen'),
  force: bool('it switches the program’s own safety off'),
  recursive: bool('it acts on a whole tree'),
  dryRun: bool('it says that it would change nothing'),
  wildcard: bool('it names things by a pattern'),
  outside: bool('it names a path outside the working folder'),
  systemPath: bool('it names a system path'),
  homeDot: bool('it names a dot file of a home folder'),
  secretPath: bool('it names a file that holds secrets'),
  rootPath: bool('it names the whole disk'),
  writesOutside: bool('it changes something outside the working folder'),
  hosts: list,
  publicHost: bool('it names a host on the public network'),
  sql: bool('it carries SQL'),
  sqlVerbs: list,
  sqlTables: list,
  sqlWhere: bool('its SQL has a WHERE throughout'),
  sqlDdl: bool('its SQL changes the schema'),
  sqlUnbounded: bool('its SQL changes or drops without a WHERE'),
  sqlStatements: { type: 'Long' },
  sqlUnknown: bool('its SQL is not understood'),
  arguments: { type: 'Long', only: ['exec'] },
  script: { type: 'Bool', only: ['exec'] },
  root: { type: 'Bool', only: ['exec'], says: 'it runs as root' },
  secrets: { type: 'Long', only: ['exec'] },
  inputBound: { type: 'Bool', only: ['exec'] },
  method: { type: 'String', only: ['http'] },
  scheme: { type: 'String', only: ['http'], words: ['http', 'https'] },
  host: { type: 'String', only: ['http'] },
  port: { type: 'Long', only: ['http'] },
  safeMethod: { type: 'Bool', only: ['http'] },
  privateHost: { type: 'Bool', only: ['http'] },
  body: { type: 'Bool', only: ['http'] },
  server: { type: 'String', only: ['mcp'] },
  runtime: { type: 'String', only: ['tool'] },
  tool: { type: 'String', only: ['mcp', 'tool'] },
  environment: { type: 'String', label: true },
  dataClass: { type: 'String', label: true },
};

/** What a rule sees of a fact that this kind of action does not have: nothing, no, none. */
const ABSENT: { readonly [T in Member['type']]: FactValue } = {
  String: '',
  Long: 0,
  Bool: false,
  'Set<String>': [],
};

/** Every member of the Cedar context that comes from facts. */
export function contextOf(facts: Facts): Result<Readonly<Record<string, FactValue>>, 'facts'> {
  const kind = KINDS.find((one) => one === facts['kind']);
  if (kind === undefined) return fail('facts', 'the facts have no kind that this version knows');
  const stray = Object.keys(facts).find((name) => !Object.hasOwn(MEMBERS, name));
  if (stray !== undefined)
    return fail('facts', `there is a fact that policy does not know: ${stray}`);
  const context: Record<string, FactValue> = {};
  for (const [name, member] of Object.entries(MEMBERS)) {
    const value = facts[name];
    const fault = faultOf(name, member, kind, value);
    if (fault !== undefined) return fail('facts', fault);
    if (member.label !== true) context[name] = value ?? ABSENT[member.type];
  }
  return ok(context);
}

function faultOf(
  name: string,
  member: Member,
  kind: Kind,
  value: FactValue | undefined,
): string | undefined {
  const has = member.only === undefined || member.only.includes(kind);
  if (value === undefined)
    return has && member.label !== true ? `the fact ${name} is missing` : undefined;
  if (!has) return `an action of kind ${kind} has no fact ${name}`;
  if (typeOf(value) !== member.type) return `the fact ${name} is not a ${member.type}`;
  const stray = member.words && [value].flat().find((one) => !member.words?.includes(String(one)));
  return stray === undefined ? undefined : `the fact ${name} has a value that policy does not know`;
}

const typeOf = (value: FactValue): Member['type'] => {
  if (typeof value === 'string') return 'String';
  if (typeof value === 'number') return 'Long';
  return typeof value === 'boolean' ? 'Bool' : 'Set<String>';
};
