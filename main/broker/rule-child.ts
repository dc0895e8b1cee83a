// A request that changes another one: only what a person proposed when denying that one, by the same guard for the same agent,
// and not without end. What was proposed is read back from the log; the guard's word for it is worth nothing.

import { MAX_CHANGES, whyNotChild } from '../../shared/domain/changes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Changes } from '../../shared/statement/changes.ts';
import type { Request } from '../../shared/statement/request.ts';
import { decodeStatement, statementTypeOf } from '../../shared/statement/statement.ts';
import type { StoredRequest } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseLeaf } from '../trust/leaf.ts';

/** Fine for a request without a parent. */
export function checkParent(ledger: Ledger, child: Request): Result<void, 'badChanges'> {
  if (child.parent === undefined) return ok(undefined);
  const stored = ledger.query.request(child.parent);
  const parent = stored && readRequest(ledger, child.parent);
  if (stored === undefined || parent === undefined)
    return fail('badChanges', 'there is no such parent');
  const changes = proposedIn(ledger, stored);
  if (changes === undefined)
    return fail('badChanges', 'its parent was not denied with a proposed change');
  const why = whyNotChild(child, parent, changes);
  if (why !== undefined) return fail('badChanges', why);
  return depthOf(ledger, parent) < MAX_CHANGES
    ? ok(undefined)
    : fail('badChanges', 'changed too often');
}

/** Of the one denial that a request can have: it was judged when it came, and nothing decides a denied request again. */
function proposedIn(ledger: Ledger, { about }: StoredRequest): Changes | undefined {
  for (const index of about) {
    const stored = ledger.query.leaf(index);
    const leaf = stored && parseLeaf(stored.leaf);
    if (!leaf?.ok || stored?.payload === undefined) continue;
    if (statementTypeOf(leaf.value.payloadType) !== 'decision') continue;
    const decision = decodeStatement('decision', stored.payload);
    if (decision.ok && decision.value.verdict === 'deny') return decision.value.changes;
  }
  return undefined;
}

/** How many changes lie behind a request; a parent whose text is gone counts as the limit. */
function depthOf(ledger: Ledger, request: Request): number {
  let depth = 0;
  for (let one = request; one.parent !== undefined; depth++) {
    const before = readRequest(ledger, one.parent);
    if (before === undefined || depth >= MAX_CHANGES) return MAX_CHANGES;
    one = before;
  }
  return depth;
}

function readRequest(ledger: Ledger, digest: string): Request | undefined {
  const payload = ledger.query.payload(digest);
  const request = payload && decodeStatement('request', payload);
  return request?.ok ? request.value : undefined;
}
