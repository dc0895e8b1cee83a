// Appends a batch in ONE transaction: leaves, tree nodes, payloads, request states and the answers to the messages.
// When it returns ok the batch is on disk; on any failure nothing of it is, neither there nor in memory.

import { fromHex } from '../../shared/bytes.ts';
import { type Failure, invariant, ok, type Result } from '../../shared/result.ts';
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

  /**
   * For each entry the index of its leaf, or undefined where it has none. `within` runs in the same transaction, after
   * them: where it fails nothing of them is kept either.
   */
  append(
    entries: readonly Entry[],
    within: () => Result<unknown, 'corrupt'> = () => ok(undefined),
  ): Result<readonly (number | undefined)[], DiskCode> {
    const before = this.#frontier.state();
    let written = false;
    // What a row held before must not lie on in the page that it stood in. Not inside a transaction: set for the whole of it.
    const erases = entries.some((entry) => entry.erases !== undefined);
    if (erases) this.#writer.pragma('secure_delete = ON');
    try {
      const write = this.#writer.transaction(() => {
        const indexes = entries.map((entry) => this.#write(entry));
        const also = within();
        if (!also.ok) throw new Undone(also);
        return indexes;
      });
      const indexes = onDisk<readonly (number | undefined)[], never>(() => ok(write.immediate()));
      written = indexes.ok;
      return indexes;
    } catch (error) {
      if (error instanceof Undone) return error.failure;
      throw error;
    } finally {
      if (erases) this.#writer.pragma('secure_delete = FAST');
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

  #writeEffects(entry: Entry, index: number): void {
    const { opens, about, chain, keyring, erases, grant, uses = [] } = entry;
    const to = this.#statements;
    if (opens !== undefined) {
      to.open.run(blob(opens.request), index, opens.guard);
      for (const sha256 of opens.attachments) {
        to.use.run(opens.guard, blob(sha256));
        to.uses.run(opens.guard, blob(sha256), blob(opens.request));
      }
    }
    if (about !== undefined) {
      const changed = to.about.run(index, about.ends ? 1 : 0, blob(about.request));
      invariant(changed.changes === 1, 'a leaf is about a stored request');
    }
    if (chain !== undefined) to.chain.run(blob(chain.keyId), chain.seq, blob(chain.digest));
    if (keyring !== undefined) to.keyring.run(keyring.version, index);
    if (erases !== undefined) this.#erase(erases);
    if (grant !== undefined) {
      const { terms, guard, agent, until, ends } = grant;
      to.grant.run(index, blob(terms), guard, agent, until, ends ? 1 : 0);
    }
    for (const { terms, use } of uses) to.grantUse.run(blob(terms), use);
  }

  #erase({ request, payloads }: NonNullable<Entry['erases']>): void {
    const to = this.#statements;
    for (const sha256 of payloads) to.erase.run(blob(sha256));
    if (!payloads.includes(request)) return;
    const used = to.usedBy.all(blob(request));
    to.unuse.run(blob(request));
    for (const { owner, sha256 } of used) {
      if (to.usesOf.get(owner, sha256) !== undefined) continue;
      to.dropChunks.run(owner, sha256);
      to.drop.run(owner, sha256);
    }
  }
}

/** Thrown inside a transaction, so that it is rolled back. */
class Undone extends Error {
  readonly failure: Failure<'corrupt'>;

  constructor(failure: Failure<'corrupt'>) {
    super(failure.detail);
    this.failure = failure;
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
    grant: writer.prepare('insert into grants values (?, ?, ?, ?, ?, ?)'),
    grantUse: writer.prepare('insert into grant_uses values (?, ?)'),
    message: writer.prepare('insert into messages values (?, ?, ?, ?, ?)'),
    notice: writer.prepare('insert into notices values (?, ?, ?, ?) on conflict do nothing'),
    use: writer.prepare('update attachments set used = 1 where owner = ? and sha256 = ?'),
    uses: writer.prepare('insert into uses values (?, ?, ?) on conflict do nothing'),
    erase: writer.prepare('update payloads set bytes = null where sha256 = ?'),
    usedBy: writer.prepare<[Uint8Array], { owner: string; sha256: Buffer }>(
      'select owner, sha256 from uses where request = ?',
    ),
    usesOf: writer.prepare<[string, Uint8Array]>(
      'select 1 from uses where owner = ? and sha256 = ? limit 1',
    ),
    unuse: writer.prepare('delete from uses where request = ?'),
    dropChunks: writer.prepare('delete from chunks where owner = ? and sha256 = ?'),
    drop: writer.prepare('delete from attachments where owner = ? and sha256 = ?'),
  };
}

export function blob(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes, 'digests and ids are lower-case hex');
  return bytes;
}
