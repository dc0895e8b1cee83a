// The ending that the broker signs with its log key where the guard is gone or late. It can only refuse: expired or
// withdrawn, never approved.

import { advance } from '../../shared/domain/life.ts';
import type { EndingHow } from '../../shared/statement/followups.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { sha256Hex } from '../trust/digest.ts';
import { parseEnvelope, seal } from '../trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { invariant } from '../../shared/result.ts';
import type { Bench, Plan } from './bench.ts';
import { type OpenRequest, wasSeen } from './desk.ts';
import { draftOf } from './open-statement.ts';

export type EndReason = 'expired' | 'abandoned';

const GUIDANCE = {
  expired: 'Nobody decided in time. Ask again if it is still needed.',
  abandoned: 'The program that asked is gone. Nothing was run. Ask again if it is still needed.',
  denied: 'A person denied it: do not try it again unchanged; ask them.',
  approved:
    'It was approved and its guard is gone: whether it ran is not known here. Look at its receipts and at the world before asking again.',
} as const;

/** What the log itself tells by now. An approval that is in it may have been acted on: nobody here can deny that. */
function endingOf(open: OpenRequest, reason: EndReason): { how: EndingHow; guidance: string } {
  if (open.life.verdict === 'approve') return { how: 'withdrawn', guidance: GUIDANCE.approved };
  if (open.life.verdict === 'deny') return { how: 'denied', guidance: GUIDANCE.denied };
  if (reason === 'abandoned') return { how: 'withdrawn', guidance: GUIDANCE.abandoned };
  return { how: wasSeen(open) ? 'expiredSeen' : 'expiredUnseen', guidance: GUIDANCE.expired };
}

/** Undefined where the request has ended meanwhile. */
export function planEnding(
  { standing, now }: Bench,
  request: string,
  reason: EndReason,
  by: { readonly id: string; readonly logKey: KeyPair },
): Plan | undefined {
  const open = standing.desk.get(request);
  if (open === undefined) return undefined;
  const { how, guidance } = endingOf(open, reason);
  if (!advance(open.life, { what: 'ending', how }).ok) return undefined;
  const payload = encodeStatement('ending', {
    request,
    how,
    decisions: open.decisions.slice(0, 16),
    who: { role: 'broker', id: by.id, keyId: by.logKey.keyId },
    guidance,
    at: new Date(now).toISOString(),
  });
  const bytes = seal(payloadTypeOf('ending'), payload, by.logKey);
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.ending);
  invariant(envelope.ok, 'the broker reads what it sealed');
  standing.desk.end(request);
  const leaf = draftOf({ envelope: envelope.value, sha256: sha256Hex(payload) });
  return { entry: { leaf, about: { request, ends: true } }, request, does: 'ends' };
}
