// From the keyrings that a broker sends to one that may be pinned: signed by the roots of the invitation, moved on by the
// chain alone, naming exactly the keys that this machine asked for and the broker that answered. The broker can leave
// keyrings out; it can not make one.

import { utf8 } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Join } from '../../shared/statement/join.ts';
import { decodeStatement } from '../../shared/statement/statement.ts';
import { parseEnvelope } from '../trust/envelope.ts';
import {
  findKey,
  type HeldKeyring,
  keyringExpired,
  openFirstKeyring,
  openNextKeyring,
} from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import { brokerKey } from './handshake.ts';
import { type Invited } from './invitation.ts';
import { rootSetOf } from '../trust/keyring.ts';

export const ENROLMENT_SAYS = {
  noKeyring: 'the broker sent no keyring that its own roots have signed',
  otherRoots: 'the keyring is not signed by the roots of the invitation',
  brokenChain: 'the keyrings do not follow from one another',
  otherOrg: 'the keyring is of another organisation',
  expired: 'the keyring has expired',
  otherBroker: 'the keyring does not name the broker that answers here',
  notNamed: 'the keyring does not name the keys of this machine',
  otherPlace: 'the keyring has these keys under another name, machine or use than was asked',
} as const;
export type EnrolmentCode = keyof typeof ENROLMENT_SAYS;

export type Wanted = {
  readonly join: Join;
  /** Undefined: whoever reads the words of `rootSet` aloud to the administrator decides. */
  readonly invited: Invited | undefined;
  readonly broker: { readonly keyId: string; readonly origin: string };
  readonly nowMs: number;
};

export type Enrolment = {
  readonly held: HeldKeyring;
  /** Of the keyring in force: its words are what people compare. */
  readonly rootSet: string;
};

/** `keyrings`: envelopes, oldest first. */
export function openEnrolment(
  keyrings: readonly string[],
  wanted: Wanted,
): Result<Enrolment, EnrolmentCode> {
  const chain = openChain(keyrings, wanted.invited);
  if (!chain.ok) return chain;
  const held = chain.value;
  const { join, broker, nowMs } = wanted;
  const org = wanted.invited?.org ?? join.org;
  if (org !== undefined && held.keyring.org !== org) return fail('otherOrg');
  if (keyringExpired(held, nowMs)) return fail('expired');
  const { origin } = held.keyring.log;
  if (origin !== broker.origin || !brokerKey(held, broker.keyId).ok) return fail('otherBroker');
  const named = namesAll(held, join);
  return named.ok ? ok({ held, rootSet: rootSetOf(held.keyring) }) : named;
}

/** With an invitation from the newest keyring that has its roots, else from the newest of all. */
function openChain(
  keyrings: readonly string[],
  invited: Invited | undefined,
): Result<HeldKeyring, EnrolmentCode> {
  const opened = keyrings.map(openByItself);
  const start =
    invited === undefined
      ? opened.length - 1
      : opened.findLastIndex((one) => one && rootSetOf(one.keyring) === invited.rootSet);
  let held = opened[start];
  if (held === undefined) return fail(invited === undefined ? 'noKeyring' : 'otherRoots');
  for (const envelope of keyrings.slice(start + 1)) {
    const next = openNextKeyring(held, utf8(envelope));
    if (!next.ok) return fail('brokenChain');
    held = next.value;
  }
  return ok(held);
}

/** Whole and signed by a threshold of the roots that it names itself: whose roots those are is still open. */
export function openByItself(text: string): HeldKeyring | undefined {
  const bytes = utf8(text);
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.keyring);
  const keyring = envelope.ok ? decodeStatement('keyring', envelope.value.payload) : envelope;
  const held = keyring.ok ? openFirstKeyring(bytes, keyring.value) : undefined;
  return held?.ok === true ? held.value : undefined;
}

/** Every key that was asked for, for the use, the person or guard and the machine that were asked for, and not ended. */
function namesAll(held: HeldKeyring, join: Join): Result<void, 'notNamed' | 'otherPlace'> {
  for (const [use, { keyId }] of Object.entries(join.keys)) {
    const hit = findKey(held, keyId);
    if (hit === undefined) return fail('notNamed');
    const place =
      hit.kind === join.kind &&
      hit.id === join.id &&
      hit.use === use &&
      hit.untilIndex === undefined &&
      (join.kind === 'guard' || hit.device === join.device);
    if (!place) return fail('otherPlace');
  }
  return ok(undefined);
}
