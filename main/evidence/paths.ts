// Where each thing lies in a bundle. Names sort in the order of the log.

import type { StatementType } from '../../shared/statement/statement.ts';

export const HEAD = 'checkpoint.txt';
export const FORK = 'fork.json';
export const MANIFEST = 'manifest.json';
export const SUMS = 'SHA256SUMS';
export const README = 'VERIFY.md';

const DIGITS = 12;
const padded = (n: number): string => String(n).padStart(DIGITS, '0');

export const entryFolder = (index: number, type: StatementType): string =>
  `entries/${padded(index)}-${type}`;
export const LEAF = 'leaf.json';
export const PAYLOAD = 'payload.json';
export const PROOF = 'proof.tlog-proof';

export const growthFile = (size: number): string => `growth/${padded(size)}.json`;
export const viewFile = (request: string): string => `views/${request}.txt`;
export const changesFile = (request: string): string => `changes/${request}.txt`;
export const attachmentFile = (sha256: string): string => `attachments/${sha256}`;
export const policyFile = (sha256: string): string => `policies/${sha256}.cedar`;
export const decisionFolder = (sha256: string): string => `decisions/${sha256}`;

const ENTRY = /^entries\/([0-9]{12})-[a-zA-Z]+\/(leaf\.json|payload\.json|proof\.tlog-proof)$/;
const GROWTH = /^growth\/([0-9]{12})\.json$/;
const BY_DIGEST = /^(attachments|policies)\/([0-9a-f]{64})(?:\.cedar)?$/;

export type Place =
  | { readonly what: 'entry'; readonly index: number; readonly part: string }
  | { readonly what: 'growth'; readonly size: number }
  | { readonly what: 'attachments' | 'policies'; readonly sha256: string }
  | { readonly what: 'head' | 'fork' | 'manifest' }
  /** Follows from the rest, or is no file of a bundle at all. */
  | { readonly what: 'derived' };

export function placeOf(name: string): Place {
  if (name === HEAD) return { what: 'head' };
  if (name === FORK) return { what: 'fork' };
  if (name === MANIFEST) return { what: 'manifest' };
  const [, index, part] = ENTRY.exec(name) ?? [];
  if (index !== undefined && part !== undefined)
    return { what: 'entry', index: Number(index), part };
  const [, size] = GROWTH.exec(name) ?? [];
  if (size !== undefined) return { what: 'growth', size: Number(size) };
  const [, kind, sha256] = BY_DIGEST.exec(name) ?? [];
  if (sha256 !== undefined && (kind === 'attachments' || kind === 'policies'))
    return { what: kind, sha256 };
  return { what: 'derived' };
}
