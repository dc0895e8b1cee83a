// Who says it? Each statement's signature by a key that the roots give for that use at that index, its form, and that the
// key the text names is the one that signed.

import { textOf } from '../../shared/bytes.ts';
import { mayErase } from '../../shared/domain/administrators.ts';
import { mayEndGrant } from '../../shared/domain/grant.ts';
import { bytesOfRaw } from '../../shared/statement/text.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { verifyEnvelope } from '../trust/envelope.ts';
import type { KeyHit } from '../trust/keyring.ts';
import { maySign, SIGNED_BY } from '../trust/signed-by.ts';
import type { Book } from './book.ts';
import { type Chain, findKnown, keyringBefore, newest, validAt } from './chain.ts';
import type { Opened } from './entry.ts';
import { entryAt, type Findings } from './findings.ts';

export type Signers = ReadonlyMap<number, KeyHit>;

/** By index, the signer of each entry whose signature holds. Keyrings are the chain's. */
export function checkSigned(book: Book, chain: Chain, found: Findings): Signers {
  const signers = new Map<number, KeyHit>();
  for (const entry of book.opened) {
    if (entry.type === 'keyring') continue;
    if (entry.envelope === undefined) continue;
    const signer = whoSigned(entry, chain);
    const trouble =
      typeof signer === 'string' ? signer : (entry.trouble ?? whyOther(entry, signer, book, chain));
    if (trouble !== undefined || typeof signer === 'string')
      found.fail(entryAt(entry.index), trouble ?? 'nobody has signed it');
    else {
      signers.set(entry.index, signer);
      found.count('signatures');
    }
  }
  for (const entry of book.opened)
    if (entry.envelope === undefined) found.leaveOpen(whyNoText(entry, book, signers));
  return signers;
}

/** Erased by a signed order that is here, or simply not here. */
function whyNoText({ index, type, parsed }: Opened, { opened }: Book, signers: Signers): string {
  const order = opened.find(
    (one) =>
      one.spoken?.type === 'erasure' &&
      signers.has(one.index) &&
      one.spoken.says.what.includes(parsed.payloadSha256),
  );
  const reason =
    order?.spoken?.type === 'erasure' ? bytesOfRaw(order.spoken.says.reason) : undefined;
  const who = order === undefined ? undefined : signers.get(order.index)?.name;
  const why =
    order === undefined || reason === undefined
      ? 'its text is not here, and no erasure here says why (it may not have been for the machine that made this)'
      : `its text was erased by ${who} at ${entryAt(order.index)}: ${textOf(reason) ?? ''}`;
  return `${entryAt(index)}, a ${type}: ${why}. Its place and its digest were checked, its signature and what it says were not`;
}

/** A string is the sentence of why nobody did. */
function whoSigned({ index, type, envelope }: Opened, chain: Chain): KeyHit | string {
  const signature = envelope?.signatures[0];
  if (envelope === undefined || signature === undefined || envelope.signatures.length !== 1)
    return 'it has not exactly one signature';
  if (SIGNED_BY[type].length === 0) return `a ${payloadTypeOf(type)} does not belong into a log`;
  const known = findKnown(chain, signature.keyid);
  if (known === undefined) return 'no keyring here names the key that signed it';
  const { hit, until } = known;
  if (!maySign(type, hit))
    return `signed with a ${hit.use} key of a ${hit.kind}, which may not sign a ${type}`;
  if (!validAt(known, index))
    return index < hit.fromIndex
      ? `its key counts from entry ${hit.fromIndex} on`
      : `its key ended at entry ${until}`;
  return verifyEnvelope(envelope, hit.key) ? hit : 'its signature does not fit';
}

/** What the text says of its signer must be the signer; one log, one organisation; a guard speaks of its own requests. */
function whyOther(
  { spoken, index }: Opened,
  signer: KeyHit,
  book: Book,
  chain: Chain,
): string | undefined {
  const { id, device } = signer;
  const { keyId } = signer.key;
  const is = (who: { readonly id: string; readonly keyId: string; readonly device?: string }) =>
    who.id === id && who.keyId === keyId && (who.device === undefined || who.device === device);
  const named = (holds: boolean) => (holds ? undefined : 'it names another signer than its key');
  switch (spoken?.type) {
    case 'request':
    case 'auto': {
      const { org, log } = newest(chain).held.keyring;
      if (spoken.says.org !== org || spoken.says.log !== log.origin)
        return 'it is of another organisation or log';
      return named(is(spoken.says.guard)) ?? whyNotItsGuard(spoken.says.guard, index, chain);
    }
    case 'decision':
    case 'grant':
      return named(is(spoken.says.reviewer));
    case 'grantEnd': {
      const asked = book.byDigest.get(spoken.says.request)?.spoken;
      const { keyring, keys } = keyringBefore(chain, index);
      const then = keys.get(keyId);
      // Without the request's text nobody can tell who might decide it; an end only ends.
      if (
        then === undefined ||
        (asked?.type === 'request' && !mayEndGrant(keyring, asked.says.policy.needs, then))
      )
        return 'its signer may not end it';
      return named(is(spoken.says.reviewer));
    }
    case 'notice':
      return named(is(spoken.says.by));
    case 'escalation':
      return named(is(spoken.says.by));
    case 'ending': {
      const { who, how, request } = spoken.says;
      if (who.role === 'broker' && how.startsWith('approved'))
        return 'a broker can approve nothing';
      const kind = who.role === 'broker' ? 'broker' : 'guard';
      if (signer.kind !== kind || !is(who)) return named(false);
      return kind === 'guard' ? whyNotTheirs(book, request, id) : undefined;
    }
    case 'erasure': {
      const { keyring, keys } = keyringBefore(chain, index);
      const then = keys.get(keyId);
      if (then === undefined || !mayErase(keyring, then)) return 'its signer may not erase';
      return named(is(spoken.says.reviewer));
    }
    case 'receipt':
      return named(is(spoken.says.guard)) ?? whyNotTheirs(book, spoken.says.request, id);
    default:
      return undefined;
  }
}

/** The host counts: from `high` up nobody approves on the guard's own. */
function whyNotItsGuard(
  guard: { readonly id: string; readonly host: string },
  index: number,
  chain: Chain,
): string | undefined {
  const row = keyringBefore(chain, index).keyring.guards.find(({ id }) => id === guard.id);
  return row?.host === guard.host
    ? undefined
    : 'its guard is not on the host that the keyring gives it';
}

function whyNotTheirs({ byDigest }: Book, request: string, guard: string): string | undefined {
  const spoken = byDigest.get(request)?.spoken;
  return spoken?.type === 'request' && spoken.says.guard.id !== guard
    ? 'it is about another guard’s request'
    : undefined;
}
