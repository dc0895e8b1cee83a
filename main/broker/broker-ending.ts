// The ending that the broker signs with its log key where the guard is gone or late. It can only refuse: expired or
// withdrawn, never approved.

import { advance } from '../../shared/domain/life.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { sha256Hex } from '../trust/digest.ts';
import { parseEnvelope, seal } from '../trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { invariant } from '../../shared/result.ts';
import type { Bench, Plan } from './bench.ts';
import { wasSeen } from './desk.ts';
import { draftOf } from './open-statement.ts';

export type EndReason = 'expired' | 'abandoned';

const GUIDANCE: { readonly [R in EndReason]: string } = {
  expired: 'Nobody decided in time. Ask again if it is still needed.',
  abandoned: 'The program that asked is gone. Nothing was run. Ask again if it is still needed.',
};

/** Undefined where the request has ended meanwhile. */
export function planEnding(
  { standing, now }: Bench,
  request: string,
  reason: EndReason,
  by: { readonly id: string; readonly logKey: KeyPair },
): Plan | undefined {
  const open = standing.desk.get(request);
  if (open === undefined) return undefined;
  const expired = wasSeen(open) ? 'expiredSeen' : 'expiredUnseen';
  const how = reason === 'expired' ? expired : 'withdrawn';
  if (!advance(open.life, { what: 'ending', how }).ok) return undefined;
  const payload = encodeStatement('ending', {
    request,
    how,
    decisions: open.decisions.slice(0, 16),
    who: { role: 'broker', id: by.id, keyId: by.logKey.keyId },
    guidance: GUIDANCE[reason],
    at: new Date(now).toISOString(),
  });
  const bytes = seal(payloadTypeOf('ending'), payload, by.logKey);
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.ending);
  invariant(envelope.ok, 'the broker reads what it sealed');
  standing.desk.end(request);
  const leaf = draftOf({ envelope: envelope.value, sha256: sha256Hex(payload) });
  return { entry: { leaf, about: { request, ends: true } }, request, does: 'ends' };
}
