// What a change of the app's state is worth saying to someone who reads a terminal: one line each, nothing twice.

import type { RequestSummary, Snapshot } from '../../../shared/ipc/snapshot.ts';
import { situationChanges } from './situation.ts';
import * as words from './words.ts';

/** `own` tells whether this terminal made the decision: then the command's own answer says it. */
export function changesInWords(
  before: Snapshot,
  after: Snapshot,
  own: (digest: string) => boolean,
): readonly string[] {
  const known = new Map(before.requests.map((one) => [one.digest, one]));
  return [
    ...situationChanges(before, after),
    ...after.requests.flatMap((one) => {
      const said = requestInWords(known.get(one.digest), one, own(one.digest));
      return said === undefined ? [] : [said];
    }),
  ];
}

function requestInWords(
  before: RequestSummary | undefined,
  after: RequestSummary,
  own: boolean,
): string | undefined {
  if (before === undefined) return after.stage === 'open' ? words.arrived(after) : undefined;
  if (before.stage === 'open' && after.stage === 'decided') {
    return own ? undefined : words.decidedElsewhere(after);
  }
  if (before.stage !== 'ended' && after.stage === 'ended') {
    const told = own || (before.stage === 'decided' && after.how !== 'withdrawn');
    return told ? undefined : words.hasEnded(after);
  }
  const left =
    before.guardState === 'here' && after.guardState === 'gone' && after.stage === 'open';
  return left ? words.agentGone(after) : undefined;
}
