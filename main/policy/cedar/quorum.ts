// Who must approve, from the words of `@require`, and how several rules' demands become one: all of them at once, at
// least and never exactly, each person in one slot.

import { ANYONE } from '../../../shared/domain/approval.ts';
import { atLeast, type Tier } from '../../../shared/domain/tier.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Need } from '../../../shared/statement/request.ts';

const SLOT = /^([1-9][0-9]?) of ([A-Za-z0-9][A-Za-z0-9._@-]{0,95})$/;
const MAX_PEOPLE = 16;

/** `1 of dba and 1 of security`: one need a group. */
export function parseRequire(text: string): Result<readonly Need[], 'require'> {
  const needs: Need[] = [];
  for (const part of text.split(' and ')) {
    const found = SLOT.exec(part.trim());
    const [count, group] = [Number(found?.[1]), found?.[2]];
    if (group === undefined)
      return fail('require', `"${part.trim()}" is not like "1 of dba and 1 of security"`);
    if (needs.some((need) => need.group === group))
      return fail('require', `${group} is named twice: write one number for it`);
    needs.push({ group, count });
  }
  return peopleIn(needs) <= MAX_PEOPLE
    ? ok(needs)
    : fail('require', `it asks for more than ${MAX_PEOPLE} people`);
}

export const peopleIn = (needs: readonly Need[]): number =>
  needs.reduce((sum, need) => sum + need.count, 0);

/** A rule that says nothing asks for one person; `critical` for two (the design's table of gestures). */
export const defaultNeeds = (tier: Tier): readonly Need[] => [
  { group: ANYONE, count: tier === 'critical' ? 2 : 1 },
];

/**
 * What satisfies every one of them. Each group's largest number, and as many further people, from any group, as the
 * largest of them needs in all: "1 of dba" with "1 of anyone" is one person, with "2 of anyone" it is two.
 */
export function composeNeeds(all: readonly (readonly Need[])[], tier: Tier): readonly Need[] {
  const demands = atLeast(tier, 'critical') ? [...all, defaultNeeds('critical')] : all;
  const named = new Map<string, number>();
  for (const { group, count } of demands.flat())
    if (group !== ANYONE) named.set(group, Math.max(named.get(group) ?? 0, count));
  const needs = [...named]
    .map(([group, count]) => ({ group, count }))
    .sort((left, right) => (left.group < right.group ? -1 : 1));
  const others = Math.max(0, ...demands.map(peopleIn)) - peopleIn(needs);
  if (others > 0) needs.push({ group: ANYONE, count: others });
  return needs.length > 0 ? needs : defaultNeeds(tier);
}
