// The open requests, in memory: a function of the log and of nothing else, so after a restart or a commit that
// failed it is built again. `advance` of shared/domain moves a request; the desk only remembers.

import { missingApprovals } from '../../shared/domain/approval.ts';
import { advance, type Life, type LifeEvent, NEW_LIFE } from '../../shared/domain/life.ts';
import type { Result } from '../../shared/result.ts';
import type { Decision } from '../../shared/statement/decision.ts';
import type { AskReason } from '../../shared/statement/escalation.ts';
import type { Notice } from '../../shared/statement/followups.ts';
import type { Request } from '../../shared/statement/request.ts';

type Person = { readonly id: string; readonly groups: readonly string[] };
/** The furthest that a reviewer's app has said it got. */
export type Mark = 'delivered' | 'shown' | 'opened';

export type OpenRequest = {
  readonly digest: string;
  readonly request: Request;
  life: Life;
  readonly deciders: Map<string, Person & { readonly verdict: Decision['verdict'] }>;
  /** Payload digests, in the order of the log. */
  readonly decisions: string[];
  readonly marks: Map<string, Mark>;
  /** By the escalations in the log: since when (wall clock, ms) and why. */
  readonly asked: Map<string, { readonly at: number; readonly why: AskReason }>;
  /** Escalations in the log. */
  steps: number;
  /** Who has left it to the others. */
  readonly left: Map<string, 'handedOver' | 'snoozed'>;
  /** Leaves that anyone but the guard and the deciders had appended about it. */
  notices: number;
};

const ORDER: readonly Mark[] = ['delivered', 'shown', 'opened'];

export class Desk {
  readonly #open = new Map<string, OpenRequest>();
  readonly #perAgent = new Map<string, number>();

  get size(): number {
    return this.#open.size;
  }

  get(digest: string): OpenRequest | undefined {
    return this.#open.get(digest);
  }

  all(): Iterable<OpenRequest> {
    return this.#open.values();
  }

  /** Open requests of the same agent, or of all that only declare who they are, behind the same guard. */
  pendingOf(request: Request): number {
    return this.#perAgent.get(agentOf(request)) ?? 0;
  }

  put(digest: string, request: Request): OpenRequest {
    const open: OpenRequest = {
      digest,
      request,
      life: NEW_LIFE,
      deciders: new Map(),
      decisions: [],
      marks: new Map(),
      asked: new Map(),
      steps: 0,
      left: new Map(),
      notices: 0,
    };
    this.#open.set(digest, open);
    this.#perAgent.set(agentOf(request), this.pendingOf(request) + 1);
    return open;
  }

  end(digest: string): void {
    const open = this.#open.get(digest);
    if (open === undefined) return;
    this.#open.delete(digest);
    const left = this.pendingOf(open.request) - 1;
    if (left > 0) this.#perAgent.set(agentOf(open.request), left);
    else this.#perAgent.delete(agentOf(open.request));
  }
}

/** Moves the request by one decision. 'notOpen' where it has been decided before. */
export function decide(
  open: OpenRequest,
  person: Person,
  decision: { readonly verdict: Decision['verdict']; readonly sha256: string },
  solo: boolean,
): Result<Life, 'notOpen'> {
  const approvers = [...open.deciders.values()].filter((row) => row.verdict === 'approve');
  if (decision.verdict === 'approve') approvers.push({ ...person, verdict: 'approve' });
  const missing = missingApprovals(open.request.policy.needs, approvers, { solo });
  const event: LifeEvent = {
    what: 'decision',
    verdict: decision.verdict,
    enough: missing.length === 0,
  };
  const moved = advance(open.life, event);
  if (!moved.ok) return moved;
  open.life = moved.value;
  open.deciders.set(person.id, { ...person, verdict: decision.verdict });
  open.decisions.push(decision.sha256);
  return moved;
}

/** Notes how far a reviewer's app got. False where it had said so, or more, before. */
export function mark(open: OpenRequest, reviewer: string, what: Notice['what']): boolean {
  if (what === 'handedOver' || what === 'snoozed') open.left.set(reviewer, what);
  // Who looks again has not left it.
  if (what === 'opened') open.left.delete(reviewer);
  const rank = ORDER.findIndex((one) => one === what);
  const before = open.marks.get(reviewer);
  if (rank < 0 || (before !== undefined && ORDER.indexOf(before) >= rank)) return false;
  // `rank` is the place of `what` in ORDER.
  open.marks.set(reviewer, what as Mark);
  return true;
}

/** These people are asked from then on. */
export function ask(
  open: OpenRequest,
  people: readonly string[],
  said: { readonly at: number; readonly why: AskReason },
): void {
  for (const id of people) if (!open.asked.has(id)) open.asked.set(id, said);
  open.steps += 1;
}

/** Somebody had it on a screen: the difference between the two ways to expire. */
export const wasSeen = (open: OpenRequest): boolean =>
  [...open.marks.values()].some((one) => one !== 'delivered');

export const expiresAt = (request: Request): number =>
  Date.parse(request.createdAt) + request.ttlMs;

/** Names that are only an agent's own word share one allowance: else whoever invents names has as many. */
export const agentOf = ({ guard, agent }: Pick<Request, 'guard' | 'agent'>): string =>
  agent.authn === 'declared' ? `${guard.id}/` : `${guard.id}/${agent.id}`;
