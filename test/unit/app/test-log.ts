// The log as an honest broker keeps it, in memory: leaves with their bodies, roots and signed checkpoints of any size.

import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import type { KeyPair } from '../../../main/trust/ed25519.ts';
import { parseEnvelope, seal } from '../../../main/trust/envelope.ts';
import { Frontier } from '../../../main/trust/frontier.ts';
import { leafOf } from '../../../main/trust/leaf.ts';
import { leafHash } from '../../../main/trust/merkle.ts';
import { fromUtf8, toB64 } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/result.ts';
import {
  encodeStatement,
  payloadTypeOf,
  type Statement,
  type StatementType,
} from '../../../shared/statement/statement.ts';

export type LogLeaf = { readonly leaf: Uint8Array; readonly payload: Uint8Array };
export type LeavesBody = {
  readonly from: number;
  readonly entries: { leaf: string; payload?: string | undefined }[];
};

export class TestLog {
  readonly leaves: LogLeaf[] = [];
  readonly origin: string;
  readonly key: KeyPair;

  constructor(origin: string, key: KeyPair) {
    this.origin = origin;
    this.key = key;
  }

  /** Index of the leaf. */
  append(envelope: Uint8Array): number {
    const parsed = parseEnvelope(envelope, 256 * 1024);
    invariant(parsed.ok, 'an envelope');
    this.leaves.push({ leaf: leafOf(parsed.value), payload: parsed.value.payload });
    return this.leaves.length - 1;
  }

  /** Signed and appended; its payload's digest. */
  say<T extends StatementType>(type: T, says: Statement<T>, by: KeyPair): string {
    const payload = encodeStatement(type, says);
    this.append(seal(payloadTypeOf(type), payload, by));
    return sha256Hex(payload);
  }

  root(size = this.leaves.length): Uint8Array {
    const tree = Frontier.restore({ size: 0, hashes: [] });
    invariant(tree.ok, 'an empty tree');
    for (const { leaf } of this.leaves.slice(0, size)) tree.value.append(leafHash(leaf));
    return tree.value.root();
  }

  note(size = this.leaves.length): string {
    return makeCheckpoint(this.origin, size, this.root(size), this.key);
  }

  frames(from = 0, to = this.leaves.length): LeavesBody {
    const entries = this.leaves
      .slice(from, to)
      .map(({ leaf, payload }) => ({ leaf: fromUtf8(leaf), payload: toB64(payload) }));
    return { from, entries };
  }
}
