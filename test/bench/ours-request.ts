// A request of the bench's guard, as the product makes one: with the verdict that the policy gives, the built-in one if no other.

import { invariant } from '../../shared/result.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { utf8 } from '../../shared/bytes.ts';
import { checksIn } from '../../main/policy/agree.ts';
import { factsUnder } from '../../main/policy/facts.ts';
import { circumstancesOf, holdEverything, type Policy } from '../../main/policy/policy.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import type { Request } from '../../shared/statement/request.ts';
import { type GuardKeys, HandTime, requestBy, type Signed } from '../kit/wire-world.ts';

export class RealTime extends HandTime {
  override readonly now = (): number => Date.now();
  override readonly monotonic = (): number => performance.now();
  override iso(plusMs = 0): string {
    return new Date(this.now() + plusMs).toISOString();
  }
}

const TTL_MS = 10 * 60 * 1000;

/** The same verdict for every request: only ids and times differ. */
export function openAsking(
  keys: GuardKeys,
  time: RealTime,
  policy: Policy = holdEverything(),
): () => Signed {
  const sample = readRequest(requestBy(keys, time));
  const facts = factsUnder(policy, sample.action);
  const verdict = policy.evaluate(facts, time.iso(), circumstancesOf(sample));
  invariant(verdict.ok, 'the built-in policy can be evaluated');
  const { tier, needs, rules } = verdict.value;
  const change: Partial<Request> = {
    ttlMs: TTL_MS,
    facts,
    policy: { sha256: policy.sha256, tier, needs: [...needs], rules: [...rules] },
    checks: checksIn(verdict.value),
  };
  return () => requestBy(keys, time, change);
}

export function readRequest({ envelope }: Signed): Request {
  const parsed = parseEnvelope(utf8(envelope), 256 * 1024);
  invariant(parsed.ok, 'an envelope that was sealed here');
  const request = decodeStatement('request', parsed.value.payload);
  invariant(request.ok, 'a request that was encoded here');
  return request.value;
}
