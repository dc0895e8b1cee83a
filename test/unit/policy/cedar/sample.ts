// Facts and policies for these tests: a harmless command with every fact that its kind has, and a policy from its text.

import { utf8 } from '../../../../shared/bytes.ts';
import type { Verdict } from '../../../../shared/domain/policy.ts';
import { invariant } from '../../../../shared/result.ts';
import { type CedarPolicy, openPolicy } from '../../../../main/policy/cedar/engine.ts';
import { MEMBERS } from '../../../../main/policy/cedar/members.ts';
import { NO_SETTINGS, type Settings } from '../../../../main/policy/cedar/settings.ts';
import type { Circumstances, Facts } from '../../../../main/policy/policy.ts';

export const AT = '2026-11-23T10:00:00.000Z';

const NEUTRAL = { String: '', Long: 0, Bool: false, 'Set<String>': [] } as const;

/** A plain read, with whatever is given laid over it. */
export function factsLike(given: Facts = {}): Facts {
  const kind = given['kind'] ?? 'exec';
  const facts: Facts = {};
  for (const [name, { type, only, label }] of Object.entries(MEMBERS))
    if (label !== true && (only === undefined || only.some((one) => one === kind)))
      facts[name] = type === 'Set<String>' ? [] : NEUTRAL[type];
  const http = kind === 'http' ? { scheme: 'https', method: 'GET' } : {};
  return { ...facts, ...http, kind, capabilities: ['read'], ...given };
}

export const BY: Circumstances = {
  agent: { id: 'deploy-bot', onBehalfOf: 'ada', authn: 'account' },
  guard: { host: 'laptop', mode: 'run' },
  reason: '',
  trigger: '',
};

export function opened(text: string, settings: Settings = NO_SETTINGS): CedarPolicy {
  const policy = openPolicy(utf8(text), { settings });
  invariant(policy.ok, policy.ok ? '' : policy.problems.map((one) => one.says).join('; '));
  return policy.value;
}

export function verdictOf(
  policy: CedarPolicy,
  facts: Facts,
  by: Partial<Circumstances> = {},
  at = AT,
): Verdict {
  const verdict = policy.evaluate(facts, at, { ...BY, ...by });
  invariant(verdict.ok, 'the engine answers with a verdict');
  return verdict.value;
}
