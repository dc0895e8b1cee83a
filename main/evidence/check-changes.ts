// Is a changed request what somebody proposed when its parent was denied? Judged from the texts in the bundle: the parent before
// it, the denial between them, and the very action that was proposed.

import { mayBeAsked } from '../../shared/domain/approval.ts';
import { endingFits, MAX_CHANGES, whyNotChild } from '../../shared/domain/changes.ts';
import { findKey } from '../trust/keyring.ts';
import type { Book } from './book.ts';
import { type Chain, keyringBefore } from './chain.ts';
import type { Signers } from './check-signed.ts';
import type { Opened, SpokenOf } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';

type Request = SpokenOf<'request'>['says'];
type Judged = {
  readonly book: Book;
  readonly chain: Chain;
  readonly signers: Signers;
  readonly found: Findings;
};

export function checkChanges(by: Judged): void {
  for (const entry of by.book.opened) {
    const { spoken, index } = entry;
    // One whose signature failed is nobody's word, and a failure already.
    if (!by.signers.has(index)) continue;
    if (spoken?.type === 'request' && spoken.says.parent !== undefined)
      checkChild(entry, spoken.says, by);
    if (spoken?.type !== 'ending') continue;
    const asked = by.book.byDigest.get(spoken.says.request)?.spoken;
    if (asked?.type === 'request' && !endingFits(spoken.says.how, asked.says))
      by.found.fail(entryAt(index), 'it ends with changes what changes nothing, or the reverse');
  }
}

function checkChild(entry: Opened, child: Request, by: Judged): void {
  const { book, found, signers } = by;
  const at = entryAt(entry.index);
  const parent = book.byDigest.get(child.parent ?? '');
  if (parent === undefined)
    return found.fail(at, `the request that it changes is not here (${child.parent})`);
  if (parent.payload === undefined)
    return found.leaveOpen(
      `whether ${at} is what was proposed: the text of ${entryAt(parent.index)} is not here`,
    );
  if (parent.spoken?.type !== 'request' || !signers.has(parent.index))
    return found.fail(at, `what it changes, ${entryAt(parent.index)}, is no signed request`);
  const denial = denialOf(parent, entry, by);
  if (denial === undefined) {
    const lacks = book.opened.some(
      ({ type, payload, index }) =>
        type === 'decision' && payload === undefined && parent.index < index && index < entry.index,
    );
    return lacks
      ? found.leaveOpen(`whether ${at} is what was proposed: the text of a denial is not here`)
      : found.fail(at, `nobody proposed anything when ${entryAt(parent.index)} was denied`);
  }
  const why = whyNotChild(child, parent.spoken.says, denial);
  if (why !== undefined)
    found.fail(at, `it is not what was proposed when ${entryAt(parent.index)} was denied (${why})`);
  if (depthOf(child, book) > MAX_CHANGES) found.fail(at, 'it was changed too often');
}

/** What the first denial between the two proposes, by somebody who was asked. */
function denialOf(parent: Opened, child: Opened, { book, chain, signers }: Judged) {
  if (parent.spoken?.type !== 'request') return undefined;
  const { needs } = parent.spoken.says.policy;
  for (const { index, spoken } of book.opened) {
    if (spoken?.type !== 'decision' || index <= parent.index || index >= child.index) continue;
    const { request, verdict, changes } = spoken.says;
    if (request !== parent.parsed.payloadSha256 || verdict !== 'deny') continue;
    const signer = signers.get(index);
    const hit = signer && findKey(keyringBefore(chain, index), signer.key.keyId);
    if (hit !== undefined && mayBeAsked(needs, hit)) return changes;
  }
  return undefined;
}

function depthOf(request: Request, { byDigest }: Book): number {
  let depth = 0;
  for (let one: Request | undefined = request; one?.parent !== undefined; depth++) {
    if (depth > MAX_CHANGES) return depth;
    const before: Opened['spoken'] = byDigest.get(one.parent)?.spoken;
    one = before?.type === 'request' ? before.says : undefined;
  }
  return depth;
}
