// A policy file read rule by rule: every rule named, annotated, strictly valid against the schema, and each word in it
// known. Either rules and no problem, or every problem that was found. Nothing is evaluated that was not read here.

import type { Settings } from './settings.ts';
import { type Annotated, readAnnotations } from './annotations.ts';
import { asksOf, pathsIn } from './expressions.ts';
import { meaningFaults } from './meaning.ts';
import { narrowed, type Problem, problemAt, type Span, spanOf, wordsOf } from './problems.ts';
import { SCHEMA } from './schema.ts';
import { type RuleText, splitRules } from './split.ts';
import type { CedarWasm, DetailedError, PolicyJson } from './wasm.ts';

export type Rule = Annotated & {
  readonly effect: 'permit' | 'forbid';
  /** The rule's own text, and where it begins in the file. */
  readonly text: string;
  readonly start: number;
  readonly json: PolicyJson;
  readonly asks: { readonly run: boolean; readonly approve: boolean };
  /** Its answer depends on whether the people have approved. */
  readonly holds: boolean;
};

export type ReadRules = { readonly rules: readonly Rule[]; readonly problems: readonly Problem[] };

const MAX_RULES = 5_000;

export function readRules(cedar: CedarWasm, text: string, settings: Settings): ReadRules {
  const parsed = cedar.checkParsePolicySet({ staticPolicies: text });
  if (parsed.type === 'failure')
    return { rules: [], problems: parsed.errors.map((error) => cedarProblem(text, error)) };
  const parts = splitRules(text);
  const whole = { start: 0, end: 0 };
  if (parts.length > MAX_RULES)
    return { rules: [], problems: [problemAt(text, whole, `more than ${MAX_RULES} rules`)] };
  const inCedar = cedar.policySetTextToParts(text);
  // If ours and Cedar's reading of where rules end ever differed, names would stand on the wrong rules.
  if (inCedar.type === 'failure' || inCedar.policies.length !== parts.length)
    return { rules: [], problems: [problemAt(text, whole, 'the rules cannot be told apart')] };
  const read = parts.map((part) => readRule(cedar, text, part));
  const rules = read.flatMap((one) => (one.rule ? [one.rule] : []));
  const first = [...read.flatMap((one) => one.problems), ...strictProblems(cedar, text, rules)];
  // What is wrong already may be why the meaning seems wrong too: `context.aproved` asks nobody.
  const wrong = new Set(first.map((problem) => problem.rule));
  const meaning = rules.flatMap((rule) =>
    meaningFaults(rule, settings)
      .filter(({ follows }) => follows !== true || !wrong.has(rule.id))
      .map(({ says, hint, near }) =>
        problemAt(text, within(rule, near), says, { hint, rule: rule.id }),
      ),
  );
  const problems = [...first, ...duplicates(text, rules), ...meaning];
  return { rules, problems: problems.toSorted((a, b) => a.start - b.start) };
}

function readRule(
  cedar: CedarWasm,
  text: string,
  part: RuleText,
): { readonly rule?: Rule; readonly problems: readonly Problem[] } {
  const json = cedar.policyToJson(part.text);
  if (json.type === 'failure')
    return { problems: json.errors.map((error) => cedarProblem(text, error, part)) };
  // Cedar gives null for an annotation without a value; its types do not say so.
  const given = (json.json.annotations ?? {}) as Readonly<Record<string, string | null>>;
  const { rule, faults } = readAnnotations(given);
  const problems = faults.map(({ about, says, hint }) =>
    problemAt(text, within(part, about === '' ? undefined : `@${about}`), says, {
      hint,
      rule: rule.id,
    }),
  );
  return {
    rule: {
      ...rule,
      ...part,
      effect: json.json.effect,
      json: json.json,
      asks: asksOf(json.json),
      holds: pathsIn(json.json).has('context.approved'),
    },
    problems,
  };
}

/** Where `near` stands in the rule, an annotation with its value; the rule's first line where it does not. */
function within({ text, start }: RuleText, near: string | undefined): Span {
  const at = near === undefined ? -1 : text.indexOf(near);
  if (near !== undefined && at >= 0) {
    const value = near.startsWith('@')
      ? /^\s*\("[^"\n]*"\)/.exec(text.slice(at + near.length))
      : null;
    return { start: start + at, end: start + at + near.length + (value?.[0].length ?? 0) };
  }
  const line = text.indexOf('\n');
  return { start, end: start + (line < 0 ? text.length : line) };
}

function duplicates(text: string, rules: readonly Rule[]): readonly Problem[] {
  const seen = new Map<string, Rule>();
  return rules.flatMap((rule) => {
    const first = seen.get(rule.id);
    if (first === undefined) {
      seen.set(rule.id, rule);
      return [];
    }
    if (rule.id === '') return [];
    const { line } = problemAt(text, within(first, undefined), '');
    const says = `the name "${rule.id}" is taken by the rule at line ${line}`;
    return [problemAt(text, within(rule, '@id'), says, { rule: rule.id })];
  });
}

/** Each rule under its number, so that a duplicate name hides nothing; positions count from the rule's own start. */
function strictProblems(
  cedar: CedarWasm,
  text: string,
  rules: readonly Rule[],
): readonly Problem[] {
  const answer = cedar.validate({
    schema: SCHEMA,
    policies: {
      staticPolicies: Object.fromEntries(rules.map((rule, at) => [`#${at}`, rule.text])),
    },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') return answer.errors.map((error) => cedarProblem(text, error));
  const errors = answer.validationErrors;
  const wrong = new Set(errors.map((one) => one.policyId));
  // A warning is a mistake too: a rule that never applies protects nothing. Beside an error it only repeats it.
  const warnings = answer.validationWarnings.filter((one) => !wrong.has(one.policyId));
  const all = [...errors, ...warnings].flatMap(({ policyId, error }) => {
    const rule = rules[Number(policyId.slice(1))];
    return rule ? [cedarProblem(text, error, rule)] : [];
  });
  // Cedar says it once for each kind of action.
  const seen = new Set<string>();
  return all.filter(({ start, end, says }) => {
    const key = `${start} ${end} ${says.replace(/^this rule is also asked.*|^there is no fact.*/, 'fact')}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function cedarProblem(
  text: string,
  error: DetailedError,
  rule?: RuleText & { id?: string },
): Problem {
  const inside = spanOf(rule?.text ?? text, error);
  const from = rule?.start ?? 0;
  const { says, hint, name } = wordsOf(error);
  const span = narrowed(text, { start: from + inside.start, end: from + inside.end }, name);
  return problemAt(text, span, says, { hint, rule: rule?.id });
}
