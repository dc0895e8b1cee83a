// How many questions an agent has asked of people in the last hour and day, as the log tells it: counted from the requests
// themselves, so a restart, or a commit that failed, changes nothing. Only where the policy in force gives a budget.

import type { QuestionBudget } from '../../shared/domain/policy.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement, statementTypeOf } from '../../shared/statement/statement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseLeaf } from '../trust/leaf.ts';
import { agentOf } from './desk.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A budget is never larger (settings), so no more of an agent's questions are remembered. */
const MAX_KEPT = 10_000;
/** What lies further back than this many entries is not counted after a start: reading on would hold the broker up. */
const MAX_ENTRIES = 20_000;
const PAGE = 256;

type Asked = Pick<Request, 'agent' | 'guard' | 'createdAt' | 'parent'>;

export class Questions {
  readonly #times = new Map<string, number[]>();

  /** A change that a reviewer proposed is the reviewer's question, not the agent's. */
  add(request: Asked): void {
    if (request.parent !== undefined) return;
    const at = Date.parse(request.createdAt);
    const times = this.#times.get(agentOf(request)) ?? [];
    const older = times.filter((one) => one > at - DAY_MS && one <= at);
    const newer = times.filter((one) => one > at);
    this.#times.set(agentOf(request), [...older, at, ...newer].slice(-MAX_KEPT));
  }

  /** Milliseconds until this agent may ask again; 0 where it may now. */
  waitOf(request: Asked, { perHour, perDay }: QuestionBudget, now: number): number {
    if (request.parent !== undefined) return 0;
    const times = this.#times.get(agentOf(request)) ?? [];
    const day = perDay === undefined ? 0 : leftOf(times, perDay, DAY_MS, now);
    return Math.max(leftOf(times, perHour, HOUR_MS, now), day);
  }
}

/** Until the question that is `count` back from the newest has left the span. */
function leftOf(times: readonly number[], count: number, spanMs: number, now: number): number {
  const oldest = times.at(-count);
  return oldest === undefined || times.length < count ? 0 : Math.max(0, oldest + spanMs - now);
}

/** From the newest entries of the log; erased ones have no time left to count. */
export function questionsIn(ledger: Ledger, now: number): Questions {
  const found: Asked[] = [];
  const least = Math.max(0, ledger.size - MAX_ENTRIES);
  for (let end = ledger.size; end > least; end -= PAGE) {
    const page = ledger.query.leaves(Math.max(least, end - PAGE), end);
    const asked = page.flatMap(({ leaf, payload }) => requestIn(leaf, payload));
    found.unshift(...asked);
    // A request may be logged up to a day after it was made.
    if (asked.some((one) => Date.parse(one.createdAt) < now - 2 * DAY_MS)) break;
  }
  const questions = new Questions();
  for (const one of found) if (Date.parse(one.createdAt) > now - DAY_MS) questions.add(one);
  return questions;
}

function requestIn(bytes: Uint8Array, payload: Uint8Array | undefined): readonly Asked[] {
  const leaf = parseLeaf(bytes);
  if (!leaf.ok || payload === undefined) return [];
  if (statementTypeOf(leaf.value.payloadType) !== 'request') return [];
  const request = decodeStatement('request', payload);
  return request.ok ? [request.value] : [];
}
