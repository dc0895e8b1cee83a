// Asking for quiet, and leaving a request to others. Each says how it went in words.

import { LATER, LATER_FAILED } from '../words/card.ts';
import { NOT_REACHED } from '../words/failures.ts';
import { AWAY_FAILED } from '../words/on-call.ts';
import { atClock } from '../words/time.ts';
import { ask } from './commands.ts';
import type { Desk } from './context.ts';

export type Told = { readonly well: boolean; readonly says: string };

const not = (says: string): Told => ({ well: false, says });

/** `forMs` from now; of one request where it is named. */
export async function snooze(desk: Desk, forMs: number, request?: string): Promise<Told> {
  const until = new Date(Date.now() + forMs).toISOString();
  const answer = await ask(
    desk.bridge.attention.snooze({ until, ...(request === undefined ? {} : { request }) }),
  );
  if (answer === undefined) return not(NOT_REACHED);
  if (!answer.ok) return not(LATER_FAILED[answer.code]);
  const at = atClock(until);
  return { well: true, says: answer.value.handsOver ? LATER.quietOver(at) : LATER.quiet(at) };
}

export async function handOver(desk: Desk, request: string): Promise<Told> {
  const answer = await ask(desk.bridge.attention.handOver({ request }));
  if (answer === undefined) return not(NOT_REACHED);
  return answer.ok ? { well: true, says: LATER.handedOver } : not(LATER_FAILED[answer.code]);
}

/** Wall clock, ms; without a time: here again. What came of it shows by itself. */
export async function goAway(desk: Desk, until: number | undefined): Promise<Told> {
  const answer = await ask(
    desk.bridge.attention.away(until === undefined ? {} : { until: new Date(until).toISOString() }),
  );
  if (answer === undefined) return not(NOT_REACHED);
  return answer.ok ? { well: true, says: '' } : not(AWAY_FAILED[answer.code]);
}
