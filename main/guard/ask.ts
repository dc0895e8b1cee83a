// From an action to a signed request, and what the guard itself computed about it. The view's digest is computed here,
// before anybody is asked, so that an approval of anything else is known by it.

import { toHex, utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Action, Attachment } from '../../shared/statement/action.ts';
import type { Request } from '../../shared/statement/request.ts';
import {
  decodeStatement,
  encodeStatement,
  payloadTypeOf,
} from '../../shared/statement/statement.ts';
import type { Raw } from '../../shared/statement/text.ts';
import { RENDERER, renderView, viewText } from '../../shared/statement/view/render.ts';
import { checksIn } from '../policy/agree.ts';
import { factsUnder } from '../policy/facts.ts';
import { circumstancesOf, type Facts, type Policy, type Verdict } from '../policy/policy.ts';
import { atLeast, type Tier } from '../../shared/domain/tier.ts';
import { type RandomBytes, sha256Hex } from '../trust/digest.ts';
import { parseEnvelope, seal } from '../trust/envelope.ts';
import { findKey } from '../trust/keyring.ts';
import { leafOf } from '../trust/leaf.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { leafHash } from '../trust/merkle.ts';
import type { Identity } from './state/identity.ts';

export type Asking = {
  readonly action: Action;
  /** Values over 4 KiB of the action, by digest. */
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  readonly agent: Request['agent'];
  readonly mode: Request['guard']['mode'];
  readonly reason: Raw;
  readonly narrative: Raw;
  readonly trigger: Raw;
  readonly ttlMs: number;
  /** Digest of the denied request whose proposed changes this is. */
  readonly parent?: string | undefined;
};

export type Asked = {
  readonly request: Request;
  readonly digest: string;
  readonly envelope: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly view: { readonly renderer: string; readonly sha256: string };
  readonly attachments: ReadonlyMap<string, Uint8Array>;
  readonly policy: Policy;
};

/** What the policy in force says about an action, before anybody is asked. */
export type Ruled = {
  readonly policy: Policy;
  readonly facts: Facts;
  readonly evaluatedAt: string;
  readonly verdict: Verdict;
};

/**
 * `policy`: it cannot be evaluated, which is a refusal. `notMine`: the keyring does not let this guard ask for it.
 * `tooLarge`: the action does not fit in a request.
 */
export type AskCode = 'policy' | 'notMine' | 'tooLarge' | 'unclean';

export function ruleOn(
  { action, agent, mode, reason, trigger }: Asking,
  identity: Identity,
  now: number,
): Result<Ruled, AskCode> {
  const { keyring } = identity.trust().keyring;
  const policy = identity.policies.shelf.inForce(keyring.policies);
  if (!policy.ok) return fail('policy', policy.detail);
  const facts = factsUnder(policy.value, action);
  const evaluatedAt = new Date(now).toISOString();
  const by = circumstancesOf({ agent, guard: { host: identity.host, mode }, reason, trigger });
  const verdict = policy.value.evaluate(facts, evaluatedAt, by);
  if (!verdict.ok) return fail('policy', verdict.detail);
  const { outcome, tier } = verdict.value;
  // What is refused is refused, whoever asks.
  const foreign = outcome === 'forbid' ? undefined : whyNotMine(agent.id, tier, identity);
  if (foreign !== undefined) return fail('notMine', foreign);
  return ok({ policy: policy.value, facts, evaluatedAt, verdict: verdict.value });
}

/** Of what policy holds; `ruled` is what was found about it before, else it is found here. */
export function makeRequest(
  asking: Asking,
  identity: Identity,
  at: { readonly now: number; readonly random: RandomBytes; readonly ruled?: Ruled },
): Result<Asked, AskCode> {
  const { keyring } = identity.trust().keyring;
  const ruled = at.ruled === undefined ? ruleOn(asking, identity, at.now) : ok(at.ruled);
  if (!ruled.ok) return ruled;
  const { policy, facts, evaluatedAt, verdict } = ruled.value;
  if (verdict.outcome !== 'hold') return fail('policy', 'policy does not hold this');
  const request: Request = {
    requestId: toHex(at.random(16)),
    nonce: toHex(at.random(32)),
    org: keyring.org,
    log: keyring.log.origin,
    guard: {
      id: identity.id,
      keyId: identity.guardKey.keyId,
      host: identity.host,
      mode: asking.mode,
    },
    agent: asking.agent,
    action: asking.action,
    facts,
    evaluatedAt,
    policy: {
      sha256: policy.sha256,
      rules: [...verdict.rules],
      tier: verdict.tier,
      needs: [...verdict.needs],
    },
    checks: checksIn(verdict),
    reason: asking.reason,
    narrative: asking.narrative,
    trigger: asking.trigger,
    attachments: [...asking.attachments].map(([sha256, bytes]) => attachmentOf(sha256, bytes)),
    ...(asking.parent === undefined ? {} : { parent: asking.parent }),
    createdAt: evaluatedAt,
    ttlMs: Math.min(asking.ttlMs, verdict.ttlMs ?? asking.ttlMs),
  };
  return signRequest(request, asking.attachments, identity, policy);
}

/** What the keyring says about this guard, checked here too: the broker's word is not what keeps a guard within it. */
function whyNotMine(agent: string, tier: Tier, identity: Identity): string | undefined {
  const { keyring } = identity.trust().keyring;
  const me = keyring.guards.find((one) => one.id === identity.id);
  if (me === undefined || guardEnded(identity)) return "the keyring has ended this guard's own key";
  if (me.agents.length > 0 && !me.agents.includes(agent))
    return `the keyring does not let this guard speak for agent ${agent}`;
  return atLeast(me.maxTier, tier)
    ? undefined
    : `the keyring lets this guard ask up to tier ${me.maxTier}, and this is ${tier}`;
}

/** An end that lies ahead in the log counts as an end: which index holds now only the broker could say. */
export function guardEnded(identity: Identity): boolean {
  const hit = findKey(identity.trust().keyring, identity.guardKey.keyId);
  return hit?.kind !== 'guard' || hit.use !== 'guard' || hit.untilIndex !== undefined;
}

function signRequest(
  request: Request,
  attachments: ReadonlyMap<string, Uint8Array>,
  identity: Identity,
  policy: Policy,
): Result<Asked, AskCode> {
  const payload = encodeStatement('request', request);
  // Read back as every reviewer will: what does not decode here could be signed and never be shown.
  const read = decodeStatement('request', payload);
  if (!read.ok) return fail('tooLarge', read.detail);
  const view = renderView(payload, attachments);
  if (!view.ok) return fail('unclean', view.code);
  const envelope = seal(payloadTypeOf('request'), payload, identity.guardKey);
  const parsed = parseEnvelope(envelope, ENVELOPE_LIMITS.request);
  if (!parsed.ok) return fail('tooLarge', parsed.detail);
  return ok({
    request,
    digest: sha256Hex(payload),
    envelope,
    leafHash: leafHash(leafOf(parsed.value)),
    view: { renderer: RENDERER, sha256: sha256Hex(utf8(viewText(view.value))) },
    attachments,
    policy,
  });
}

const attachmentOf = (sha256: string, bytes: Uint8Array): Attachment => ({
  sha256,
  size: bytes.length,
  mediaType: 'application/octet-stream',
  name: `${bytes.length} bytes`,
});
