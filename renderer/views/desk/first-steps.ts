// How far a first run is, read from what the log says happened; nothing is ticked off by a click on it. Shown only while
// the log is young: somebody who has been here for long needs no steps.

import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';

/** A first run with its two samples and a few tries of its own has fewer entries, and fewer requests, than this. */
const YOUNG_LOG = 120;
const FEW = 5;

export type Steps = { readonly approved: boolean; readonly denied: boolean };

/** Undefined: not a first run, or both decisions have been made and looked at. */
export function firstSteps(snapshot: Snapshot | undefined): Steps | undefined {
  if (snapshot?.person?.solo !== true || snapshot.log.size > YOUNG_LOG) return undefined;
  if (snapshot.requests.length > FEW) return undefined;
  const decided = (verdict: 'approve' | 'deny'): boolean =>
    snapshot.requests.some((request) => hasVerdict(request, verdict));
  const steps = { approved: decided('approve'), denied: decided('deny') };
  return steps.approved && steps.denied ? undefined : steps;
}

const hasVerdict = ({ decisions }: RequestSummary, verdict: 'approve' | 'deny'): boolean =>
  decisions.some((decision) => decision.verdict === verdict);
