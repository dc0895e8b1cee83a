// What an entry about our request is. Only a decision can let anything run; everything here can only refuse or inform,
// so it needs a fitting signature and nothing more (spec: any authentic refusal is honoured at once).

import {
  decodeStatement,
  payloadTypeOf,
  type Statement,
} from '../../shared/statement/statement.ts';
import { type Envelope, parseEnvelope, verifyEnvelope } from '../trust/envelope.ts';
import { findKey, type HeldKeyring } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';

export type Refused =
  | { readonly by: 'ending'; readonly ending: Statement<'ending'> }
  | { readonly by: 'chat'; readonly who: string };

/** `seen`: a reviewer has looked. Undefined: nothing that this guard believes. Decisions are judged elsewhere. */
export function readRefusal(
  bytes: Uint8Array,
  request: string,
  keyring: HeldKeyring,
): Refused | 'seen' | 'decision' | undefined {
  const envelope = parseEnvelope(bytes, ENVELOPE_LIMITS.ending);
  // Whatever cannot be read may have been meant as a decision: its own check names what is wrong with it.
  if (!envelope.ok) return 'decision';
  switch (envelope.value.payloadType) {
    case payloadTypeOf('ending'):
      return readEnding(envelope.value, request, keyring);
    case payloadTypeOf('notice'):
      return readNotice(envelope.value, request, keyring);
    default:
      return 'decision';
  }
}

/** By the log's key, after this guard was gone or silent. An ending by any other key is nobody's. */
function readEnding(
  envelope: Envelope,
  request: string,
  keyring: HeldKeyring,
): Refused | undefined {
  const says = decodeStatement('ending', envelope.payload);
  const hit = findKey(keyring, envelope.signatures[0]?.keyid ?? '');
  if (!says.ok || says.value.request !== request || hit?.use !== 'log') return undefined;
  if (says.value.who.keyId !== hit.key.keyId || !verifyEnvelope(envelope, hit.key))
    return undefined;
  // A broker's ending can only be a refusal: one that says approved lets nothing run, and ends it all the same.
  return { by: 'ending', ending: says.value };
}

function readNotice(
  envelope: Envelope,
  request: string,
  keyring: HeldKeyring,
): Refused | 'seen' | undefined {
  const says = decodeStatement('notice', envelope.payload);
  const hit = findKey(keyring, envelope.signatures[0]?.keyid ?? '');
  if (!says.ok || says.value.request !== request || hit?.use !== 'session') return undefined;
  if (says.value.by.keyId !== hit.key.keyId || !verifyEnvelope(envelope, hit.key)) return undefined;
  const { what, by } = says.value;
  // A chat's denial is its channel's to tell; that somebody looked, a reviewer's app.
  if (what === 'chatDenied') return hit.kind === 'channel' ? { by: 'chat', who: by.id } : undefined;
  return hit.kind === 'reviewer' && what !== 'delivered' ? 'seen' : undefined;
}
