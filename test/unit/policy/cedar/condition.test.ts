// The condition of a grant: one Cedar condition, and no way out of it.

import { describe, expect, test } from 'vitest';
import { conditionHolds, readCondition } from '../../../../main/policy/cedar/condition.ts';
import { factsUnder } from '../../../../main/policy/facts.ts';
import { circumstancesOf, holdEverything } from '../../../../main/policy/policy.ts';
import { EXEC, requestOf } from '../../statement/view-samples.ts';

const POLICY = holdEverything();
const REQUEST = requestOf(EXEC);
const FACTS = factsUnder(POLICY, EXEC);
const command = String(FACTS['command']);
const AT = '2026-11-22T10:00:00.000Z';

const holds = (text: string, facts = FACTS) =>
  conditionHolds(text, POLICY, facts, AT, circumstancesOf(REQUEST));

describe('a condition', () => {
  test('holds or does not, by the facts of the action', () => {
    const only = (name: string): string => `["${name}"].containsAll(context.commands)`;
    expect(holds(only(command))).toEqual({ ok: true, value: true });
    expect(holds(only(`${command}x`))).toEqual({ ok: true, value: false });
    expect(holds(`${only(command)} && context.root`)).toEqual({
      ok: true,
      value: FACTS['root'],
    });
  });

  test('is asked with nobody’s approval', () => {
    expect(holds('context.approved')).toMatchObject({ ok: false, code: 'condition' });
    expect(holds('context.approved || context.root')).toMatchObject({ ok: false });
  });

  test.each([
    ['another rule', 'context.root };permit (principal is Agent, action, resource) when { true'],
    ['another rule, after a line', 'context.root }; permit (principal, action, resource); //'],
    ['another clause', 'context.root } when { context.outside'],
    ['an exception', 'context.root } unless { context.outside'],
    [
      'an annotation',
      'context.root };@id("x") permit (principal is Agent, action, resource) when {true',
    ],
    ['a comment', 'context.root // && context.dryRun'],
    ['a brace too many', 'context.root }'],
    ['a brace too few', '{ context.root'],
    ['two lines', 'context.root\n|| true'],
    ['nothing', '   '],
    ['a thousand and one characters', `context.root${' '.repeat(1000)}`],
    ['a fact that there is none of', 'context.rooot'],
    ['a word that no fact is', 'context.capabilities.contains("delte")'],
    ['a person', 'principal == Person::"maya"'],
    ['a number where it takes yes or no', 'context.arguments'],
    ['no fact at all', 'true'],
    ['the hour alone', 'context.now.hour < 12'],
    ['the guard alone', 'context.guard.mode == "run"'],
    ['the first command alone', 'context.command == "npm test" && 1 == 1'],
  ])('is refused with %s', (_, text) => {
    expect(readCondition(text, POLICY)).toMatchObject({ ok: false, code: 'condition' });
  });

  test('may have two slashes inside a text', () => {
    expect(readCondition('context.hosts.contains("http://a.example")', POLICY).ok).toBe(true);
  });

  test('lets nothing run where its question cannot be put', () => {
    const { program: _, ...rest } = FACTS;
    expect(holds('context.root', rest).ok).toBe(false);
  });
});
