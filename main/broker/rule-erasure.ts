// An administrator erases the texts of an ended request: signed by their own decision key, next in that key's chain. Only
// texts that belong to this request and are still there, and never a keyring or another erasure: those must stay readable.

import { mayErase } from '../../shared/domain/administrators.ts';
import type { WireCode } from '../../shared/protocol/codes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { ERASABLE } from '../../shared/statement/erasure.ts';
import { statementTypeOf } from '../../shared/statement/statement.ts';
import type { StoredRequest } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseLeaf } from '../trust/leaf.ts';
import type { Rule } from './bench.ts';
import { draftOf, openReviewed } from './open-statement.ts';
import { follows } from './rule-decision.ts';

export const judgeErasure: Rule = (bench, session, text) => {
  const reviewed = openReviewed(bench, session, 'erasure', text);
  if (!reviewed.ok) return reviewed;
  const { held, desk } = bench.standing;
  const { opened, signer } = reviewed.value;
  const { statement, sha256 } = opened;
  const { keyId, seq, prev } = statement.reviewer;
  if (!mayErase(held.keyring, signer)) return fail('notYours');
  const { request, what } = statement;
  const stored = bench.ledger.query.request(request);
  if (desk.get(request) !== undefined) return fail('stillOpen');
  if (stored === undefined) return fail('unknownRequest');
  const fits = areErasable(bench.ledger, stored, what);
  if (!fits.ok) return fits;
  const last = bench.chains.get(keyId) ?? bench.ledger.query.chain(keyId);
  if (!follows({ seq, prev }, last)) return fail('badSequence');
  const chain = { keyId, seq, digest: sha256 };
  bench.chains.set(keyId, chain);
  return ok({
    entry: {
      leaf: draftOf(opened),
      about: { request, ends: false },
      chain,
      erases: { request, payloads: what },
    },
    request,
    does: 'erases',
  });
};

function areErasable(
  { query }: Ledger,
  stored: StoredRequest,
  what: readonly string[],
): Result<void, WireCode> {
  const texts = new Set<string>();
  for (const index of [stored.index, ...stored.about]) {
    const row = query.leaf(index);
    const leaf = row && parseLeaf(row.leaf);
    if (!leaf?.ok || row?.payload === undefined) continue;
    const type = statementTypeOf(leaf.value.payloadType);
    if (type !== undefined && ERASABLE.includes(type)) texts.add(leaf.value.payloadSha256);
  }
  return what.every((one) => texts.has(one)) ? ok(undefined) : fail('notErasable');
}
