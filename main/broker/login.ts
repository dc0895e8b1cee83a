// Login by key challenge (security note 4.1): hello with a nonce, one signed answer within five seconds, welcome.
// The answer names this broker and this nonce, so neither a relay nor a recording of it is worth anything.

import { fromB64, toHex } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import type { ClientMessageOf } from '../../shared/protocol/messages.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import type { Login } from '../../shared/statement/login.ts';
import { encodeStatement, payloadTypeOf } from '../../shared/statement/statement.ts';
import { fromUtf8 } from '../../shared/bytes.ts';
import type { RandomBytes } from '../trust/digest.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import { seal, verifyEnvelope } from '../trust/envelope.ts';
import { findKey, type HeldKeyring, validNow } from '../trust/keyring.ts';
import { openStatement } from './open-statement.ts';
import type { Session } from './peer.ts';
import type { Clock } from './ports.ts';

export const BROKER_VERSION = 'countersign-broker/0.1.0';

export type LoginPorts = {
  readonly origin: string;
  readonly key: KeyPair;
  readonly clock: Clock;
  readonly random: RandomBytes;
};

/** One connection's challenge: used once, at most. */
export class Challenge {
  readonly nonce: string;
  readonly #issued: number;
  readonly #ports: LoginPorts;
  readonly #exporter: string;
  #used = false;

  /** `exporter`: of the TLS session that the connection runs over, or `none`. */
  constructor(ports: LoginPorts, exporter: string) {
    this.#ports = ports;
    this.#exporter = exporter;
    this.nonce = toHex(ports.random(32));
    this.#issued = ports.clock.monotonic();
  }

  /** Who logged in, or why not. `size` is the log's: a key may be revoked from an index on. */
  accept(
    message: ClientMessageOf<'login'>,
    held: HeldKeyring,
    size: number,
  ): Result<{ readonly session: Session; readonly login: Login }, 'badLogin' | 'revoked'> {
    if (this.#used) return fail('badLogin', 'the nonce has been used');
    this.#used = true;
    if (this.#ports.clock.monotonic() - this.#issued > LIMITS.loginNonceMs) {
      return fail('badLogin', 'the nonce is too old');
    }
    const opened = openStatement('login', message.body.envelope);
    if (!opened.ok) return fail('badLogin', opened.code);
    const login = opened.value.statement;
    if (!this.#isForHere(login)) return fail('badLogin', 'made for another broker or connection');
    const hit = findKey(held, opened.value.keyId);
    if (hit === undefined || hit.use !== 'session' || login.keyId !== opened.value.keyId) {
      return fail('badLogin', 'not a session key');
    }
    if (hit.kind !== login.role) return fail('badLogin', 'another role');
    if (!verifyEnvelope(opened.value.envelope, hit.key)) return fail('badLogin', 'signature');
    if (!validNow(hit, size)) return fail('revoked');
    return ok({ session: { ...hit, kind: login.role }, login });
  }

  /** The broker's answer: it saw this login. */
  welcome(login: Login): string {
    const { key, random, clock } = this.#ports;
    const payload = encodeStatement('welcome', {
      sessionId: toHex(random(16)),
      serverNonce: this.nonce,
      clientNonce: login.clientNonce,
      clientKeyId: login.keyId,
      brokerKeyId: key.keyId,
      issuedAt: new Date(clock.now()).toISOString(),
    });
    return fromUtf8(seal(payloadTypeOf('welcome'), payload, key));
  }

  #isForHere(login: Login): boolean {
    return (
      login.brokerOrigin === this.#ports.origin &&
      login.brokerKeyId === this.#ports.key.keyId &&
      login.serverNonce === this.nonce &&
      // Another session's, or `none` where there is one: it was made for somebody in between.
      login.tlsExporter === this.#exporter
    );
  }
}

/** Bytes of a checked base64 field. */
export function bytesOf(b64: string): Uint8Array {
  const bytes = fromB64(b64);
  invariant(bytes, 'the schema has checked it');
  return bytes;
}
