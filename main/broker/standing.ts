// What the broker holds in memory and judges by: the keyring in force and the desk. Built from the log alone.

import { utf8, fromUtf8 } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { decodeStatement, statementTypeOf } from '../../shared/statement/statement.ts';
import type { StoredLeaf, StoredRequest } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { sha256Hex } from '../trust/digest.ts';
import { type Envelope, encodeEnvelope } from '../trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  openFirstKeyring,
  openNextKeyring,
  type RootPin,
} from '../trust/keyring.ts';
import { joinLeaf, parseLeaf } from '../trust/leaf.ts';
import { ask, Desk, decide, mark, type OpenRequest } from './desk.ts';
import type { Questions } from './questions.ts';

export type Standing = {
  held: HeldKeyring;
  /** Envelopes of every keyring in the log, oldest first. */
  readonly keyrings: string[];
  readonly desk: Desk;
  /** Read from the log when a budget is first asked about. */
  questions?: Questions;
};

/** 'keyring': a keyring in the log does not follow from the pinned roots. 'corrupt': a stored row is not what it says. */
export function loadStanding(
  ledger: Ledger,
  pin: RootPin,
): Result<Standing, 'keyring' | 'corrupt'> {
  const keyrings: string[] = [];
  let held: HeldKeyring | undefined;
  for (const index of ledger.query.keyringIndexes()) {
    const envelope = envelopeAt(ledger, index);
    if (!envelope.ok) return envelope;
    const bytes = encodeEnvelope(envelope.value);
    const next = held ? openNextKeyring(held, bytes) : openFirstKeyring(bytes, pin);
    if (!next.ok) return fail('keyring', `keyring at ${index}: ${next.code}`);
    held = next.value;
    keyrings.push(fromUtf8(bytes));
  }
  if (held === undefined) return fail('keyring', 'the log has no keyring');
  const desk = new Desk();
  for (const stored of ledger.query.openRequests()) {
    const restored = restore(ledger, held, desk, stored);
    if (!restored.ok) return restored;
  }
  return ok({ held, keyrings, desk });
}

/** The envelope whose leaf is at `index`. */
export function envelopeAt(ledger: Ledger, index: number): Result<Envelope, 'corrupt'> {
  const stored = ledger.query.leaf(index);
  const leaf = stored && parseLeaf(stored.leaf);
  if (!leaf?.ok || stored?.payload === undefined) return fail('corrupt', `leaf ${index}`);
  const envelope = joinLeaf(leaf.value, stored.payload);
  return envelope.ok ? envelope : fail('corrupt', `payload of leaf ${index}`);
}

function restore(
  ledger: Ledger,
  held: HeldKeyring,
  desk: Desk,
  stored: StoredRequest,
): Result<void, 'corrupt'> {
  const payload = ledger.query.payload(stored.digest);
  const request = payload && decodeStatement('request', payload);
  if (!request?.ok) return fail('corrupt', `request at ${stored.index}`);
  const open = desk.put(stored.digest, request.value);
  for (const index of stored.about) replay(open, held, ledger.query.leaf(index));
  for (const { what, keyId } of ledger.query.notices(stored.digest)) {
    const hit = findKey(held, keyId);
    if (hit !== undefined && (what === 'delivered' || what === 'shown')) mark(open, hit.id, what);
  }
  return ok(undefined);
}

/** A leaf about an open request; one whose body was erased moves nothing. */
function replay(open: OpenRequest, held: HeldKeyring, stored: StoredLeaf | undefined): void {
  invariant(stored, 'a request names leaves that are stored');
  const leaf = parseLeaf(stored.leaf);
  if (!leaf.ok || stored.payload === undefined) return;
  const type = statementTypeOf(leaf.value.payloadType);
  if (type === 'decision') {
    const decision = decodeStatement('decision', stored.payload);
    const hit = decision.ok ? findKey(held, decision.value.reviewer.keyId) : undefined;
    if (!decision.ok || hit === undefined) return;
    const { verdict } = decision.value;
    decide(open, hit, { verdict, sha256: sha256Hex(stored.payload) }, held.keyring.solo);
  } else if (type === 'notice') {
    const notice = decodeStatement('notice', stored.payload);
    if (!notice.ok) return;
    open.notices += 1;
    mark(open, notice.value.by.id, notice.value.what);
  } else if (type === 'escalation') {
    const said = decodeStatement('escalation', stored.payload);
    if (!said.ok) return;
    ask(open, said.value.asked, { at: Date.parse(said.value.at), why: said.value.why });
  }
}

export const envelopeText = (envelope: Envelope): string => fromUtf8(encodeEnvelope(envelope));
export const envelopeBytes = (text: string): Uint8Array => utf8(text);
