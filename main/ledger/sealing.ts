// Signs the log's head, and refuses wherever the stored tree does not say what the memory says: the new
// leaves are read again from disk and hashed again, the last head must be a prefix, the size must have grown.
// A checkpoint is on disk before anyone sees it (security note 3.5): a log that forgot its own head would fork.

import { sameBytes } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { plain } from '../trust/digest.ts';
import { makeCheckpoint, openCheckpoint } from '../trust/checkpoint.ts';
import type { KeyPair } from '../trust/ed25519.ts';
import type { Frontier } from '../trust/frontier.ts';
import { leafHash } from '../trust/merkle.ts';
import { type NodeReader, rootAt } from '../trust/tree.ts';
import type { Vkey } from '../trust/vkey.ts';
import type { Connections, Reader, Writer } from './database.ts';
import { type DiskCode, onDisk } from './on-disk.ts';
import { packNodes, restoreFrontier, treeRows } from './tree-rows.ts';

export type SignedHead = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
};

/** What the appender holds in memory. */
export type LiveHead = { readonly size: number; root(): Uint8Array };

/** `nothingNew`: no leaf since the last head. `corrupt`: memory and disk differ, and nothing was signed. */
export type SealCode = 'nothingNew' | DiskCode;

type Row = {
  readonly idx: number;
  readonly leaf: Buffer;
  readonly hash: Buffer;
  readonly nodes: Buffer;
};

export class Sealer {
  readonly #vkey: Vkey;
  readonly #statements: ReturnType<typeof prepare>;
  /** The nodes as they are on disk. */
  readonly #stored: NodeReader;
  #last: SignedHead | undefined;

  private constructor(connections: Connections, vkey: Vkey, last: SignedHead | undefined) {
    this.#vkey = vkey;
    this.#statements = prepare(connections);
    this.#stored = treeRows(connections.reader);
    this.#last = last;
  }

  /** `corrupt`: the last signed head is not ours, or the stored tree is not the one that it signed. */
  static open(connections: Connections, vkey: Vkey, size: number): Result<Sealer, DiskCode> {
    return onDisk(() => Sealer.#open(connections, vkey, size));
  }

  static #open(connections: Connections, vkey: Vkey, size: number): Result<Sealer, 'corrupt'> {
    const condemned = connections.reader
      .prepare<[], { says: string }>('select says from condemned limit 1')
      .get();
    if (condemned !== undefined) return fail('corrupt', condemned.says);
    const note = connections.reader
      .prepare<[], { note: string }>('select note from checkpoints order by size desc limit 1')
      .get()?.note;
    if (note === undefined) return ok(new Sealer(connections, vkey, undefined));
    const head = openCheckpoint(note, vkey);
    if (!head.ok) return fail('corrupt', `the last signed head: ${head.detail ?? head.code}`);
    if (head.value.size > size)
      return fail('corrupt', 'the log is shorter than its last signed head');
    if (!agrees(connections.reader, head.value)) {
      return fail('corrupt', 'the stored tree is not the one that was signed');
    }
    return ok(new Sealer(connections, vkey, head.value));
  }

  get last(): SignedHead | undefined {
    return this.#last;
  }

  /** The new head, checked and stored. */
  seal(live: LiveHead, logKey: KeyPair): Result<SignedHead, SealCode> {
    return onDisk(() => this.#seal(live, logKey));
  }

  #seal(live: LiveHead, logKey: KeyPair): Result<SignedHead, SealCode> {
    if (live.size <= (this.#last?.size ?? 0)) return fail('nothingNew');
    const head = this.#head(live, logKey, this.#statements.leaves);
    if (head.ok) this.#last = head.value;
    return head;
  }

  /**
   * In the very transaction that appends its leaves, so that both are on disk or neither is: read back from the tables as they
   * will be. Whoever commits says so with `took`.
   */
  sealWithin(live: LiveHead, logKey: KeyPair): Result<SignedHead, 'corrupt'> {
    return this.#head(live, logKey, this.#statements.leavesWithin);
  }

  /** The head of `sealWithin` has been committed. */
  took(head: SignedHead): void {
    this.#last = head;
  }

  #head(live: LiveHead, logKey: KeyPair, leaves: LeavesOf): Result<SignedHead, 'corrupt'> {
    const size = live.size;
    const root = live.root();
    const checked = this.#rehash(size, root, leaves);
    if (!checked.ok) return checked;
    const head = { size, root, note: makeCheckpoint(this.#vkey.name, size, root, logKey) };
    this.#statements.head.run(head.size, head.note);
    return ok(head);
  }

  #rehash(size: number, root: Uint8Array, leaves: LeavesOf): Result<void, 'corrupt'> {
    const from = this.#last?.size ?? 0;
    const frontier = storedFrontier(this.#stored, from);
    if (frontier === undefined) return fail('corrupt', 'a stored hash is missing');
    if (this.#last !== undefined && !sameBytes(frontier.root(), this.#last.root)) {
      return fail('corrupt', 'the last signed head is not a prefix of the stored tree');
    }
    for (const row of leaves.iterate(from, size)) {
      if (!isSound(row, frontier))
        return fail('corrupt', `leaf ${row.idx} is not what was appended`);
    }
    return frontier.size === size && sameBytes(frontier.root(), root)
      ? ok(undefined)
      : fail('corrupt', 'the tree on disk is not the one in memory');
  }
}

function prepare({ writer, reader }: Connections) {
  return {
    head: writer.prepare<[number, string]>('insert into checkpoints values (?, ?)'),
    leaves: leavesOf(reader),
    leavesWithin: leavesOf(writer),
  };
}

type LeavesOf = ReturnType<typeof leavesOf>;

const leavesOf = (db: Reader | Writer) =>
  db.prepare<[number, number], Row>('select * from leaves where idx >= ? and idx < ? order by idx');

function isSound(row: Row, frontier: Frontier): boolean {
  if (row.idx !== frontier.size) return false;
  const hash = leafHash(plain(row.leaf));
  const nodes = packNodes(frontier.append(hash));
  return sameBytes(hash, plain(row.hash)) && sameBytes(nodes, plain(row.nodes));
}

function agrees(reader: Reader, head: SignedHead): boolean {
  try {
    return sameBytes(rootAt(treeRows(reader), head.size), head.root);
  } catch {
    // A reader throws for a row that is gone; here that is the finding.
    return false;
  }
}

function storedFrontier(rows: NodeReader, size: number): Frontier | undefined {
  try {
    const frontier = restoreFrontier(rows, size);
    return frontier.ok ? frontier.value : undefined;
  } catch {
    // As in `agrees`.
    return undefined;
  }
}
