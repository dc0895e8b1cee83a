// What the fake app says about a request, in the words of the real explanation: by the built-in policy, whatever the request
// says that it was held by.

import { explain } from '../../main/policy/cedar/explain.ts';
import { factsUnder } from '../../main/policy/facts.ts';
import { holdEverything } from '../../main/policy/policy.ts';
import type { CardExplanation } from '../../shared/ipc/explain.ts';
import type { Request } from '../../shared/statement/request.ts';

export function explanationOf(request: Request): CardExplanation {
  const facts = factsUnder(holdEverything(), request.action);
  const { tier, needs, rules } = request.policy;
  const said = explain(
    { outcome: 'hold', tier, needs, rules, checks: [], reason: 'Everything is held.' },
    facts,
    undefined,
  );
  return {
    headline: said.headline,
    missing: ['1 person is missing: Ada Marlow.'],
    takes: [...said.missing],
    because: said.because.map((one) => ({ ...one })),
    checks: [],
    found: [...said.found],
  };
}
