// What policy is asked: may this action run at once, must it be held, or never; and may this person decide it. Guard,
// broker and app ask with the same policy bytes, facts, `evaluatedAt` and circumstances. Whatever it cannot answer is a
// failure or a refusal, never an allow.

import { utf8 } from '../../shared/bytes.ts';
import { ANYONE, type Judge, type Rules } from '../../shared/domain/approval.ts';
import type { QuestionBudget, Verdict } from '../../shared/domain/policy.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Request } from '../../shared/statement/request.ts';
import { sha256Hex } from '../trust/digest.ts';

export type { Verdict } from '../../shared/domain/policy.ts';

export type Facts = Request['facts'];

/** What an organisation's settings say about the target; members only where they are given. */
export type TargetLabels = { readonly environment?: string; readonly dataClass?: string };

/** What else a rule or a check may look at; all of it is in the signed request. */
export type Circumstances = {
  readonly agent: Pick<Request['agent'], 'id' | 'onBehalfOf' | 'authn'>;
  readonly guard: Pick<Request['guard'], 'host' | 'mode'>;
  /** Plain text only: '' where the request carries bytes. */
  readonly reason: string;
  readonly trigger: string;
};

/** A person who is about to decide. */
export type Decider = {
  readonly id: string;
  readonly groups: readonly string[];
  /** The decision is signed on the machine that the guard runs on. */
  readonly sameHost: boolean;
  /** The person asked for it, or owns the agent that did. */
  readonly ownAction: boolean;
  readonly solo: boolean;
};

export type DecideAnswer =
  | { readonly may: true }
  | { readonly may: false; readonly rules: readonly string[]; readonly reason: string };

export type Policy = {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** Of the settings that belong to it: they become facts, for everybody who computes them. */
  readonly labels: (facts: Facts) => TargetLabels;
  /** 'policy' where the policy cannot be evaluated over these facts. */
  readonly evaluate: (
    facts: Facts,
    evaluatedAt: string,
    by?: Circumstances,
  ) => Result<Verdict, 'policy'>;
  /**
   * Policy can only narrow who may approve: `whyNotApprove` of shared/domain/approval.ts comes first, and its refusals
   * stand. `at` is the decision's own time.
   */
  readonly mayDecide: (request: Request, decider: Decider, at: string) => DecideAnswer;
  /** How often this agent may ask people; undefined: as often as there is room. */
  readonly budgetOf: (agent: Pick<Request['agent'], 'id' | 'authn'>) => QuestionBudget | undefined;
};

export const circumstancesOf = (
  request: Pick<Circumstances, 'agent' | 'guard'> & Pick<Request, 'reason' | 'trigger'>,
): Circumstances => ({
  agent: request.agent,
  guard: request.guard,
  reason: typeof request.reason === 'string' ? request.reason : '',
  trigger: typeof request.trigger === 'string' ? request.trigger : '',
});

/** The person behind a key of the keyring, as policy is asked about them. */
export const deciderOf = (
  { agent, guard }: Pick<Request, 'agent' | 'guard'>,
  judge: Judge,
  { solo, owners }: Rules,
): Decider => ({
  id: judge.id,
  groups: judge.groups,
  sameHost: judge.device === guard.host,
  ownAction:
    agent.onBehalfOf === judge.id ||
    owners.some((row) => row.agent === agent.id && row.owner === judge.id),
  solo,
});

// Cedar denies what no rule permits, and what is not permitted is held: no rules at all hold everything.
const HOLD_EVERYTHING_TEXT = `// hold-everything: nothing runs until a person has approved it.
// There is no permit, so nothing is allowed at once; tier medium; one person.
`;

/** In force until an organisation has a policy of its own. */
export function holdEverything(): Policy {
  const bytes = utf8(HOLD_EVERYTHING_TEXT);
  return {
    name: 'hold-everything',
    sha256: sha256Hex(bytes),
    bytes,
    labels: () => ({}),
    evaluate: () =>
      ok({
        outcome: 'hold',
        tier: 'medium',
        needs: [{ group: ANYONE, count: 1 }],
        rules: ['hold-everything'],
        checks: [],
        reason: 'Everything is held until there is a policy.',
      }),
    mayDecide: () => ({ may: true }),
    budgetOf: () => undefined,
  };
}
