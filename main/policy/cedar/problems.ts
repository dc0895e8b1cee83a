// What is wrong with a policy file, for the person who wrote it: a place, one clear sentence, a hint. Cedar's own messages
// are turned into the same voice where they are known, and shown as they are where they are not.

import { CHECK_NAMES } from '../../../shared/domain/policy.ts';
import { nearest } from './nearest.ts';
import { MEMBERS } from './members.ts';
import { type Place, placeOf, unitsOf } from './split.ts';
import type { DetailedError } from './wasm.ts';

export type Problem = Place & {
  /** In UTF-16 units from the start of the file. */
  readonly start: number;
  readonly end: number;
  readonly says: string;
  readonly hint?: string;
  /** The rule's name, where it has one. */
  readonly rule?: string;
};

export type Span = { readonly start: number; readonly end: number };

export function problemAt(
  text: string,
  span: Span,
  says: string,
  more: { readonly hint?: string | undefined; readonly rule?: string | undefined } = {},
): Problem {
  return {
    ...placeOf(text, span.start),
    ...span,
    says,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.rule === undefined || more.rule === '' ? {} : { rule: more.rule }),
  };
}

/** From the beginning of what is marked to the end of the name that is wrong in it. */
export function narrowed(text: string, { start, end }: Span, name: string | undefined): Span {
  const at = name === undefined ? -1 : text.slice(start, end).indexOf(name);
  return { start, end: name === undefined || at < 0 ? end : start + at + name.length };
}

/** The first place that Cedar names, in the text it was given; all of the text where it names none. */
export function spanOf(text: string, error: DetailedError): Span {
  const [found] = error.sourceLocations ?? [];
  if (found === undefined) return { start: 0, end: text.length };
  return { start: unitsOf(text, found.start), end: unitsOf(text, found.end) };
}

type Words = {
  readonly says: string;
  readonly hint?: string | undefined;
  /** The name in the text that is wrong, where Cedar marks more than it. */
  readonly name?: string;
};

/** Cedar's message in our words. The patterns are those of Cedar 4.13; an unknown one keeps its own text. */
export function wordsOf(error: DetailedError): Words {
  const message = error.message
    .replace(/^failed to parse polic(y|ies)( with id `[^`]*`)? from string: /, '')
    .replace(/^for policy `[^`]*`, /, '');
  for (const [pattern, say] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return say(found.slice(1), error);
  }
  const help = error.help?.replace(/^for policy `[^`]*`, /, '');
  return { says: lower(message), hint: help };
}

const KNOWN: readonly (readonly [RegExp, (found: string[], error: DetailedError) => Words])[] = [
  [
    /^attribute `(.+)` in context for Action::"(.+)" not found$/,
    ([name = '', action = '']) => unknownFact(name, action),
  ],
  [
    /^attribute `(.+)` on entity type `(.+)` not found$/,
    ([name = '', type = ''], error) => ({
      says: `${article(type)} has no attribute "${name}"`,
      name,
      hint: hintOf(error),
    }),
  ],
  [
    /^unrecognized action `Action::"(.*)"`$/,
    ([name = '']) => ({
      says: `there is no action "${name}"`,
      hint: 'actions: exec, http, mcp, tool, and approve',
    }),
  ],
  [
    /^unrecognized entity type `(.+)`$/,
    ([name = ''], error) => ({
      says: `there is no type ${name}`,
      hint: hintOf(error) ?? 'types: Agent, Target, Person, Group, Request',
    }),
  ],
  [
    /^unexpected type: expected (.+) but saw (.+)$/,
    ([expected = '', saw = '']) => ({
      says: `this needs ${typeSays(expected)}, and is ${typeSays(saw)}`,
    }),
  ],
  [
    /^the types (.+) and (.+) are not compatible$/,
    ([left = '', right = '']) => ({
      says: `this compares ${typeSays(left)} with ${typeSays(right)}`,
    }),
  ],
  [
    /^unexpected token `(.+)`$/s,
    ([token = ''], error) => ({ says: `did not expect ${token} here`, hint: expected(error) }),
  ],
  [
    /^unexpected end of input$/,
    (_, error) => ({ says: 'the file ends in the middle of a rule', hint: expected(error) }),
  ],
  [
    /^policy is impossible/,
    () => ({ says: 'this rule can never apply: its conditions exclude each other' }),
  ],
  [
    /^unable to find an applicable action/,
    () => ({
      says: 'this rule can never apply: nothing has such a principal, action and resource',
    }),
  ],
  [
    /^invalid policy effect: (.+)$/,
    ([word = '']) => ({ says: `a rule is permit or forbid, not ${word}` }),
  ],
  [
    /^static policy set includes a template/,
    () => ({ says: 'templates (?principal, ?resource) are not used here' }),
  ],
  [
    /^duplicate annotation: @(.+)$/,
    ([name = '']) => ({ says: `@${name} stands twice on this rule` }),
  ],
  [
    /^invalid token$/,
    () => ({ says: 'a string or a symbol here is not complete', hint: 'is every " closed?' }),
  ],
  [
    /^invalid variable: (.+)$/,
    ([word = '']) => ({
      says: `"${word}" is not a variable`,
      hint:
        Object.hasOwn(MEMBERS, word) || word === 'approved'
          ? `write context.${word}`
          : 'facts are written context.NAME',
    }),
  ],
];

/** What else a rule can name in its context (schema.ts). */
const OTHER_NAMES =
  'approved checks guard now mode passed failed applies at hour minute weekday date sameHost ownAction solo'.split(
    ' ',
  );

function unknownFact(name: string, action: string): Words {
  const last = name.split('.').at(-1) ?? name;
  if (action === 'approve' && (Object.hasOwn(MEMBERS, last) || last === 'approved'))
    return {
      says: `this rule is also asked about people who decide, where there is no fact "${last}"`,
      hint: 'begin it with (principal is Agent, action, resource)',
    };
  const names = [...Object.keys(MEMBERS), ...CHECK_NAMES, ...OTHER_NAMES];
  const label = MEMBERS[last]?.label === true;
  const meant = nearest(last, names);
  return {
    says: `there is no fact "${name}"`,
    name,
    hint: label
      ? `write resource.${last}`
      : meant === undefined
        ? undefined
        : `did you mean ${meant}?`,
  };
}

const article = (type: string): string => `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;

const hintOf = (error: DetailedError): string | undefined =>
  error.help?.replace(/^did you mean `(.+)`\?$/, 'did you mean $1?');

/** Cedar lists everything that could stand there; more than a few is no help. */
function expected(error: DetailedError): string | undefined {
  const label = error.sourceLocations?.[0]?.label ?? '';
  const found = [...label.matchAll(/`([^`]+)`|\b(identifier|string literal)\b/g)];
  const words = found.map((one) => one[1] ?? one[2] ?? '');
  const signs = words.filter((word) => word !== 'identifier' || words.length === 1);
  if (signs.length > 0 && signs.length <= 3) return `expected ${signs.join(' or ')}`;
  return words.includes(',') ? 'is a comma or a bracket missing before it?' : undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  Bool: 'yes or no',
  Long: 'a number',
  String: 'text',
  'Set<String>': 'a list of texts',
  'Set<Long>': 'a list of numbers',
  datetime: 'a time',
};
const typeSays = (type: string): string => TYPES[type] ?? type;

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
