// The one question policy answers: may this action run at once, must it be held, or never. Guard, broker and app ask
// it with the same policy bytes, facts and `evaluatedAt`. Whatever it cannot answer is a failure, which callers refuse.

import { utf8 } from '../../shared/bytes.ts';
import { ANYONE } from '../../shared/domain/approval.ts';
import type { Tier } from '../../shared/domain/tier.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Need, Request } from '../../shared/statement/request.ts';
import { sha256Hex } from '../trust/digest.ts';

export type Facts = Request['facts'];

export type Verdict = {
  readonly outcome: 'hold' | 'allow' | 'forbid';
  readonly tier: Tier;
  readonly needs: readonly Need[];
  /** Names of the rules that decided, for the card and the log. */
  readonly rules: readonly string[];
};

export type Policy = {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  /** 'policy' where the policy cannot be evaluated over these facts. */
  readonly evaluate: (facts: Facts, evaluatedAt: string) => Result<Verdict, 'policy'>;
};

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
    evaluate: () =>
      ok({
        outcome: 'hold',
        tier: 'medium',
        needs: [{ group: ANYONE, count: 1 }],
        rules: ['hold-everything'],
      }),
  };
}

/** The policy with this digest among those the keyring pins; 'policy' where there is none this program can evaluate. */
export function pinnedPolicy(
  policies: readonly { readonly sha256: string }[],
): Result<Policy, 'policy'> {
  const builtIn = holdEverything();
  return policies.some((pinned) => pinned.sha256 === builtIn.sha256)
    ? ok(builtIn)
    : fail('policy', 'the keyring pins no policy that this version can evaluate');
}
