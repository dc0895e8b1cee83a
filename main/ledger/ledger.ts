// The stored log. One process opens it; what `append` returned is on disk, what `seal` returned was checked
// against the disk and stored before anyone saw it. A log that disagrees with its last signed head still opens,
// to be read, and never signs again: `health` says so.

import { fail, ok, type Result } from '../../shared/result.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { Vkey } from '../trust/vkey.ts';
import { Appender } from './append.ts';
import { Attachments } from './attachments.ts';
import { assertDurable, type Connections, type OpenCode, openDatabase } from './database.ts';
import type { Entry } from './entry.ts';
import { Queries } from './queries.ts';
import { type DiskCode, onDisk } from './on-disk.ts';
import { type SealCode, Sealer, type SignedHead } from './sealing.ts';
import { type KnownRows, rememberedRows, restoreFrontier, treeRows } from './tree-rows.ts';

const DAY = 24 * 3600 * 1000;
/** A client repeats a message within its request's life, which is at most a day. */
const KEEP_ANSWERS_MS = 7 * DAY;
/** A guard that comes back after a cut sends its parts again: an hour is long. */
const KEEP_UNUSED_MS = DAY / 24;
/** Under 1 MB in memory. */
const KNOWN_NODES = 8192;
const MAX_UNUSED_BYTES = 64 * 1024 * 1024;
/** With so many rows that the tables do not have, they follow, once the answers have gone out. */
const ENOUGH = 512;
/** After so many batches, or with the tables, the WAL goes into the file: well before a commit would have to do it. */
const BATCHES = 256;

export type CosignatureRow = {
  readonly size: number;
  readonly keyId: string;
  /** The C2SP signature line with its LF. */
  readonly line: string;
};

export class Ledger {
  readonly query: Queries;
  readonly attachments: Attachments;
  readonly nodes: KnownRows;
  readonly #connections: Connections;
  readonly #appender: Appender;
  #sealer: Result<Sealer, DiskCode>;
  /** A text was erased, and pages of before may still lie in the WAL. */
  #unscrubbed = true;
  #batches = 0;
  #tidying = false;
  #closed = false;

  constructor(connections: Connections, appender: Appender, vkey: Vkey) {
    this.#connections = connections;
    this.#appender = appender;
    this.query = new Queries(connections.writer, appender.facts);
    this.attachments = new Attachments(connections.writer, MAX_UNUSED_BYTES);
    this.nodes = rememberedRows(treeRows(connections.writer), KNOWN_NODES);
    this.#sealer = Sealer.open(connections, vkey, appender.size);
    const loaded = appender.load();
    if (!loaded.ok && this.#sealer.ok) this.#sealer = loaded;
  }

  /** The number of leaves. */
  get size(): number {
    return this.#appender.size;
  }

  root(): Uint8Array {
    return this.#appender.root();
  }

  /** The newest head that was signed and stored. */
  get head(): SignedHead | undefined {
    return this.#sealer.ok ? this.#sealer.value.last : undefined;
  }

  /** The newest head that was ever signed and stored, whatever was found since: to be shown, never to be built upon. */
  get lastSigned(): string | undefined {
    if (this.#sealer.ok) return this.#sealer.value.last?.note;
    const newest = this.#connections.reader.prepare<[], { note: string }>(
      'select note from checkpoints order by size desc limit 1',
    );
    const read = onDisk(() => ok(newest.get()?.note));
    return read.ok ? read.value : undefined;
  }

  /** A failure, with what was found, from the moment it is known: nothing is appended or signed any more. */
  get health(): Result<unknown, DiskCode> {
    return this.#sealer;
  }

  /** With `logKey` their head is signed in the same transaction: one flush for both. */
  append(
    entries: readonly Entry[],
    logKey?: KeyPair,
  ): Result<readonly (number | undefined)[], DiskCode> {
    if (!this.#sealer.ok) return this.#sealer;
    const sealer = this.#sealer.value;
    if (entries.some((entry) => entry.erases !== undefined)) this.#unscrubbed = true;
    // Of what is kept only, there is no new head.
    const grows = entries.some((entry) => entry.leaf !== undefined);
    if (logKey === undefined || !grows) return this.#appended(this.#appender.append(entries));
    let head: SignedHead | undefined;
    const indexes = this.#appender.append(entries, () => {
      const sealed = sealer.sealWithin(this.#appender, logKey);
      if (sealed.ok) head = sealed.value;
      return sealed;
    });
    if (indexes.ok && head !== undefined) sealer.took(head);
    return this.#appended(indexes);
  }

  /** The tables follow the log. Where they can't now, nothing is lost: what waits is on disk, and seen by whoever asks. */
  settle(): Result<void, DiskCode> {
    if (!this.#sealer.ok) return this.#sealer;
    return this.#kept(this.#appender.settle());
  }

  /** A turn later, and by count alone: whoever waits for this batch has their answer by then. */
  #appended<T>(indexes: Result<T, DiskCode>): Result<T, DiskCode> {
    if (indexes.ok) {
      this.#batches += 1;
      this.nodes.learn(this.#appender.fresh);
    }
    const due = this.#batches >= BATCHES || this.#appender.behind >= ENOUGH;
    if (due && !this.#tidying) {
      this.#tidying = true;
      setImmediate(() => this.#tidy());
    }
    return this.#kept(indexes);
  }

  /**
   * Measured on two cores: in the turn after the answers this halves the p99 of a commit that does it itself, and a thread of
   * its own does no better, because its flushes and those of the commits wait for the same disk.
   */
  #tidy(): void {
    this.#tidying = false;
    if (this.#closed || !this.#sealer.ok) return;
    if (this.#appender.behind >= ENOUGH) this.settle();
    this.#batches = 0;
    const { writer } = this.#connections;
    this.#kept(onDisk(() => ok(writer.pragma('wal_checkpoint(PASSIVE)'))));
  }

  /** Signs the head, if it grew. */
  seal(logKey: KeyPair): Result<SignedHead, SealCode> {
    if (!this.#sealer.ok) return this.#sealer;
    return this.#kept(this.#sealer.value.seal(this.#appender, logKey));
  }

  /** Damage that was found once is never forgotten. */
  #kept<T, C extends string>(result: Result<T, C>): Result<T, C> {
    if (!result.ok && result.code === 'corrupt') this.#sealer = fail('corrupt', result.detail);
    return result;
  }

  /** What is in use now, not what was asked for. */
  durability(): Result<void, 'notDurable'> {
    return assertDurable(this.#connections.writer);
  }

  /** From now on, after a restart too, nothing is appended or signed: what was found stands in the file. */
  condemn(says: string, evidence: string): void {
    this.#sealer = fail('corrupt', says);
    const { writer } = this.#connections;
    onDisk(() => ok(writer.prepare('insert into condemned values (?, ?)').run(says, evidence)));
  }

  /** What was found against this log, if anything was. */
  condemnedBy(): string | undefined {
    return this.#connections.reader
      .prepare<[], { evidence: string }>('select evidence from condemned limit 1')
      .get()?.evidence;
  }

  /** Evidence of who has seen a head; where it can't be written it is lost, and the log is not. */
  putCosignatures(rows: readonly CosignatureRow[]): Result<void, DiskCode> {
    if (!this.#sealer.ok) return this.#sealer;
    const { writer } = this.#connections;
    const put = writer.prepare('insert or replace into cosignatures values (?, ?, ?)');
    const all = writer.transaction(() => {
      for (const { size, keyId, line } of rows) put.run(size, Buffer.from(keyId, 'hex'), line);
    });
    return onDisk(() => ok(all.immediate()));
  }

  /** The signature lines that were put under the head of this size; none where the page is damaged. */
  cosignatures(size: number): readonly string[] {
    const { reader } = this.#connections;
    const lines = onDisk<readonly { readonly line: string }[], never>(() =>
      ok(
        reader
          .prepare<[number], { line: string }>('select line from cosignatures where size = ?')
          .all(size),
      ),
    );
    return lines.ok ? lines.value.map(({ line }) => line) : [];
  }

  /** Forgets answers that nobody can ask for any more, and attachments that no request came for. */
  prune(now: number): Result<void, DiskCode> {
    const settled = this.settle();
    if (!settled.ok) return settled;
    const { writer } = this.#connections;
    const stale = 'select owner, sha256 from attachments where used = 0 and at < ?';
    const prune = writer.transaction(() => {
      writer.prepare('delete from messages where at < ?').run(now - KEEP_ANSWERS_MS);
      const before = now - KEEP_UNUSED_MS;
      writer.prepare(`delete from chunks where (owner, sha256) in (${stale})`).run(before);
      writer.prepare('delete from attachments where used = 0 and at < ?').run(before);
    });
    const pruned = onDisk<void, never>(() => ok(prune.immediate()));
    this.scrub();
    return pruned;
  }

  /**
   * After an erasure: empties the WAL, where the pages of before still lie. Waits for the disk; false where somebody was
   * reading, and then `prune` tries again, as after a start.
   */
  scrub(): boolean {
    if (!this.#unscrubbed) return true;
    const { writer } = this.#connections;
    const done = onDisk(() => ok(writer.pragma('wal_checkpoint(TRUNCATE)')));
    // One row: busy, frames in the log, frames moved.
    const [row] = done.ok ? (done.value as readonly { readonly busy: number }[]) : [];
    if (row?.busy === 0) this.#unscrubbed = false;
    return !this.#unscrubbed;
  }

  close(): void {
    this.#closed = true;
    this.#connections.reader.close();
    this.#connections.writer.close();
  }
}

/** `corrupt`: the rows that the tree's edge needs are not there. */
export function openLedger(path: string, vkey: Vkey): Result<Ledger, OpenCode | 'corrupt'> {
  const connections = openDatabase(path);
  if (!connections.ok) return connections;
  const { writer, reader } = connections.value;
  try {
    const last = writer
      .prepare<[], { last: number | null }>('select max(idx) as last from leaves')
      .get()?.last;
    const size = last === undefined || last === null ? 0 : last + 1;
    const frontier = restoreFrontier(treeRows(writer), size);
    if (frontier.ok) {
      const appender = new Appender(writer, frontier.value);
      return ok(new Ledger(connections.value, appender, vkey));
    }
  } catch {
    // A row of the tree's edge is missing or is not 32 bytes: the same finding as below.
  }
  reader.close();
  writer.close();
  return fail('corrupt', 'the rows at the edge of the tree are damaged');
}
