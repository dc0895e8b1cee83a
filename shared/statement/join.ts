// What somebody who wants in says of themselves: a name and every key that is to be enrolled, with its use, signed by the
// new session key. It proves nothing but that it is whole: an administrator compares its words and the roots sign. It is
// never a leaf of the log, and so stands beside the list of statements that may be.

import * as z from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { type Cj, decodeCj, encodeCj } from './cj1.ts';
import { Id, KeyId, line, Spki, Time } from './fields.ts';

const JoinKey = z.strictObject({ keyId: KeyId, spki: Spki });

const Asked = {
  /** The organisation that they were invited to, where they know it. */
  org: Id.optional(),
  id: Id,
  clientVersion: line(60),
  issuedAt: Time,
};

export const Join = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reviewer'),
    ...Asked,
    name: line(100),
    device: Id,
    keys: z.strictObject({ decision: JoinKey, session: JoinKey, witness: JoinKey }),
  }),
  z.strictObject({
    kind: z.literal('guard'),
    ...Asked,
    host: line(253),
    /** Empty: any agent. */
    agents: z.array(Id).max(64),
    keys: z.strictObject({ guard: JoinKey, session: JoinKey }),
  }),
]);
export type Join = z.infer<typeof Join>;

export const JOIN_TYPE = 'application/vnd.countersign.join.v1+json';
const MAX_PAYLOAD = 5 * 1024;

/** CJ-1 bytes. Throws on a join that its own schema refuses: the producer's bug. */
export const encodeJoin = (join: Join): Uint8Array => encodeCj(Join.parse(join) as Cj);

export function decodeJoin(payload: Uint8Array): Result<Join, 'cj1' | 'schema'> {
  const value = decodeCj(payload, MAX_PAYLOAD);
  if (!value.ok) return value;
  const parsed = Join.safeParse(value.value);
  return parsed.success ? ok(parsed.data) : fail('schema', parsed.error.issues[0]?.message);
}
