// Cedar behind the policy port. A set that fails strict validation is not opened; any entry in Cedar's errors is a
// refusal, because a `forbid` that could not be evaluated would otherwise be skipped. One evaluation answers whether it
// runs at once. Only when it does not, the one unknown (`context.approved`) is asked the other way round: with a single
// yes-or-no unknown, both answers together say exactly which rules wait for people, and Cedar's experimental partial
// evaluation, which drops request validation and is ten times slower, is not needed.

import { textOf } from '../../../shared/bytes.ts';
import type { Verdict } from '../../../shared/domain/policy.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { sha256Hex } from '../../trust/digest.ts';
import type { Circumstances, DecideAnswer, Facts, Policy } from '../policy.ts';
import { labelsOf } from './labels.ts';
import type { Problem } from './problems.ts';
import { decideQuestion, type Question, runQuestion } from './question.ts';
import { type Rule, readRules } from './rules.ts';
import { SCHEMA } from './schema.ts';
import { budgetOf, NO_SETTINGS, type Settings } from './settings.ts';
import { allowed, forbidden, held, policyError } from './verdicts.ts';
import { type CedarWasm, loadCedar } from './wasm.ts';

export type CedarPolicy = Policy & {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly rule: (id: string) => Rule | undefined;
};

/** Where its rules can be looked up, for words; the built-in policy has none. */
export const bookOf = (policy: Policy): Pick<CedarPolicy, 'rule' | 'bytes'> | undefined =>
  isCedar(policy) ? policy : undefined;
const isCedar = (policy: Policy): policy is CedarPolicy => 'rule' in policy;

export type OpenedPolicy =
  | { readonly ok: true; readonly value: CedarPolicy }
  | { readonly ok: false; readonly code: 'policy'; readonly problems: readonly Problem[] };

const MAX_BYTES = 1024 * 1024;
/** Of a guard that says nothing about itself: no rule can take it for another. */
const NOBODY: Circumstances = {
  agent: { id: 'unknown', onBehalfOf: 'unknown', authn: 'declared' },
  guard: { host: 'unknown', mode: 'run' },
  reason: '',
  trigger: '',
};

/** `name` is for people; the digest is of `bytes` as they are. Settings that came with the policy are pinned with it. */
export function openPolicy(
  bytes: Uint8Array,
  { name = 'policy', settings = NO_SETTINGS }: { name?: string; settings?: Settings } = {},
): OpenedPolicy {
  const text = textOf(bytes);
  if (text === undefined) return notOpened('the policy is not UTF-8 text');
  if (bytes.length > MAX_BYTES) return notOpened('the policy is over 1 MiB');
  const cedar = loadCedar();
  const { rules, problems } = readRules(cedar, text, settings);
  if (problems.length > 0) return { ok: false, code: 'policy', problems };
  const sha256 = sha256Hex(bytes);
  const asker = openAsker(cedar, sha256, rules);
  if (asker === undefined) return notOpened('Cedar does not take the rules one by one');
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return {
    ok: true,
    value: {
      name,
      sha256,
      bytes,
      rules,
      settings,
      rule: (id) => byId.get(id),
      labels: (facts) => labelsOf(settings, facts),
      evaluate: (facts, evaluatedAt, by = NOBODY) => {
        const verdict = evaluate(asker, facts, evaluatedAt, by, settings);
        return verdict.ok ? ok(verdict.value) : ok(policyError(verdict.detail ?? verdict.code));
      },
      mayDecide: (request, decider, at) => {
        const question = decideQuestion(request, decider, at, settings);
        return question ? mayDecide(asker, question) : refused('the time cannot be read');
      },
      budgetOf: (agent) => budgetOf(settings, agent),
    },
  };
}

const notOpened = (says: string): OpenedPolicy => ({
  ok: false,
  code: 'policy',
  problems: [{ line: 1, column: 1, start: 0, end: 0, says }],
});

type Said = { readonly decision: 'allow' | 'deny'; readonly rules: readonly Rule[] };

type Asker = {
  /** Of every rule, or of the permits alone. The rules are those that were satisfied, in the file's order. */
  readonly ask: (question: Question, of: 'all' | 'permits') => Result<Said, 'cedar'>;
};

function openAsker(cedar: CedarWasm, sha256: string, rules: readonly Rule[]): Asker | undefined {
  const setOf = (some: readonly Rule[]): Record<string, string> =>
    Object.fromEntries(some.map((rule) => [rule.id, rule.text]));
  const sets = {
    all: { id: `${sha256} all`, policies: setOf(rules) },
    permits: {
      id: `${sha256} permits`,
      policies: setOf(rules.filter((rule) => rule.effect === 'permit')),
    },
  };
  const schemaName = sha256Hex(new TextEncoder().encode(SCHEMA));
  const taken = [
    cedar.preparseSchema(schemaName, SCHEMA),
    ...Object.values(sets).map(({ id, policies }) =>
      cedar.preparsePolicySet(id, { staticPolicies: policies }),
    ),
  ];
  if (taken.some((answer) => answer.type === 'failure')) return undefined;
  return {
    ask: (question, of) => {
      try {
        const answer = cedar.statefulIsAuthorized({
          ...question,
          preparsedPolicySetId: sets[of].id,
          preparsedSchemaName: schemaName,
          validateRequest: true,
        });
        if (answer.type === 'failure') return fail('cedar', answer.errors[0]?.message);
        const { decision, diagnostics } = answer.response;
        const [error] = diagnostics.errors;
        if (error) return fail('cedar', `rule ${error.policyId}: ${error.error.message}`);
        const satisfied = new Set(diagnostics.reason);
        return ok({ decision, rules: rules.filter((rule) => satisfied.has(rule.id)) });
      } catch (error) {
        // A WebAssembly trap: the program behind it may be in any state, and each later call fails the same way.
        return fail('cedar', error instanceof Error ? error.message : 'Cedar stopped');
      }
    },
  };
}

function evaluate(
  asker: Asker,
  facts: Facts,
  evaluatedAt: string,
  by: Circumstances,
  settings: Settings,
): Result<Verdict, 'facts' | 'cedar'> {
  const question = runQuestion(facts, evaluatedAt, by, settings);
  if (!question.ok) return question;
  const { ask, checks } = question.value;
  const now = asker.ask(ask(false), 'all');
  if (!now.ok) return now;
  if (now.value.decision === 'allow') return ok(allowed(now.value.rules, checks));
  const then = asker.ask(ask(true), 'all');
  if (!then.ok) return then;
  const stays = then.value.decision === 'deny' ? then.value.rules : [];
  if (stays.length > 0) return ok(forbidden(stays, checks));
  // Permits that hold whatever people say; the others of `then` wait for them.
  const permits = asker.ask(ask(false), 'permits');
  if (!permits.ok) return permits;
  const anyway = new Set(permits.value.rules);
  const waiting = [...now.value.rules, ...then.value.rules]
    .filter((rule) => !anyway.has(rule))
    .toSorted((left, right) => left.start - right.start);
  return ok(held(waiting, permits.value.rules, checks, facts['unknown'] === true));
}

function mayDecide(asker: Asker, question: Question): DecideAnswer {
  const said = asker.ask(question, 'all');
  if (!said.ok) return refused(`policy could not be evaluated: ${said.detail ?? said.code}`);
  const { rules } = said.value;
  if (rules.length === 0) return { may: true };
  const reasons = rules.map((rule) => rule.reason ?? `Rule ${rule.id} does not let this person.`);
  return { may: false, rules: rules.map((rule) => rule.id), reason: reasons.join(' ') };
}

const refused = (reason: string): DecideAnswer => ({ may: false, rules: [], reason });
