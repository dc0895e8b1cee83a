// What policy allowed or forbade without asking anybody: a guard's signed account, many actions at a time. It names an
// action by its digest and carries the facts that policy looked at; what an agent said about it is not repeated.

import * as z from 'zod';
import { Digest, Id, Id16, KeyId, line, Origin, Time } from './fields.ts';
import { GrantUse } from './grant.ts';
import { GUARD_MODES, Request } from './request.ts';

export const MAX_AUTOS = 256;
/** Its envelope in base64, with a signature, stays within one frame. */
export const MAX_AUTO_PAYLOAD = 128 * 1024;

export const AutoEntry = z.strictObject({
  /** An entry that was sent twice is one entry. */
  id: Id16,
  /** SHA-256 of the action's CJ-1 bytes. */
  action: Digest,
  agent: Request.shape.agent,
  mode: z.enum(GUARD_MODES),
  facts: Request.shape.facts,
  evaluatedAt: Time,
  policy: z.strictObject({ sha256: Digest, rules: z.array(line(200)).max(64) }),
  outcome: z.enum(['allow', 'forbid']),
  /** What policy holds and a grant let run; absent where policy alone decided. */
  grant: GrantUse.optional(),
});
export type AutoEntry = z.infer<typeof AutoEntry>;

export const Auto = z.strictObject({
  org: Id,
  log: Origin,
  guard: z.strictObject({ id: Id, keyId: KeyId, host: line(253) }),
  entries: z.array(AutoEntry).min(1).max(MAX_AUTOS),
  /** Of its newest entry, so that the same entries are the same statement. */
  at: Time,
});
export type Auto = z.infer<typeof Auto>;
