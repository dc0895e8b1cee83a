// The client's side of a key challenge (security note 4.1): proof of a session key, bound to this broker and nonce.

import * as z from 'zod';
import { Id16, KeyId, line, Nonce, Origin, Time } from './fields.ts';

export const Login = z.strictObject({
  brokerOrigin: Origin,
  brokerKeyId: KeyId,
  serverNonce: Nonce,
  clientNonce: Nonce,
  role: z.enum(['reviewer', 'guard']),
  keyId: KeyId,
  /** RFC 9266 exporter in hex, or `none` where there is no TLS between the two. */
  tlsExporter: z.union([Nonce, z.literal('none')]),
  clientVersion: line(60),
  issuedAt: Time,
});
export type Login = z.infer<typeof Login>;

/** What the broker signs back: that it saw this login. */
export const Welcome = z.strictObject({
  sessionId: Id16,
  serverNonce: Nonce,
  clientNonce: Nonce,
  clientKeyId: KeyId,
  brokerKeyId: KeyId,
  issuedAt: Time,
});
export type Welcome = z.infer<typeof Welcome>;
