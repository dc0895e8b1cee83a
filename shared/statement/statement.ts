// The closed list of statement types, and the one way from payload bytes to a checked statement.

import type * as z from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { Auto, MAX_AUTO_PAYLOAD } from './auto.ts';
import { type Cj, decodeCj, encodeCj } from './cj1.ts';
import { Decision } from './decision.ts';
import { Erasure } from './erasure.ts';
import { Escalation } from './escalation.ts';
import { Ending, Notice, Receipt } from './followups.ts';
import { Grant, GrantEnd } from './grant.ts';
import { Keyring } from './keyring.ts';
import { Login, Welcome } from './login.ts';
import { MAX_REQUEST_PAYLOAD, Request } from './request.ts';

export const STATEMENTS = {
  request: Request,
  decision: Decision,
  notice: Notice,
  ending: Ending,
  receipt: Receipt,
  auto: Auto,
  erasure: Erasure,
  escalation: Escalation,
  grant: Grant,
  grantEnd: GrantEnd,
  keyring: Keyring,
  login: Login,
  welcome: Welcome,
} as const;
export type StatementType = keyof typeof STATEMENTS;
export type Statement<T extends StatementType> = z.infer<(typeof STATEMENTS)[T]>;

export const MAX_PAYLOAD: { readonly [T in StatementType]: number } = {
  request: MAX_REQUEST_PAYLOAD,
  decision: 12 * 1024,
  notice: 4 * 1024,
  ending: 8 * 1024,
  receipt: 12 * 1024,
  auto: MAX_AUTO_PAYLOAD,
  erasure: 8 * 1024,
  escalation: 24 * 1024,
  grant: 12 * 1024,
  grantEnd: 4 * 1024,
  keyring: 192 * 1024,
  login: 3 * 1024,
  welcome: 3 * 1024,
};

export const payloadTypeOf = (type: StatementType): string =>
  `application/vnd.countersign.${type}.v1+json`;

export function statementTypeOf(payloadType: string): StatementType | undefined {
  const types = Object.keys(STATEMENTS) as StatementType[];
  return types.find((type) => payloadTypeOf(type) === payloadType);
}

/** CJ-1 bytes of a statement. Throws on one that its own schema refuses: the producer's bug. */
export function encodeStatement<T extends StatementType>(type: T, value: Statement<T>): Uint8Array {
  STATEMENTS[type].parse(value);
  return encodeCj(value as Cj);
}

/** 'cj1' for bytes that are not canonical, 'schema' for members that do not fit. */
export function decodeStatement<T extends StatementType>(
  type: T,
  payload: Uint8Array,
): Result<Statement<T>, 'cj1' | 'schema'> {
  const value = decodeCj(payload, MAX_PAYLOAD[type]);
  if (!value.ok) return value;
  const parsed = STATEMENTS[type].safeParse(value.value);
  if (!parsed.success) return fail('schema', firstIssue(parsed.error));
  // The schema of this type has accepted exactly this value.
  return ok(parsed.data as Statement<T>);
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'statement'}: ${issue.message}` : 'does not fit';
}
