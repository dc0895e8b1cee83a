// What an agent wants done, typed. Closed: a member that a reviewer's app does not know cannot be signed for.

import * as z from 'zod';
import { Count, Digest, Id, line, LongField, RawField } from './fields.ts';

/** At most 8 MiB each and 16 MiB a request; bytes travel by digest (spec: Envelope and leaf). */
export const Attachment = z.strictObject({
  sha256: Digest,
  size: Count.max(8 * 1024 * 1024),
  mediaType: line(100),
  name: RawField,
});
export type Attachment = z.infer<typeof Attachment>;

/** A file whose bytes were read through one open descriptor. `mode` is the permission bits in octal. */
export const MeasuredFile = z.strictObject({
  path: RawField,
  sha256: Digest,
  size: Count,
  mode: z.string().regex(/^[0-7]{4}$/),
  uid: Count,
  gid: Count,
});
export type MeasuredFile = z.infer<typeof MeasuredFile>;

/** A value shown as it is, or a secret as an HMAC-SHA-256 under a key that only the guard has. */
const EnvironmentEntry = z.union([
  z.strictObject({ name: RawField, value: LongField }),
  z.strictObject({ name: RawField, secret: Digest }),
]);

/** `live` content is not bound by the approval; `bound` is read to its end and hashed before asking. */
const Stdin = z.union([
  z.strictObject({ from: z.enum(['terminal', 'nothing', 'live']) }),
  z.strictObject({ from: z.literal('bound'), sha256: Digest, size: Count }),
]);

export const ExecAction = z.strictObject({
  kind: z.literal('exec'),
  argv: z.array(LongField).min(1).max(4096),
  cwd: RawField,
  executable: MeasuredFile,
  /** Set where `executable` is the interpreter that a script names, or that argv starts. */
  script: MeasuredFile.optional(),
  /** How the interpreter will be called: the `#!` words, before the script's path. */
  interpreterArgs: z.array(RawField).max(1).optional(),
  env: z.array(EnvironmentEntry).max(256),
  stdin: Stdin,
  inputs: z.array(MeasuredFile).max(64),
  uid: Count,
  gid: Count,
  umask: z.string().regex(/^[0-7]{4}$/),
  /** `descriptor`: what was hashed is what runs. `path`: hashed again just before. `copy`: a private copy runs. */
  runs: z.enum(['descriptor', 'path', 'copy']),
});
export type ExecAction = z.infer<typeof ExecAction>;

/** A Model Context Protocol tool call; `argumentsRaw` is the JSON text as received. */
export const McpAction = z.strictObject({
  kind: z.literal('mcp'),
  server: line(200),
  tool: line(200),
  definitionSha256: Digest,
  argumentsRaw: LongField,
});

export const HttpAction = z.strictObject({
  kind: z.literal('http'),
  method: z.string().regex(/^[A-Z]{1,20}$/),
  scheme: z.enum(['http', 'https']),
  host: line(253),
  port: Count.min(1).max(65535),
  path: LongField,
  query: LongField,
  headers: z.array(z.strictObject({ name: line(100), value: RawField })).max(64),
  body: Digest.optional(),
});

/** What hooks and SDKs hold: the runtime runs it later, so only its text is bound. */
export const ToolAction = z.strictObject({
  kind: z.literal('tool'),
  runtime: Id,
  tool: line(200),
  inputRaw: LongField,
  cwd: RawField,
});

export const Action = z.discriminatedUnion('kind', [ExecAction, McpAction, HttpAction, ToolAction]);
export type Action = z.infer<typeof Action>;
