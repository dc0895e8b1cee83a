// A wish to erase becomes a signed erasure: checked, stored, sent, and done only once the log has it. This copy's texts go when
// the erasure comes back as a leaf, like everybody's.

import { toHex } from '../../shared/bytes.ts';
import { mayErase } from '../../shared/domain/administrators.ts';
import type { Answers, EraseCode } from '../../shared/ipc/contract.ts';
import { WIRE_CODES } from '../../shared/protocol/codes.ts';
import { fail, ok } from '../../shared/result.ts';
import { ERASABLE, type Erasure, MAX_ERASED } from '../../shared/statement/erasure.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { rawOfText } from '../../shared/statement/text.ts';
import { sha256Hex } from '../trust/digest.ts';
import { seal } from '../trust/envelope.ts';
import { parseLeaf } from '../trust/leaf.ts';
import type { AnswerPorts } from './answers.ts';
import { unlock } from './keys-answers.ts';
import type { Store, StoredDecision, StoredLeaf } from './ports.ts';
import type { Session } from './session.ts';

type Erase = Answers['request']['erase'];
type Input = Parameters<Erase>[0];

export async function eraseTexts(by: AnswerPorts, input: Input): ReturnType<Erase> {
  const session = by.session();
  if (!session) return fail('unknownRequest');
  if (input.passphrase !== undefined && !(await unlock(by, input.passphrase)).ok)
    return fail('wrongPassphrase');
  const off = whyNotErase(session, input);
  if (off) return fail(off);
  const { store } = by.ports;
  const leaves = await store.ofRequest(input.digest);
  if (leaves.length === 0) return fail('unknownRequest');
  if (leaves.every(({ type }) => type !== 'ending')) return fail('stillOpen');
  const what = textsOf(leaves, input.what);
  if (what.length === 0) return fail('erased');
  const signed = await session.oneAtATime(async () => {
    const made = await signErasure(by, session, input, what);
    if (made !== undefined) await store.putDecision(made);
    return made;
  });
  if (signed === undefined) return fail('locked');
  // Outside the turn: a connection that is lost now must not keep anybody from deciding.
  const refused = await session.deliverErasure(signed);
  if (refused === 'closed') return fail('waiting');
  if (refused !== undefined) return fail('refused', WIRE_CODES[refused].says);
  return ok({ erasure: signed.sha256, texts: what.length });
}

function whyNotErase(session: Session, { reason }: Input): EraseCode | undefined {
  const { alarmed, online, unlocked, keyring, me } = session.standing();
  if (alarmed) return 'alarm';
  if (!mayErase(keyring.keyring, me)) return 'notAllowed';
  if (reason.trim() === '') return 'reasonMissing';
  if (!unlocked) return 'locked';
  return online ? undefined : 'offline';
}

/** Digests of the texts that are here and may go, in ascending order. The request's own comes before those that would not fit. */
function textsOf(leaves: readonly StoredLeaf[], what: Input['what']): string[] {
  const types = what === 'all' ? ERASABLE : ERASABLE.filter((type) => type !== 'request');
  const texts = leaves.flatMap(({ type, leaf, payload }) => {
    const read = payload !== undefined && types.includes(type) ? parseLeaf(leaf) : undefined;
    return read?.ok ? [read.value.payloadSha256] : [];
  });
  return [...new Set(texts)].slice(0, MAX_ERASED).sort();
}

async function signErasure(
  { keys, ports }: AnswerPorts,
  session: Session,
  { digest, reason }: Input,
  what: string[],
): Promise<StoredDecision | undefined> {
  const key = keys.decision();
  if (key === undefined) return undefined;
  const place = await ports.store.nextDecision(key.keyId);
  const { me } = session.standing();
  const erasure: Erasure = {
    request: digest,
    what,
    reason: rawOfText(reason.trim()),
    reviewer: { id: me.id, keyId: key.keyId, device: me.device, ...place },
    at: new Date(ports.clock.now()).toISOString(),
  };
  const payload = encodeStatement('erasure', erasure);
  return {
    sha256: sha256Hex(payload),
    keyId: key.keyId,
    seq: place.seq,
    request: digest,
    envelope: seal(payloadTypeOf('erasure'), payload, key),
    messageId: toHex(ports.random(16)),
    state: 'sending',
    code: undefined,
  };
}

export const isErased = async (store: Pick<Store, 'erasedBy'>, digest: string): Promise<boolean> =>
  (await store.erasedBy([digest])).size > 0;
