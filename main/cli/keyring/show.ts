// `keyring show` and `keyring invite`: who is who, whose signatures are there, and what somebody types who is to join.

import { keyWords } from '../../../shared/domain/key-words.ts';
import { ok } from '../../../shared/result.ts';
import type { Keyring } from '../../../shared/statement/keyring.ts';
import { isLoopback } from '../../link/dial-socket.ts';
import { formatInvitation } from '../../link/invitation.ts';
import { rootSetOf } from '../../trust/keyring.ts';
import { readEndpoint } from '../../state/endpoint.ts';
import { parseEnvelope } from '../../trust/envelope.ts';
import type { HeldKeyring } from '../../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../../trust/limits.ts';
import { EXITS } from '../exits.ts';
import { readDraft, readKeyring } from './draft.ts';
import { factsOf, lineOf } from './facts.ts';
import { openHere } from './here.ts';
import { sayDraft } from './sign.ts';
import type { Talk } from './talk.ts';
import { words } from './words.ts';

export async function show(talk: Talk, path: string | undefined): Promise<number> {
  if (path === undefined) {
    const here = openHere(talk.machine);
    if (!here.ok) return talk.refuse(here.detail ?? words.notHere, EXITS.notConfigured);
    showHeld(talk, here.value.keyrings.held());
    return 0;
  }
  const draft = readDraft(path);
  if (draft.ok) {
    sayFacts(talk, draft.value.keyring);
    saySigners(
      talk,
      draft.value.keyring,
      draft.value.signatures.map((one) => one.keyid),
    );
    sayDraft(talk, draft.value);
    return 0;
  }
  const held = readKeyring(path);
  // A draft that is one in part says what is wrong with it.
  const both = [...new Set([held.ok ? undefined : held.detail, draft.detail])].join('; ');
  if (!held.ok) return talk.refuse(both, EXITS.usage);
  showHeld(talk, held.value);
  return 0;
}

/** The words of the root set are what a person who joins without an invitation compares. */
export const rootSetWords = (keyring: Keyring): string => keyWords(rootSetOf(keyring));

function showHeld(talk: Talk, held: HeldKeyring): void {
  sayFacts(talk, held.keyring);
  const envelope = parseEnvelope(held.envelope, ENVELOPE_LIMITS.keyring);
  const signers = envelope.ok ? envelope.value.signatures.map((one) => one.keyid) : [];
  saySigners(talk, held.keyring, signers);
}

function sayFacts(talk: Talk, keyring: Keyring): void {
  for (const { label, value } of factsOf(keyring)) talk.print(lineOf(label, value));
  talk.print(`organisation and roots together: ${rootSetWords(keyring)}`);
}

function saySigners(talk: Talk, keyring: Keyring, signers: readonly string[]): void {
  for (const { keyId } of keyring.roots)
    talk.print(
      `${signers.includes(keyId) ? 'signed by' : 'not signed by'} root key ${keyWords(keyId)}`,
    );
}

/** From a keyring file, else from what this machine holds. */
export function invite(talk: Talk, given: string | undefined, path: string | undefined): number {
  const here = openHere(talk.machine);
  const held =
    path !== undefined ? readKeyring(path) : here.ok ? ok(here.value.keyrings.held()) : here;
  if (!held.ok)
    return talk.refuse(
      held.detail ?? words.notHere,
      path === undefined ? EXITS.notConfigured : EXITS.usage,
    );
  const endpoint = here.ok ? readEndpoint(here.value.home) : here;
  const url = given ?? (endpoint.ok ? endpoint.value.url : undefined);
  if (url === undefined || !/^wss?:\/\/[^\s/?#@]+\/?$/.test(url))
    return talk.refuse('--url: an address like wss://broker.example:8750', EXITS.usage);
  if (given === undefined && isLoopback(url))
    return talk.refuse(
      `${url} is this machine alone: say --url with the address that others reach`,
      EXITS.usage,
    );
  talk.print(formatInvitation(url, held.value.keyring));
  return 0;
}
