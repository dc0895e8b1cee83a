// Appends a batch in ONE transaction, and to one table: leaves with their tree nodes, their texts, and what they do to the
// tables beside the log, which follow later (`settle`). When it returns ok the batch is on disk and whoever asks sees all of
// it; on any failure nothing of it is, neither there nor in memory.

import { type Failure, invariant, ok, type Result } from '../../shared/result.ts';
import { leafHash } from '../trust/merkle.ts';
import { type CompletedNode, Frontier, type FrontierState } from '../trust/frontier.ts';
import { Beside } from './beside.ts';
import type { Writer } from './database.ts';
import { effectsOf, writeEffects } from './effects.ts';
import type { Entry } from './entry.ts';
import type { Mark } from './mark.ts';
import { type DiskCode, onDisk } from './on-disk.ts';
import { Pending } from './pending.ts';
import { MOST, Settlement } from './settle.ts';
import { Tables } from './tables.ts';
import { packNodes } from './tree-rows.ts';

export class Appender {
  /** What is known beside the log, pending or not. */
  readonly facts: Pending;
  readonly #writer: Writer;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #beside: Beside;
  readonly #settlement: Settlement;
  #frontier: Frontier;
  #nextKept: number;
  #fresh: CompletedNode[] = [];

  constructor(writer: Writer, frontier: Frontier) {
    const tables = new Tables(writer);
    this.#writer = writer;
    this.#frontier = frontier;
    this.#statements = prepare(writer);
    this.#beside = new Beside(writer);
    this.#settlement = new Settlement(writer, tables);
    this.#nextKept = this.#settlement.nextKept();
    this.facts = new Pending(tables);
  }

  get size(): number {
    return this.#frontier.size;
  }

  root(): Uint8Array {
    return this.#frontier.root();
  }

  /** Nodes of the last batch, its leaves at level 0; of one that failed, nothing. */
  get fresh(): readonly CompletedNode[] {
    return this.#fresh;
  }

  /** After a start: what was committed and not settled. */
  load(): Result<void, 'corrupt'> {
    return this.#settlement.load(this.facts, this.size);
  }

  /** Rows that the tables do not have yet. */
  get behind(): number {
    return this.#settlement.behind(this.#end());
  }

  /**
   * For each entry the index of its leaf, or undefined where it has none. `within` runs in the same transaction, after
   * them: where it fails nothing of them is kept either.
   */
  append(
    entries: readonly Entry[],
    within: () => Result<unknown, 'corrupt'> = () => ok(undefined),
  ): Result<readonly (number | undefined)[], DiskCode> {
    const before = { frontier: this.#frontier.state(), nextKept: this.#nextKept };
    const batch = new Pending(this.facts);
    this.#fresh = [];
    const settles = this.behind + entries.length > MOST;
    let written = false;
    // What a row held before must not lie on in the page that it stood in. Not inside a transaction: set for the whole of it.
    const erases = entries.some((entry) => entry.erases !== undefined);
    if (erases) this.#writer.pragma('secure_delete = ON');
    try {
      const write = this.#writer.transaction(() => {
        const indexes = entries.map((entry) => this.#write(entry, batch));
        const also = within();
        if (!also.ok) throw new Undone(also);
        if (settles) this.#settlement.write([this.facts, batch], this.#end());
        return indexes;
      });
      const indexes = onDisk<readonly (number | undefined)[], never>(() => ok(write.immediate()));
      written = indexes.ok;
      if (written) this.#took(batch, settles);
      return indexes;
    } catch (error) {
      if (error instanceof Undone) return error.failure;
      throw error;
    } finally {
      if (erases) this.#writer.pragma('secure_delete = FAST');
      if (!written) this.#restore(before);
    }
  }

  /** The tables follow: everything that is pending, or nothing. */
  settle(): Result<void, DiskCode> {
    if (this.behind === 0) return ok(undefined);
    const write = this.#writer.transaction(() => this.#settlement.write([this.facts], this.#end()));
    const settled = onDisk<void, never>(() => ok(write.immediate()));
    if (settled.ok) this.#took(undefined, true);
    return settled;
  }

  #end(): Mark {
    return { leaves: this.size, kept: this.#nextKept };
  }

  #took(batch: Pending | undefined, settled: boolean): void {
    if (settled) {
      this.#settlement.took(this.#end());
      this.facts.clear();
    } else if (batch !== undefined) this.facts.absorb(batch);
  }

  #restore(before: { readonly frontier: FrontierState; readonly nextKept: number }): void {
    const restored = Frontier.restore(before.frontier);
    invariant(restored.ok, 'a frontier restores its own state');
    this.#frontier = restored.value;
    this.#nextKept = before.nextKept;
    this.#fresh = [];
  }

  #write(entry: Entry, batch: Pending): number | undefined {
    if (entry.leaf === undefined) return this.#writeKept(entry, batch);
    invariant(entry.notice === undefined, 'what is kept is not logged');
    const { leaf, payload } = entry.leaf;
    const index = this.size;
    const hash = leafHash(leaf);
    const completed = this.#frontier.append(hash);
    this.#fresh.push({ level: 0, index, hash }, ...completed);
    const nodes = packNodes(completed);
    const effects = effectsOf(entry);
    batch.apply({ leaf: index }, effects);
    const written = writeEffects({ at: index, hash }, effects);
    this.#statements.leaf.run(index, hash, nodes, written, leaf, payload);
    this.#beside.write(entry, index, batch);
    return index;
  }

  #writeKept({ notice, message }: Entry, batch: Pending): undefined {
    const seq = this.#nextKept;
    const effects = effectsOf({ ...(notice && { notice }), ...(message && { message }) });
    const known = notice !== undefined && batch.hasNotice(notice);
    batch.apply({ kept: seq }, effects);
    // Of one that is here already only the answer is kept.
    const envelope = known ? null : (notice?.envelope ?? null);
    this.#statements.kept.run(seq, writeEffects({ at: seq }, effects), envelope);
    this.#nextKept = seq + 1;
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
    leaf: writer.prepare('insert into leaves values (?, ?, ?, ?, 0, ?, ?)'),
    kept: writer.prepare('insert into kept values (?, ?, ?)'),
  };
}
