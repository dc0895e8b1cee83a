// One step of the ladder as a statement by the broker's log key: who is asked now who was not before, and why. It moves
// nothing but who is told; a broker that lies in it has told people, and nobody may decide because of it.

import { climb, type Ladder } from '../../shared/domain/escalation.ts';
import { MAX_ASKED } from '../../shared/statement/escalation.ts';
import { invariant } from '../../shared/result.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { sha256Hex } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { parseEnvelope, seal } from '../trust/envelope.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import type { Bench, Plan } from './bench.ts';
import { ask, type OpenRequest } from './desk.ts';
import { draftOf } from './open-statement.ts';

/** Undefined where nobody more is to be asked, or the request is no longer open. */
export function planEscalation(
  { standing, now }: Pick<Bench, 'standing' | 'now'>,
  request: string,
  ladderOf: (open: OpenRequest) => Ladder | undefined,
  by: { readonly id: string; readonly logKey: KeyPair },
): Plan | undefined {
  const open = standing.desk.get(request);
  const ladder = open && ladderOf(open);
  const [step] = ladder === undefined ? [] : climb(ladder).steps;
  if (open === undefined || step === undefined || open.steps >= MAX_ASKED) return undefined;
  const payload = encodeStatement('escalation', {
    request,
    step: open.steps + 1,
    asked: step.asked.slice(0, MAX_ASKED),
    why: step.why,
    by: { id: by.id, keyId: by.logKey.keyId },
    at: new Date(now).toISOString(),
  });
  const envelope = parseEnvelope(
    seal(payloadTypeOf('escalation'), payload, by.logKey),
    ENVELOPE_LIMITS.escalation,
  );
  invariant(envelope.ok, 'the broker reads what it sealed');
  ask(open, step.asked.slice(0, MAX_ASKED), { at: now, why: step.why });
  const leaf = draftOf({ envelope: envelope.value, sha256: sha256Hex(payload) });
  return { entry: { leaf, about: { request, ends: false } }, request, does: 'escalates' };
}
