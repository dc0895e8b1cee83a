// What main said in one frame, as one step: in order, nothing left out, stopped by a gap. What a change does is the contract's
// (`applyChanges`); many requests at once come to the same by an index of the desk instead of a walk through it for each.

import { applyChanges } from '../../shared/ipc/apply.ts';
import type { Change, RequestSummary, Snapshot } from '../../shared/ipc/snapshot.ts';

export type Changed = { readonly revision: number; readonly changes: readonly Change[] };

/** From so many on the index costs less than the walks. */
const MANY = 8;

/** `rest`: a message is missing; what was heard after the gap. A stale message is dropped. */
export function join(
  before: Snapshot,
  heard: readonly Changed[],
): { readonly snapshot: Snapshot; readonly rest?: Changed[] } {
  const changes: Change[] = [];
  let { revision } = before;
  let gap: number | undefined;
  for (const [at, one] of heard.entries()) {
    if (one.revision <= revision) continue;
    if (one.revision !== revision + 1) {
      gap = at;
      break;
    }
    revision += 1;
    for (const change of one.changes) changes.push(change);
  }
  const snapshot = revision === before.revision ? before : applyAll(before, revision, changes);
  return gap === undefined ? { snapshot } : { snapshot, rest: heard.slice(gap + 1) };
}

function applyAll(before: Snapshot, revision: number, changes: readonly Change[]): Snapshot {
  const many = changes.filter(isOfDesk).length >= MANY;
  const few = many ? changes.filter((change) => !isOfDesk(change)) : changes;
  const applied = applyChanges({ ...before, revision: revision - 1 }, revision, few);
  // The revision follows on by the line above.
  const snapshot = 'snapshot' in applied ? applied.snapshot : before;
  return many ? { ...snapshot, requests: applyMany(before.requests, changes) } : snapshot;
}

const isOfDesk = ({ what }: Change): boolean => what === 'request' || what === 'requestGone';

/** As `applyChanges` does one after the other. */
function applyMany(
  requests: readonly RequestSummary[],
  changes: readonly Change[],
): RequestSummary[] {
  // Undefined: gone.
  const list: (RequestSummary | undefined)[] = [...requests];
  let places = placesOf(list);
  let highest = requests.reduce((most, { index }) => Math.max(most, index), -1);
  for (const change of changes) {
    if (change.what === 'requestGone') {
      const place = places.get(change.digest);
      if (place !== undefined) list[place] = undefined;
      places.delete(change.digest);
    }
    if (change.what !== 'request') continue;
    const { value } = change;
    const place = places.get(value.digest);
    const after = place === undefined && value.index < highest ? placeAfter(list, value.index) : -1;
    highest = Math.max(highest, value.index);
    if (place !== undefined) list[place] = value;
    else if (after >= 0) {
      list.splice(after, 0, value);
      places = placesOf(list);
    } else places.set(value.digest, list.push(value) - 1);
  }
  return list.filter((request) => request !== undefined);
}

const placesOf = (list: readonly (RequestSummary | undefined)[]): Map<string, number> =>
  new Map(list.flatMap((request, at) => (request === undefined ? [] : [[request.digest, at]])));

/** Of the first that is later in the log. */
const placeAfter = (list: readonly (RequestSummary | undefined)[], index: number): number =>
  list.findIndex((request) => request !== undefined && request.index > index);
