// A guard's signed statement: this action, by this agent, for this reason, in this environment.

import * as z from 'zod';
import { TIERS } from '../domain/tier.ts';
import { Action, Attachment } from './action.ts';
import { Count, Digest, Id, Id16, KeyId, line, Nonce, Origin, rawText, Time } from './fields.ts';

export const GUARD_MODES = ['run', 'mcp', 'hook', 'proxy', 'sdk', 'api'] as const;

/** One condition that an approval must meet; all of them together are what policy needs. */
export const Need = z.strictObject({ group: Id, count: Count.min(1).max(16) });
export type Need = z.infer<typeof Need>;

export type Fact = string | number | boolean | readonly string[];

const FACT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 4096;
const isFact = (value: unknown): value is Fact =>
  isText(value) ||
  typeof value === 'boolean' ||
  (Number.isSafeInteger(value) && Number(value) >= 0) ||
  (Array.isArray(value) && value.length <= 256 && value.every(isText));

/** By hand: some forty facts stand in every request, and a union of schemas for each is half of what reading one costs. */
const Facts = z.custom<Record<string, Fact>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, fact]) => FACT_NAME.test(name) && isFact(fact)),
  'not names with texts, counts, truths or lists of texts',
);

export const Request = z.strictObject({
  requestId: Id16,
  nonce: Nonce,
  org: Id,
  log: Origin,
  guard: z.strictObject({ id: Id, keyId: KeyId, host: line(253), mode: z.enum(GUARD_MODES) }),
  agent: z.strictObject({
    id: Id,
    session: line(200),
    /** The person the agent works for: a reviewer's id where one is known, else an account name. */
    onBehalfOf: Id,
    /** How the guard knows: `declared` on its command line, the `account` it runs under, or a `token` it checked. */
    authn: z.enum(['declared', 'account', 'token']),
  }),
  action: Action,
  facts: Facts,
  evaluatedAt: Time,
  policy: z.strictObject({
    sha256: Digest,
    rules: z.array(line(200)).max(64),
    tier: z.enum(TIERS),
    needs: z.array(Need).min(1).max(16),
  }),
  checks: z
    .array(
      z.strictObject({
        name: line(100),
        outcome: z.enum(['passed', 'failed', 'notApplicable']),
        why: rawText(1000),
      }),
    )
    .max(64),
  reason: rawText(2000),
  /** The agent's own words about it: shown fenced, as unverified. */
  narrative: rawText(4000),
  /** What made the agent do this, as far as the guard knows: a ticket, a prompt, a schedule. */
  trigger: rawText(1000),
  attachments: z.array(Attachment).max(64),
  /** The request that this one changes. */
  parent: Digest.optional(),
  createdAt: Time,
  ttlMs: Count.min(1000).max(24 * 3600 * 1000),
});
export type Request = z.infer<typeof Request>;

/** Under 45 KiB (spec), and small enough that its base64 with a signature fits a 60 KiB envelope. */
export const MAX_REQUEST_PAYLOAD = 44 * 1024;
