// Rows of the store's tables as the port's plain values. The tables are STRICT and written by this program alone; what
// does not fit is damage, and throws.

import * as z from 'zod';
import { fromHex, utf8 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import { STATEMENTS, type StatementType } from '../../../shared/statement/statement.ts';
import { HASH_LENGTH } from '../../trust/merkle.ts';
import type { FrontierState } from '../../trust/frontier.ts';
import type { StoredDecision, StoredLeaf } from '../ports.ts';
import type { Bodies } from './seal.ts';

const TYPES = Object.keys(STATEMENTS) as [StatementType, ...StatementType[]];

/** A copy without Buffer's own methods, so that both sides of the process boundary see the same kind. */
const Bytes = z.instanceof(Uint8Array).transform((bytes) => new Uint8Array(bytes));
const Maybe = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

/** The columns of a leaf as `leafOf` reads them. */
export const LEAF = "idx, leaf, payload, type, nullif(lower(hex(request)), '') AS request, at";

/** Of a digest as statements have it. Throws for anything else: nothing could find it again. */
export function digestBytes(digest: string): Uint8Array {
  const bytes = fromHex(digest);
  invariant(bytes?.length === HASH_LENGTH, 'a request is named by its digest');
  return bytes;
}

const FrontierRow = z.object({ size: z.int(), hashes: Bytes });

const LeafRow = z.object({
  idx: z.int(),
  leaf: Bytes,
  payload: Bytes.nullable().transform((bytes) => bytes ?? undefined),
  type: z.enum(TYPES),
  request: Maybe,
  at: Maybe,
});

const DecisionRow = z.object({
  sha256: z.string(),
  key_id: z.string(),
  seq: z.int(),
  request: z.string(),
  envelope: Bytes,
  message_id: z.string(),
  state: z.enum(['sending', 'logged', 'refused']),
  code: Maybe,
});

export function frontierOf(row: unknown): FrontierState {
  const { size, hashes } = FrontierRow.parse(row);
  const count = hashes.length / HASH_LENGTH;
  return {
    size,
    hashes: Array.from({ length: count }, (_, i) =>
      hashes.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH),
    ),
  };
}

export function leafOf(row: unknown, bodies: Bodies): StoredLeaf {
  const { idx, payload: stored, ...rest } = LeafRow.parse(row);
  const payload = stored && bodies.take(stored, rest.leaf);
  return payload === 'sealed'
    ? { index: idx, ...rest, payload: undefined, sealed: true }
    : { index: idx, ...rest, payload };
}

/** Only for whoever has the key: without it nobody sends what was not sent. */
export function decisionOf(row: unknown, bodies: Bodies): StoredDecision | undefined {
  const { key_id: keyId, message_id: messageId, envelope, ...rest } = DecisionRow.parse(row);
  const clear = bodies.take(envelope, utf8(rest.sha256));
  return clear === 'sealed' ? undefined : { keyId, messageId, envelope: clear, ...rest };
}
