// Attachments: large bytes beside the log, kept by owner and digest, sent in order in chunks. Complete means
// that the bytes have the digest under which they were sent; anything else is thrown away.

import { createHash } from 'node:crypto';
import { sameBytes } from '../../shared/bytes.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { plain } from '../trust/digest.ts';
import { blob } from './blob.ts';
import type { Writer } from './database.ts';
import { type DiskCode, onDisk } from './on-disk.ts';

export type Chunk = {
  readonly owner: string;
  readonly sha256: string;
  /** Of the whole attachment. */
  readonly size: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
};

/** `order`: not the next bytes of this attachment. `tooMuch`: the owner has too many unused bytes here. */
export type ChunkCode = 'order' | 'tooMuch';

type State = { readonly size: number; readonly have: number };

export class Attachments {
  readonly #writer: Writer;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #maxUnused: number;

  /** `maxUnused`: bytes that one owner may have here before a request names them. */
  constructor(writer: Writer, maxUnused: number) {
    this.#writer = writer;
    this.#maxUnused = maxUnused;
    this.#statements = prepare(writer);
  }

  /** On disk when it returns ok. A repeat of bytes that are here is ok. */
  add(chunk: Chunk, at: number): Result<void, ChunkCode | DiskCode> {
    const add = this.#writer.transaction(() => this.#add(chunk, at));
    return onDisk(() => add.immediate());
  }

  /** True if all of it is here and fits its digest; wrong bytes are dropped, so that they can be sent again. */
  isComplete(owner: string, sha256: string, size: number): boolean {
    const state = this.#state(owner, sha256);
    if (state === undefined || state.have !== state.size || state.size !== size) return false;
    const hash = createHash('sha256');
    for (const row of this.#statements.all.iterate(owner, blob(sha256))) hash.update(row.bytes);
    if (hash.digest('hex') === sha256) return true;
    const drop = this.#writer.transaction(() => this.#drop(owner, sha256));
    // Where even that fails it stays incomplete, and the next start drops it.
    onDisk(() => ok(drop.immediate()));
    return false;
  }

  /** The stored piece that `offset` lies in, from there on. */
  read(owner: string, sha256: string, offset: number): Uint8Array | undefined {
    const row = this.#statements.piece.get(owner, blob(sha256), offset);
    if (row === undefined || offset >= row.start + row.bytes.length) return undefined;
    return plain(row.bytes).slice(offset - row.start);
  }

  #add({ owner, sha256, size, offset, bytes }: Chunk, at: number): Result<void, ChunkCode> {
    const state = this.#state(owner, sha256);
    const have = state?.have ?? 0;
    // Only nothing at all travels in an empty chunk: an attachment of no bytes still has to be sent.
    const empty = bytes.length === 0 && size > 0;
    if (empty || offset + bytes.length > size || (state !== undefined && state.size !== size)) {
      return fail('order', 'the chunk does not fit the size');
    }
    if (offset !== have) return this.#isRepeat(owner, sha256, offset, bytes);
    if (state === undefined) {
      const unused = this.#statements.unused.get(owner)?.sum ?? 0;
      if (unused + size > this.#maxUnused) return fail('tooMuch');
      this.#statements.begin.run(owner, blob(sha256), size, at);
    }
    if (bytes.length === 0) return ok(undefined);
    this.#statements.chunk.run(owner, blob(sha256), offset, bytes);
    this.#statements.have.run(offset + bytes.length, owner, blob(sha256));
    return ok(undefined);
  }

  #isRepeat(
    owner: string,
    sha256: string,
    offset: number,
    bytes: Uint8Array,
  ): Result<void, 'order'> {
    const stored = this.read(owner, sha256, offset)?.slice(0, bytes.length);
    return stored !== undefined && sameBytes(stored, bytes)
      ? ok(undefined)
      : fail('order', 'not the next bytes of the attachment');
  }

  #state(owner: string, sha256: string): State | undefined {
    return this.#statements.state.get(owner, blob(sha256));
  }

  #drop(owner: string, sha256: string): void {
    this.#statements.dropChunks.run(owner, blob(sha256));
    this.#statements.drop.run(owner, blob(sha256));
  }
}

function prepare(writer: Writer) {
  type Key = [string, Uint8Array];
  return {
    state: writer.prepare<Key, State>(
      'select size, have from attachments where owner = ? and sha256 = ?',
    ),
    unused: writer.prepare<[string], { sum: number | null }>(
      'select sum(size) as sum from attachments where owner = ? and used = 0',
    ),
    begin: writer.prepare<[string, Uint8Array, number, number]>(
      'insert into attachments values (?, ?, ?, 0, 0, ?)',
    ),
    chunk: writer.prepare<[string, Uint8Array, number, Uint8Array]>(
      'insert into chunks values (?, ?, ?, ?)',
    ),
    have: writer.prepare<[number, string, Uint8Array]>(
      'update attachments set have = ? where owner = ? and sha256 = ?',
    ),
    all: writer.prepare<Key, { bytes: Buffer }>(
      'select bytes from chunks where owner = ? and sha256 = ? order by start',
    ),
    piece: writer.prepare<[string, Uint8Array, number], { start: number; bytes: Buffer }>(
      `select start, bytes from chunks where owner = ? and sha256 = ? and start <= ?
        order by start desc limit 1`,
    ),
    drop: writer.prepare<Key>('delete from attachments where owner = ? and sha256 = ?'),
    dropChunks: writer.prepare<Key>('delete from chunks where owner = ? and sha256 = ?'),
  };
}
