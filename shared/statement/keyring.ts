// Who is who, signed by a threshold of root keys: the only place from which trust in a key comes.

import * as z from 'zod';
import { TIERS } from '../domain/tier.ts';
import { Count, Digest, Id, KeyId, line, Origin, Spki, Time } from './fields.ts';

/** Valid for leaves with fromIndex <= index < untilIndex: revocation is by log index, not by time. */
const Validity = {
  keyId: KeyId,
  spki: Spki,
  fromIndex: Count,
  untilIndex: Count.optional(),
  why: line(200).optional(),
};

const ReviewerKey = z.strictObject({
  ...Validity,
  use: z.enum(['decision', 'session', 'witness']),
  device: Id,
});
const GuardKey = z.strictObject({ ...Validity, use: z.enum(['guard', 'session']) });
const BrokerKey = z.strictObject({ ...Validity, use: z.enum(['session', 'log']) });
const ChannelKey = z.strictObject({ ...Validity, use: z.enum(['decision', 'session']) });

export const Keyring = z.strictObject({
  org: Id,
  version: Count.min(1),
  /** SHA-256 of the payload of the version before; absent in version 1 only. */
  prevSha256: Digest.optional(),
  /** One person, one machine: no separation of duties, no second witness. Nothing else waives them. */
  solo: z.boolean(),
  issuedAt: Time,
  expires: Time,
  threshold: Count.min(1).max(16),
  roots: z
    .array(z.strictObject({ keyId: KeyId, spki: Spki }))
    .min(1)
    .max(16),
  log: z.strictObject({ origin: Origin, vkey: line(400) }),
  brokers: z.array(z.strictObject({ id: Id, keys: z.array(BrokerKey).max(16) })).max(16),
  reviewers: z
    .array(
      z.strictObject({
        id: Id,
        name: line(100),
        groups: z.array(Id).max(64),
        keys: z.array(ReviewerKey).max(64),
      }),
    )
    .max(200),
  guards: z
    .array(
      z.strictObject({
        id: Id,
        host: line(253),
        /** Empty: any agent. */
        agents: z.array(Id).max(64),
        maxTier: z.enum(TIERS),
        keys: z.array(GuardKey).max(16),
      }),
    )
    .max(200),
  channels: z
    .array(z.strictObject({ id: Id, kind: line(40), keys: z.array(ChannelKey).max(8) }))
    .max(32),
  groups: z.array(z.strictObject({ id: Id, name: line(100) })).max(64),
  /** The person who answers for an agent; may not approve its critical actions. */
  owners: z.array(z.strictObject({ agent: Id, owner: Id })).max(200),
  /** The last one is in force; the others are those that open requests may still name. */
  policies: z
    .array(
      z.strictObject({
        sha256: Digest,
        name: line(100),
        /** What belongs to the rules beside them: targets, groups, checks. Other settings are another policy. */
        settings: Digest.optional(),
      }),
    )
    .max(32),
  /** People who must have cosigned the log before a guard acts, and how long ago at most. Absent: 1 within 5 minutes, solo 0. */
  witnesses: z
    .strictObject({ count: Count.max(16), withinMs: Count.min(1000).max(24 * 3600 * 1000) })
    .optional(),
});
export type Keyring = z.infer<typeof Keyring>;
export type KeyUse = 'decision' | 'session' | 'witness' | 'guard' | 'log';
