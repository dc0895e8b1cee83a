// Appends a batch in ONE transaction: leaves, tree nodes, payloads, request states and the answers to the messages.
// When it returns ok the batch is on disk; on any failure nothing of it is, neither there nor in memory.

import { fromHex } from '../../shared/bytes.ts';
import { invariant, ok, type Result } from '../../shared/result.ts';
import { leafHash } from '../trust/merkle.ts';
import { Frontier, type FrontierState } from '../trust/frontier.ts';
import type { Writer } from './database.ts';
import type { Entry } from './entry.ts';
import { type DiskCode, onDisk } from './on-disk.ts';
import { packNodes } from './tree-rows.ts';

export class Appender {
  readonly #writer: Writer;
  readonly #statements: ReturnType<typeof prepare>;
  #frontier: Frontier;

  constructor(writer: Writer, frontier: Frontier) {
    this.#writer = writer;
    this.#frontier = frontier;
    this.#statements = prepare(writer);
  }

  get size(): number {
    return this.#frontier.size;
  }

  root(): Uint8Array {
    return this.#frontier.root();
  }

  /** For each entry the index of its leaf, or undefined where it has none. */
  append(entries: readonly Entry[]): Result<readonly (number | undefined)[], DiskCode> {
    const before = this.#frontier.state();
    let written = false;
    try {
      const write = this.#writer.transaction(() => entries.map((entry) => this.#write(entry)));
      const indexes = onDisk<readonly (number | undefined)[], never>(() => ok(write.immediate()));
      written = indexes.ok;
      return indexes;
    } finally {
      if (!written) this.#restore(before);
    }
  }

  #restore(before: FrontierState): void {
    const restored = Frontier.restore(before);
    invariant(restored.ok, 'a frontier restores its own state');
    this.#frontier = restored.value;
  }

  #write(entry: Entry): number | undefined {
    const index = entry.leaf === undefined ? undefined : this.#writeLeaf(entry.leaf);
    const to = this.#statements;
    if (entry.notice !== undefined) {
      const { request, what, keyId, envelope } = entry.notice;
      to.notice.run(blob(request), what, blob(keyId), envelope);
    }
    if (index !== undefined) this.#writeEffects(entry, index);
    if (entry.message !== undefined) {
      const { principal, id, digest, at } = entry.message;
      to.message.run(blob(principal), blob(id), blob(digest), index ?? null, at);
    }
    return index;
  }

  #writeLeaf({ leaf, payload, payloadSha256 }: NonNullable<Entry['leaf']>): number {
    const index = this.#frontier.size;
    const hash = leafHash(leaf);
    const nodes = packNodes(this.#frontier.append(hash));
    const digest = blob(payloadSha256);
    this.#statements.leaf.run(index, leaf, hash, nodes, digest);
    this.#statements.payload.run(digest, payload);
    return index;
  }

  #writeEffects({ opens, about, chain, keyring }: Entry, index: number): void {
    const to = this.#statements;
    if (opens !== undefined) {
      to.open.run(blob(opens.request), index, opens.guard);
      for (const sha256 of opens.attachments) to.use.run(opens.guard, blob(sha256));
    }
    if (about !== undefined) {
      const changed = to.about.run(index, about.ends ? 1 : 0, blob(about.request));
      invariant(changed.changes === 1, 'a leaf is about a stored request');
    }
    if (chain !== undefined) to.chain.run(blob(chain.keyId), chain.seq, blob(chain.digest));
    if (keyring !== undefined) to.keyring.run(keyring.version, index);
  }
}

function prepare(writer: Writer) {
  return {
    leaf: writer.prepare('insert into leaves values (?, ?, ?, ?, ?)'),
    payload: writer.prepare('insert into payloads values (?, ?) on conflict do nothing'),
    open: writer.prepare("insert into requests values (?, ?, ?, 1, '[]')"),
    about: writer.prepare(
      `update requests set about = json_insert(about, '$[#]', ?),
        open = case when ? then 0 else open end where digest = ?`,
    ),
    chain: writer.prepare('insert or replace into chains values (?, ?, ?)'),
    keyring: writer.prepare('insert into keyrings values (?, ?)'),
    message: writer.prepare('insert into messages values (?, ?, ?, ?, ?)'),
    notice: writer.prepare('insert into notices values (?, ?, ?, ?) on conflict do nothing'),
    use: writer.prepare('update attachments set used = 1 where owner = ? and sha256 = ?'),
  };
}

export function blob(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes, 'digests and ids are lower-case hex');
  return bytes;
}
