// What this device signs with, and what of its own it has signed: read from the keyring and from its own envelopes.

import { fromUtf8 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import {
  decodeStatement,
  type StatementType,
  statementTypeOf,
} from '../../shared/statement/statement.ts';
import type { CallCode } from '../link/calls.ts';
import type { Link } from '../link/link.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import { findKey, type HeldKeyring, type KeyHit } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import type { Store, StoredDecision } from './ports.ts';

/** The decision key of the device whose session key this is. The keyring, not a file, says which one that is. */
export function ownDecisionKey(held: HeldKeyring, sessionKey: KeyPair): KeyHit {
  const session = findKey(held, sessionKey.keyId);
  const own = [...held.keys.values()].filter(
    (hit) => hit.use === 'decision' && hit.id === session?.id && hit.device === session.device,
  );
  const newest = own.at(-1);
  invariant(newest, 'the keyring has no decision key for this device');
  return newest;
}

/** What of this device's own chain it is. */
export function typeOf({ envelope }: StoredDecision): StatementType | undefined {
  const read = parseEnvelope(envelope, ENVELOPE_LIMITS.decision);
  return read.ok ? statementTypeOf(read.value.payloadType) : undefined;
}

export function verdictOf(decision: StoredDecision) {
  const envelope = parseEnvelope(decision.envelope, ENVELOPE_LIMITS.decision);
  const says = envelope.ok ? decodeStatement('decision', envelope.value.payload) : envelope;
  invariant(says.ok, 'a stored decision is one that this app signed');
  return says.value.verdict;
}

/** What is no decision, and in the same chain. Undefined once it is in the log, 'closed' where that is not known yet. */
export async function deliverOwn(
  to: { readonly link: Pick<Link, 'send'>; readonly store: Pick<Store, 'settleDecision'> },
  type: 'erasure' | 'grant' | 'grantEnd',
  signed: StoredDecision,
): Promise<CallCode | undefined> {
  const envelope = fromUtf8(signed.envelope);
  const answer = await to.link.send(type, { envelope }, { id: signed.messageId });
  if (answer.ok) return undefined;
  if (answer.code !== 'closed')
    await to.store.settleDecision(signed.sha256, 'refused', answer.code);
  return answer.code;
}
