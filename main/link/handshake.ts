// Hello, login, welcome (security note 4.1), without I/O. A broker counts only if the keyring in force holds its session
// key and it answers under the origin that was dialled; it has proved itself only by signing both nonces of this login.

import { textOf, toHex, utf8 } from '../../shared/bytes.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Login } from '../../shared/statement/login.ts';
import { decodeStatement, encodeStatement } from '../../shared/statement/statement.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair, PublicKey } from '../trust/ed25519.ts';
import { parseEnvelope, seal, verifyEnvelope } from '../trust/envelope.ts';
import { payloadTypeOf } from '../../shared/statement/statement.ts';
import { findKey, type HeldKeyring } from '../trust/keyring.ts';
import { ENVELOPE_LIMITS } from '../trust/limits.ts';
import type { Address } from './dial-socket.ts';

export type Endpoint = Address & {
  readonly origin: string;
  readonly brokerKeyId: string;
};

export type Role = Login['role'];

/**
 * Why what answers at the address is not the keyring's broker.
 * `notABroker`: it does not speak the protocol. `wrongOrigin`: it calls itself something else than what was dialled.
 * `wrongKey`: its key is not the endpoint's. `unknownKey`: the keyring holds no such key, or holds it for another use.
 * `revokedKey`: the keyring has ended it. `badWelcome`: it could not prove the key over this login's nonces.
 */
export type StrangerCode =
  | 'notABroker'
  | 'wrongOrigin'
  | 'wrongKey'
  | 'unknownKey'
  | 'revokedKey'
  | 'badWelcome';

export type Hello = ServerMessageOf<'hello'>['body'];
export type LoginStatement = Login;

/** The key that must sign the welcome. Nothing is signed for a hello that fails here. */
export function checkHello(
  hello: Hello,
  endpoint: Endpoint,
  held: HeldKeyring,
): Result<PublicKey, StrangerCode> {
  if (hello.brokerOrigin !== endpoint.origin) return fail('wrongOrigin');
  if (hello.brokerKeyId !== endpoint.brokerKeyId) return fail('wrongKey');
  return brokerKey(held, hello.brokerKeyId);
}

/** A key that may speak as a broker under this keyring. An end that lies ahead counts as an end: which index holds now only
 *  the broker could say. */
export function brokerKey(held: HeldKeyring, keyId: string): Result<PublicKey, StrangerCode> {
  const hit = findKey(held, keyId);
  if (hit === undefined || hit.kind !== 'broker' || hit.use !== 'session')
    return fail('unknownKey');
  if (hit.untilIndex !== undefined) return fail('revokedKey');
  return ok(hit.key);
}

/** The login for this hello, and the text of its envelope. `origin` and key are what was dialled, not what was said. */
export function signLogin(
  hello: Hello,
  by: {
    readonly endpoint: Endpoint;
    readonly role: Role;
    readonly sessionKey: KeyPair;
    readonly tlsExporter: string;
    readonly version: string;
    readonly nowMs: number;
    readonly random: RandomBytes;
  },
): { readonly login: LoginStatement; readonly envelope: string } {
  const login: LoginStatement = {
    brokerOrigin: by.endpoint.origin,
    brokerKeyId: by.endpoint.brokerKeyId,
    serverNonce: hello.serverNonce,
    clientNonce: toHex(by.random(32)),
    role: by.role,
    keyId: by.sessionKey.keyId,
    tlsExporter: by.tlsExporter,
    clientVersion: by.version,
    issuedAt: new Date(by.nowMs).toISOString(),
  };
  const payload = encodeStatement('login', login);
  const envelope = textOf(seal(payloadTypeOf('login'), payload, by.sessionKey)) ?? '';
  return { login, envelope };
}

/** The session's id, if this welcome is signed by `key` and answers exactly this login. */
export function checkWelcome(
  envelopeText: string,
  login: LoginStatement,
  key: PublicKey,
): Result<string, 'badWelcome'> {
  const envelope = parseEnvelope(utf8(envelopeText), ENVELOPE_LIMITS.welcome);
  if (!envelope.ok) return fail('badWelcome', envelope.detail);
  const { payloadType, payload, signatures } = envelope.value;
  if (payloadType !== payloadTypeOf('welcome')) return fail('badWelcome', 'another statement');
  if (signatures.length !== 1 || !verifyEnvelope(envelope.value, key)) {
    return fail('badWelcome', 'the signature does not fit');
  }
  const welcome = decodeStatement('welcome', payload);
  if (!welcome.ok) return fail('badWelcome', welcome.detail);
  const said = welcome.value;
  const answers =
    said.serverNonce === login.serverNonce &&
    said.clientNonce === login.clientNonce &&
    said.clientKeyId === login.keyId &&
    said.brokerKeyId === login.brokerKeyId;
  return answers ? ok(said.sessionId) : fail('badWelcome', 'it answers another login');
}
