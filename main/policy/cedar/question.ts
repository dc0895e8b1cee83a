// Facts, labels, checks and the clock as Cedar is asked them. A pure function of (facts, evaluatedAt, circumstances,
// settings): guard, broker and app build the same question from the same request.

import { CHECK_NAMES, type Check } from '../../../shared/domain/policy.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Request } from '../../../shared/statement/request.ts';
import type { Circumstances, Decider, Facts } from '../policy.ts';
import { runChecks } from './checks.ts';
import { labelsOf } from './labels.ts';
import { localTime } from './local-time.ts';
import { contextOf } from './members.ts';
import type { Settings } from './settings.ts';
import type { EntityJson } from './wasm.ts';

type Uid = { readonly type: string; readonly id: string };
type Value = EntityJson['attrs'][string];

/** One call of Cedar without its policy set. */
export type Question = {
  readonly principal: Uid;
  readonly action: Uid;
  readonly resource: Uid;
  readonly context: Record<string, Value>;
  readonly entities: EntityJson[];
};

export type RunQuestion = {
  readonly ask: (approved: boolean) => Question;
  readonly checks: readonly Check[];
};

/** `facts` where the question cannot be put: then nothing may run. */
export function runQuestion(
  facts: Facts,
  evaluatedAt: string,
  by: Circumstances,
  settings: Settings,
): Result<RunQuestion, 'facts'> {
  const members = contextOf(facts);
  if (!members.ok) return members;
  const now = nowOf(evaluatedAt, settings);
  if (now === undefined) return fail('facts', 'evaluatedAt is not a time');
  const labels = labelsOf(settings, facts);
  const checks = runChecks({ facts, labels, settings, evaluatedAt, by });
  const principal = { type: 'Agent', id: by.agent.id };
  const resource = { type: 'Target', id: labels.target };
  const { environment, environments, dataClass } = labels;
  const { host, mode } = by.guard;
  // Sets are the only shared members that are not plain values, and Cedar takes them as arrays.
  const context = { ...members.value } as Record<string, Value>;
  return ok({
    checks,
    ask: (approved) => ({
      principal,
      action: { type: 'Action', id: String(facts['kind']) },
      resource,
      context: { ...context, approved, now, checks: checkRecord(checks), guard: { host, mode } },
      entities: [
        entity(principal, { owner: by.agent.onBehalfOf, authn: by.agent.authn }),
        entity(resource, { environment, environments: [...environments], dataClass }),
      ],
    }),
  });
}

/** Undefined where `at` is not a time. */
export function decideQuestion(
  request: Request,
  decider: Decider,
  at: string,
  settings: Settings,
): Question | undefined {
  const now = nowOf(at, settings);
  if (now === undefined) return undefined;
  const principal = { type: 'Person', id: decider.id };
  const resource = { type: 'Request', id: request.requestId };
  const { environment, dataClass } = labelsOf(settings, request.facts);
  const capabilities = request.facts['capabilities'];
  const groups = decider.groups.map((id) => ({ type: 'Group', id }));
  const { sameHost, ownAction, solo } = decider;
  return {
    principal,
    action: { type: 'Action', id: 'approve' },
    resource,
    context: { now, sameHost, ownAction, solo },
    entities: [
      ...groups.map((group) => entity(group, {})),
      { uid: principal, attrs: {}, parents: groups },
      entity(resource, {
        tier: request.policy.tier,
        agent: request.agent.id,
        owner: request.agent.onBehalfOf,
        environment,
        dataClass,
        capabilities: Array.isArray(capabilities) ? [...capabilities] : [],
      }),
    ],
  };
}

const entity = (uid: Uid, attrs: Record<string, Value>): EntityJson => ({
  uid,
  attrs,
  parents: [],
});

function nowOf(at: string, settings: Settings): Record<string, Value> | undefined {
  const local = localTime(at, settings.timeZone ?? 'UTC');
  if (local === undefined) return undefined;
  return { at: { __extn: { fn: 'datetime', arg: at } }, ...local };
}

/** What is not configured neither passed nor failed nor applies. */
function checkRecord(checks: readonly Check[]): Record<string, Value> {
  const record: Record<string, Value> = {};
  for (const name of CHECK_NAMES) {
    const outcome = checks.find((check) => check.name === name)?.outcome ?? 'notApplicable';
    record[name] = {
      passed: outcome === 'passed',
      failed: outcome === 'failed',
      applies: outcome !== 'notApplicable',
    };
  }
  return record;
}
