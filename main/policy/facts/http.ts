// An HTTP request: what its method promises, where it goes, what it carries.

import type { HttpAction } from '../../../shared/statement/action.ts';
import type * as z from 'zod';
import { can, type Findings } from './findings.ts';
import { host, isPrivate } from './hosts.ts';
import { literal } from './word.ts';

type Http = z.infer<typeof HttpAction>;

/** RFC 9110 9.2.1: methods whose semantics are read-only. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const CREDENTIALS = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
  'x-auth-token',
]);

export type HttpFacts = {
  readonly safeMethod: boolean;
  readonly privateHost: boolean;
  readonly body: boolean;
};

export function httpFindings(found: Findings, action: Http): HttpFacts {
  const safeMethod = SAFE.has(action.method);
  host(found, literal(action.host));
  if (safeMethod) can(found, 'read');
  else can(found, action.method === 'DELETE' ? 'delete' : 'write');
  if (action.method === 'CONNECT') can(found, 'upload', 'download');
  if (action.body !== undefined) can(found, 'upload');
  if (action.headers.some(({ name }) => CREDENTIALS.has(name.toLowerCase()))) can(found, 'secret');
  return { safeMethod, privateHost: isPrivate(action.host), body: action.body !== undefined };
}
