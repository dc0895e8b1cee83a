// The condition of a grant: exactly ONE Cedar condition, read as the `when` of one permit and held to everything that a
// policy file's rules are held to. Text that closes the brace and adds a rule, a second clause or an annotation is refused.

import { fail, ok, type Result } from '../../../shared/result.ts';
import { MAX_CONDITION } from '../../../shared/statement/grant.ts';
import { cleanText } from '../../../shared/statement/text.ts';
import type { Circumstances, Facts } from '../policy.ts';
import type { CedarPolicy } from './engine.ts';
import { pathsIn } from './expressions.ts';
import { runQuestion } from './question.ts';
import { type Rule, readRules } from './rules.ts';
import { SCHEMA } from './schema.ts';
import { NO_SETTINGS, type Settings } from './settings.ts';
import { loadCedar, type PolicyJson } from './wasm.ts';

/** `facts`: the question cannot be put; `cedar`: it cannot be answered. All of them let nothing run. */
export type ConditionCode = 'condition' | 'facts' | 'cedar';

const HEAD = '@id("grant")\npermit (principal is Agent, action, resource) when {\n';
const TAIL = '\n};';
const STRING = /"(?:\\.|[^"\\])*"/g;

/** The condition as a rule, or in the detail what is wrong with it. */
export function readCondition(text: string, policy: object): Result<Rule, 'condition'> {
  if (text.trim() === '' || text.length > MAX_CONDITION || !cleanText(text))
    return fail('condition', `a condition is one line of at most ${MAX_CONDITION} characters`);
  // What is behind it looks like a part of the condition, and is none.
  if (text.replaceAll(STRING, '').includes('//'))
    return fail('condition', 'a condition has no comment');
  const whole = `${HEAD}${text}${TAIL}`;
  const { rules, problems } = readRules(loadCedar(), whole, settingsOf(policy));
  const [first] = problems;
  if (first) return fail('condition', first.hint ? `${first.says} (${first.hint})` : first.says);
  const [rule, ...more] = rules;
  if (rule === undefined || more.length > 0 || !isOneWhen(rule.json))
    return fail('condition', 'it is more than one condition');
  const paths = [...pathsIn(rule.json)];
  if (paths.includes('context.approved'))
    return fail('condition', 'it asks whether people have approved, which is what it stands for');
  if (!paths.some(isFact))
    return fail('condition', 'it asks about no fact of the action, so anything would fit it');
  return ok(rule);
}

/** A clause of its own, and a head that nothing was smuggled into. */
function isOneWhen({ effect, principal, action, resource, conditions, annotations }: PolicyJson) {
  const [clause, ...more] = conditions;
  return (
    effect === 'permit' &&
    clause?.kind === 'when' &&
    more.length === 0 &&
    JSON.stringify(principal) === '{"op":"is","entity_type":"Agent"}' &&
    action.op === 'All' &&
    resource.op === 'All' &&
    Object.keys(annotations ?? {}).join() === 'id'
  );
}

/** The hour, the guard and the agent are bounds of the terms already: they say nothing about what is done. */
const isFact = (path: string): boolean =>
  path === 'resource' ||
  path.startsWith('resource.') ||
  (path.startsWith('context.') && !/^context\.(approved|now|guard)(\.|$)/.test(path));

/** Is it so of this action? Asked as policy is asked, with nobody's approval. */
export function conditionHolds(
  text: string,
  policy: object,
  facts: Facts,
  evaluatedAt: string,
  by: Circumstances,
): Result<boolean, ConditionCode> {
  const rule = readCondition(text, policy);
  if (!rule.ok) return rule;
  const question = runQuestion(facts, evaluatedAt, by, settingsOf(policy));
  if (!question.ok) return question;
  try {
    const answer = loadCedar().isAuthorized({
      ...question.value.ask(false),
      policies: { staticPolicies: { grant: rule.value.text } },
      schema: SCHEMA,
      validateRequest: true,
    });
    if (answer.type === 'failure') return fail('cedar', answer.errors[0]?.message);
    const { decision, diagnostics } = answer.response;
    const [error] = diagnostics.errors;
    return error ? fail('cedar', error.error.message) : ok(decision === 'allow');
  } catch (error) {
    // A WebAssembly trap: the program behind it may be in any state.
    return fail('cedar', error instanceof Error ? error.message : 'Cedar stopped');
  }
}

/** Of a policy that came with settings: what the labels of its targets are. */
const settingsOf = (policy: object): Settings =>
  // Only Cedar's own policies have the member, and it is never anything else.
  'settings' in policy ? (policy as Pick<CedarPolicy, 'settings'>).settings : NO_SETTINGS;
