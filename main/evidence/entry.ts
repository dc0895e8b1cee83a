// One entry of the log as a bundle has it: the leaf that was hashed, and its text where it is there. Opening reads and
// verifies nothing but the digest of the text.

import { fail, ok, type Result } from '../../shared/result.ts';
import {
  decodeStatement,
  type Statement,
  type StatementType,
  statementTypeOf,
} from '../../shared/statement/statement.ts';
import type { Envelope } from '../trust/envelope.ts';
import { joinLeaf, type Leaf, parseLeaf } from '../trust/leaf.ts';

export type Entry = {
  readonly index: number;
  readonly leaf: Uint8Array;
  /** Absent where it was erased, or never for the machine that made the bundle. */
  readonly payload: Uint8Array | undefined;
};

export type Spoken = {
  [T in StatementType]: { readonly type: T; readonly says: Statement<T> };
}[StatementType];
export type SpokenOf<T extends StatementType> = Extract<Spoken, { readonly type: T }>;

export type Opened = Entry & {
  readonly type: StatementType;
  readonly parsed: Leaf;
  /** With the text: what was signed. */
  readonly envelope: Envelope | undefined;
  /** Absent without a text, and where it is not a statement of its type: then `trouble` says why. */
  readonly spoken: Spoken | undefined;
  readonly trouble: string | undefined;
};

/** 'leaf': no leaf of a known type. 'payload': the text is another one than the leaf names. */
export function openEntry(entry: Entry): Result<Opened, 'leaf' | 'payload'> {
  const leaf = parseLeaf(entry.leaf);
  if (!leaf.ok) return fail('leaf', leaf.detail);
  const type = statementTypeOf(leaf.value.payloadType);
  if (type === undefined) return fail('leaf', `a ${leaf.value.payloadType} is not known here`);
  const opened = { ...entry, type, parsed: leaf.value, trouble: undefined };
  if (entry.payload === undefined) return ok({ ...opened, envelope: undefined, spoken: undefined });
  const envelope = joinLeaf(leaf.value, entry.payload);
  if (!envelope.ok) return envelope;
  const says = decodeStatement(type, entry.payload);
  if (!says.ok) {
    const trouble = `not a statement of its type (${says.detail ?? says.code})`;
    return ok({ ...opened, envelope: envelope.value, spoken: undefined, trouble });
  }
  // decodeStatement has read it as this very type.
  const spoken = { type, says: says.value } as Spoken;
  return ok({ ...opened, envelope: envelope.value, spoken });
}

/** The digest of the request that the entry is, or is about; undefined where that is not known. */
export function requestOf({ type, parsed, spoken }: Opened): string | undefined {
  if (type === 'request') return parsed.payloadSha256;
  if (spoken?.type === 'auto') return grantedBy(spoken.says);
  return spoken !== undefined && 'request' in spoken.says ? spoken.says.request : undefined;
}

/** The one request whose grants let every entry run. */
function grantedBy({ entries }: Statement<'auto'>): string | undefined {
  const all = entries.map(({ grant }) => grant?.request);
  return all.every((one) => one === all[0]) ? all[0] : undefined;
}

/** Digests of what a statement rests on. */
export function referredBy({ spoken }: Opened): readonly string[] {
  switch (spoken?.type) {
    case 'request':
      return spoken.says.parent === undefined ? [] : [spoken.says.parent];
    case 'decision':
    case 'notice':
    case 'escalation':
      return [spoken.says.request];
    case 'grant':
    case 'grantEnd':
      return [spoken.says.request];
    case 'auto':
      return spoken.says.entries.flatMap(({ grant }) =>
        grant === undefined ? [] : [grant.request, ...grant.grants],
      );
    case 'erasure':
      return [spoken.says.request, ...spoken.says.what];
    case 'ending':
    case 'receipt':
      return [spoken.says.request, ...spoken.says.decisions];
    default:
      return [];
  }
}

/** A denial that proposes something else: what a changed request rests on without naming it. */
export const proposesTo = ({ spoken }: Opened, children: readonly Opened[]): boolean =>
  spoken?.type === 'decision' &&
  spoken.says.changes !== undefined &&
  children.some(
    (one) => one.spoken?.type === 'request' && one.spoken.says.parent === spoken.says.request,
  );

/** The head of the log that the signer had seen, as base64; '' of a guard's receipt before its first. */
export function headIn({ spoken }: Opened): string | undefined {
  return spoken?.type === 'decision' || spoken?.type === 'receipt' || spoken?.type === 'grant'
    ? spoken.says.checkpoint || undefined
    : undefined;
}
