// What a guard is told of its grants: the envelopes with their proofs under the newest head, and every end of the same terms. It
// checks all of it; what is left out here lets less run, and an end that is left out lasts until the grant's own.

import { LIMITS } from '../../shared/protocol/limits.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { toB64 } from '../trust/base64.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SignedHead } from '../ledger/sealing.ts';
import { inclusionProof } from '../trust/tree.ts';
import { envelopeAt, envelopeText } from './standing.ts';

/** Beside what else stands in the frame. */
const MAX_BYTES = LIMITS.maxFrameBytes - 16 * 1024;

type Told = Omit<ServerMessageOf<'granted'>['body'], 'note'>;

export function grantedOf(
  ledger: Ledger,
  head: SignedHead,
  about: { readonly guard: string; readonly agent: string; readonly now: number },
): Told {
  const rows = ledger.query
    .grantsOf(about.guard, about.agent, about.now)
    .filter(({ index }) => index < head.size);
  const ended = new Set(rows.filter(({ ends }) => ends).map(({ terms }) => terms));
  const grants: Told['grants'] = [];
  const ends: Told['ends'] = [];
  let bytes = 0;
  // Ends before grants, so that no number of grants leaves an end without room.
  for (const { index, terms, ends: isEnd } of rows.toSorted(
    (a, b) => Number(b.ends) - Number(a.ends),
  )) {
    if (!isEnd && ended.has(terms)) continue;
    const to = isEnd ? ends : grants;
    const envelope = envelopeAt(ledger, index);
    if (!envelope.ok || to.length >= LIMITS.maxGrantsPerAgent) continue;
    const text = envelopeText(envelope.value);
    // What JSON escapes of it, and a proof.
    bytes += JSON.stringify(text).length + 64 * 48;
    if (bytes > MAX_BYTES) break;
    if (isEnd) ends.push(text);
    else {
      const proof = inclusionProof(ledger.nodes, index, head.size).map(toB64);
      grants.push({ envelope: text, index, proof });
    }
  }
  return { grants, ends };
}
