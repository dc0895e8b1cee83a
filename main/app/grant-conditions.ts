// Conditions that a card suggests for a grant, from the facts of its own request: the closest that Cedar can say to "the same
// kind of thing". Each is read back and held against that very request before anybody sees it.

import type { GrantForm } from '../../shared/ipc/grants.ts';
import type { Request } from '../../shared/statement/request.ts';
import { conditionHolds } from '../policy/cedar/condition.ts';
import { circumstancesOf, type Facts, type Policy } from '../policy/policy.ts';

type Suggested = GrantForm['conditions'][number];

/** A name that needs no escape in Cedar's text. */
const PLAIN = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
/** What the request does not do, no later one may. */
const NEVER = ['outside', 'systemPath', 'recursive', 'force', 'wildcard', 'publicHost'] as const;

export function suggestConditions(
  { facts, evaluatedAt, ...request }: Request,
  policy: Policy,
): Suggested[] {
  const same = sameKind(facts);
  if (same === undefined) return [];
  const places = placesOf(facts);
  const all: Suggested[] = [
    ...(places === undefined
      ? []
      : [{ when: `${same} && ${places.when}`, says: `The same kind of action ${places.says}` }]),
    { when: same, says: 'The same kind of action, anywhere it does not leave its folder' },
  ];
  const by = circumstancesOf(request);
  return all.filter(({ when }) => {
    const said = conditionHolds(when, policy, facts, evaluatedAt, by);
    return said.ok && said.value;
  });
}

/** The same commands, no other capability, and nothing that this one does not do. */
function sameKind(facts: Facts): string | undefined {
  const parts = [
    isText(facts['kind']) ? `context.kind == "${facts['kind']}"` : undefined,
    within(facts, 'commands'),
    within(facts, 'capabilities'),
    ...['runtime', 'tool', 'server'].map((name) => equals(facts, name)),
    ...NEVER.map((name) => (facts[name] === false ? `!context.${name}` : undefined)),
  ];
  const found = parts.filter((part) => part !== undefined);
  return within(facts, 'capabilities') === undefined ? undefined : found.join(' && ');
}

function placesOf(facts: Facts): { readonly when: string; readonly says: string } | undefined {
  const tables = within(facts, 'sqlTables');
  if (tables !== undefined) return { when: tables, says: 'on the same tables' };
  const hosts = within(facts, 'hosts');
  return hosts === undefined ? undefined : { when: hosts, says: 'on the same hosts' };
}

/** None but these. */
function within(facts: Facts, name: string): string | undefined {
  const found = facts[name];
  if (!Array.isArray(found) || found.length === 0 || !found.every((one) => PLAIN.test(one)))
    return undefined;
  return `[${found.map((one) => `"${one}"`).join(', ')}].containsAll(context.${name})`;
}

function equals(facts: Facts, name: string): string | undefined {
  const found = facts[name];
  return isText(found) ? `context.${name} == "${found}"` : undefined;
}

const isText = (value: Facts[string] | undefined): value is string =>
  typeof value === 'string' && PLAIN.test(value);
