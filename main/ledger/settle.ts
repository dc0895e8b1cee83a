// Lets the tables beside the log follow it: everything that is pending, in one transaction with the mark that says how far
// they are. A start reads the rows behind the mark, never more than `MOST` of them, and writes nothing.

import { sameBytes } from '../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../shared/result.ts';
import { plain } from '../trust/digest.ts';
import { leafHash } from '../trust/merkle.ts';
import type { Writer } from './database.ts';
import { type Effects, readEffects } from './effects.ts';
import { type Mark, readMark, writeMark } from './mark.ts';
import { isDamage } from './on-disk.ts';
import type { Pending, Place } from './pending.ts';
import type { Tables } from './tables.ts';

/** Rows that may wait at most: a batch that would leave more is settled in its own transaction. */
export const MOST = 1024;

export class Settlement {
  readonly #tables: Tables;
  readonly #statements: ReturnType<typeof prepare>;
  #mark: Mark | undefined;

  constructor(writer: Writer, tables: Tables) {
    this.#tables = tables;
    this.#statements = prepare(writer);
    const mark = this.#statements.mark.get()?.mark;
    this.#mark = mark === undefined ? undefined : readMark(mark);
  }

  /** Rows of the log up to `end` that the tables do not have. */
  behind(end: Mark): number {
    const { leaves, kept } = this.#from();
    return end.leaves - leaves + (end.kept - kept);
  }

  /** Inside a transaction; the lowest layer first. Whoever commits says so with `took`. */
  write(layers: readonly Pending[], end: Mark): void {
    for (const layer of layers) this.#tables.put(layer);
    // Of a message alone nothing is kept but its answer.
    this.#statements.drop.run(this.#from().kept, end.kept);
    this.#statements.move.run(writeMark(end));
  }

  /** What `write` wrote is on disk. */
  took(end: Mark): void {
    this.#mark = end;
  }

  /** Where the next row of `kept` goes. */
  nextKept(): number {
    const last = this.#statements.lastKept.get()?.last ?? -1;
    return Math.max(last + 1, this.#mark?.kept ?? 0);
  }

  /** Reads what is behind the mark into `pending`. */
  load(pending: Pending, size: number): Result<void, 'corrupt'> {
    if (this.#mark === undefined) return damaged('the mark');
    const { leaves, kept } = this.#mark;
    if (size < leaves) return fail('corrupt', 'the log is shorter than the tables beside it');
    try {
      let next = leaves;
      for (const row of this.#statements.leaves.iterate(leaves)) {
        if (row.at !== next || !takesLeaf(pending, row)) return damaged(`leaf ${next}`);
        next += 1;
      }
      if (next !== size) return damaged(`leaf ${next}`);
      for (const row of this.#statements.kept.iterate(kept))
        if (!takes(pending, { kept: row.at }, readEffects(row, plain(row.effects))))
          return damaged(`row ${row.at} of what is kept`);
    } catch (error) {
      if (isDamage(error)) return damaged('the end of the log');
      throw error;
    }
    return ok(undefined);
  }

  #from(): Mark {
    invariant(this.#mark, 'a log whose mark is damaged takes nothing');
    return this.#mark;
  }
}

type Row = { readonly at: number; readonly effects: Buffer };
type LeafRow = Row & { readonly hash: Buffer; readonly leaf: Buffer };

function takesLeaf(pending: Pending, { at, hash, leaf, effects }: LeafRow): boolean {
  if (![hash, leaf, effects].every((column) => Buffer.isBuffer(column))) return false;
  const place = { at, hash: plain(hash) };
  if (!sameBytes(leafHash(plain(leaf)), place.hash)) return false;
  return takes(pending, { leaf: at }, readEffects(place, plain(effects)));
}

/** False for what nobody has written: about a request that is not there, or a second time. */
function takes(pending: Pending, place: Place, effects: Effects | undefined): boolean {
  if (effects === undefined) return false;
  const { opens, about, message } = effects;
  if (opens !== undefined && pending.request(opens.request) !== undefined) return false;
  if (about !== undefined && pending.request(about.request) === undefined) return false;
  if (message !== undefined && pending.answer(message.principal, message.id)) return false;
  pending.apply(place, effects);
  return true;
}

const damaged = (where: string): Result<void, 'corrupt'> =>
  fail('corrupt', `${where} is damaged, and with it what it does to the tables`);

function prepare(writer: Writer) {
  return {
    mark: writer.prepare<[], { mark: string }>('select mark from settled'),
    move: writer.prepare<[string]>('update settled set mark = ?'),
    drop: writer.prepare<[number, number]>(
      'delete from kept where seq >= ? and seq < ? and envelope is null',
    ),
    lastKept: writer.prepare<[], { last: number | null }>('select max(seq) as last from kept'),
    leaves: writer.prepare<[number], LeafRow>(
      'select idx as at, hash, leaf, effects from leaves where idx >= ? order by idx',
    ),
    kept: writer.prepare<[number], Row>(
      'select seq as at, effects from kept where seq >= ? order by seq',
    ),
  };
}
