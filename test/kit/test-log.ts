// A log in memory with real hashes, heads and proofs, for whoever plays the broker. It can do what a hostile one can:
// copy itself at any size and grow another way, sign any head, prove anything that is true of its own leaves.

import { fromUtf8, toB64 } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import type { ServerMessageOf } from '../../shared/protocol/messages.ts';
import { makeCheckpoint } from '../../main/trust/checkpoint.ts';
import { sha256 } from '../../main/trust/digest.ts';
import type { KeyPair } from '../../main/trust/ed25519.ts';
import { parseEnvelope } from '../../main/trust/envelope.ts';
import { leafOf } from '../../main/trust/leaf.ts';
import { leafHash, nodeHash } from '../../main/trust/merkle.ts';
import {
  consistencyProof,
  inclusionProof,
  type NodeReader,
  rootAt,
} from '../../main/trust/tree.ts';

export type Entry = ServerMessageOf<'entry'>['body'];

export class TestLog {
  readonly origin: string;
  readonly key: KeyPair;
  readonly #leaves: Uint8Array[];

  constructor(origin: string, key: KeyPair, leaves: readonly Uint8Array[] = []) {
    this.origin = origin;
    this.key = key;
    this.#leaves = [...leaves];
  }

  get size(): number {
    return this.#leaves.length;
  }

  /** The index of its leaf. */
  append(envelope: Uint8Array): number {
    const parsed = parseEnvelope(envelope, 256 * 1024);
    invariant(parsed.ok, 'only envelopes have leaves');
    return this.appendHash(leafHash(leafOf(parsed.value)));
  }

  appendHash(hash: Uint8Array): number {
    return this.#leaves.push(hash) - 1;
  }

  /** Leaves of other people's requests. */
  pad(count: number, salt = 'pad'): this {
    for (let i = 0; i < count; i++) this.appendHash(sha256(Buffer.from(`${salt} ${this.size}`)));
    return this;
  }

  /** The same first leaves, and from there on its own. */
  fork(size = this.size): TestLog {
    return new TestLog(this.origin, this.key, this.#leaves.slice(0, size));
  }

  note(size = this.size): string {
    return makeCheckpoint(this.origin, size, rootAt(this.#reader, size), this.key);
  }

  inclusion(index: number, size = this.size): string[] {
    return inclusionProof(this.#reader, index, size).map(toB64);
  }

  consistency(first: number, second: number): string[] {
    return consistencyProof(this.#reader, first, second).map(toB64);
  }

  /** What an honest broker sends about a leaf. */
  entry(request: string, envelope: Uint8Array, index: number, requestIndex: number): Entry {
    return {
      request,
      envelope: fromUtf8(envelope),
      index,
      proof: this.inclusion(index),
      requestIndex,
      requestProof: this.inclusion(requestIndex),
      note: this.note(),
    };
  }

  readonly #reader: NodeReader = {
    leafHash: (index) => {
      const hash = this.#leaves[index];
      invariant(hash, 'the leaf is there');
      return hash;
    },
    node: (level, index) => {
      const at = (one: number): Uint8Array =>
        level === 1 ? this.#reader.leafHash(one) : this.#reader.node(level - 1, one);
      return nodeHash(at(2 * index), at(2 * index + 1));
    },
  };
}
