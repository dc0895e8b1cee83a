// What can be asked of the stored log. Everything is read from the writer's connection, which sees each commit at once, and
// from what the tables do not have yet; nothing here changes a row.

import { toHex } from '../../shared/bytes.ts';
import { plain } from '../trust/digest.ts';
import { blob } from './blob.ts';
import type { Writer } from './database.ts';
import { isDamage } from './on-disk.ts';
import type { StoredAnswer, StoredGrant, StoredLeaf, StoredRequest } from './entry.ts';
import type { ChainEnd, Facts, KeptNotice } from './pending.ts';

type LeafRow = { idx: number; leaf: Buffer; payload: Buffer; erased: number };
type GrantRow = {
  idx: number;
  terms: Buffer;
  guard: string;
  agent: string;
  until: number;
  ends: number;
};

export class Queries {
  readonly #writer: Writer;
  readonly #facts: Facts;
  readonly #statements: ReturnType<typeof prepare>;

  /** `facts`: the tables, and what is pending over them. */
  constructor(writer: Writer, facts: Facts) {
    this.#writer = writer;
    this.#facts = facts;
    this.#statements = prepare(writer);
  }

  /** Leaves `from` up to, without, `to`, in order. A damaged row, or page, ends them: the answer is shorter than the log. */
  leaves(from: number, to: number): readonly StoredLeaf[] {
    const rows = soundRows(() => this.#statements.leaves.all(from, to));
    return rows.map(({ idx, leaf, payload, erased }) => ({
      index: idx,
      leaf: plain(leaf),
      payload: erased === 0 ? plain(payload) : undefined,
    }));
  }

  leaf(index: number): StoredLeaf | undefined {
    return this.leaves(index, index + 1)[0];
  }

  /** The text of a request. */
  payload(request: string): Uint8Array | undefined {
    const index = this.#facts.request(request)?.index;
    return index === undefined ? undefined : this.leaf(index)?.payload;
  }

  request(digest: string): StoredRequest | undefined {
    return this.#facts.request(digest);
  }

  /** Oldest first. */
  openRequests(): readonly StoredRequest[] {
    return this.#facts.openRequests();
  }

  answer(principal: string, id: string): StoredAnswer | undefined {
    return this.#facts.answer(principal, id);
  }

  /** The key's last decision: its number and its payload's digest. */
  chain(keyId: string): ChainEnd | undefined {
    return this.#facts.chain(keyId);
  }

  /** Grants of this agent behind this guard that are not over at `now`, and ends of such, in the order of the log. */
  grantsOf(guard: string, agent: string, now: number): readonly StoredGrant[] {
    return this.#statements.grantsOf.all(guard, agent, now).map(grantOf);
  }

  /** Everything about these terms, in the order of the log. */
  grantsWith(terms: string): readonly StoredGrant[] {
    return this.#statements.grantsWith.all(blob(terms)).map(grantOf);
  }

  hasUse(terms: string, use: number): boolean {
    return this.#statements.hasUse.get(blob(terms), use) !== undefined;
  }

  /** Indexes of the keyrings in the log, oldest version first. */
  keyringIndexes(): readonly number[] {
    return this.#statements.keyrings.all().map((row) => row.idx);
  }

  /** The kept notices of a request. */
  notices(request: string): readonly KeptNotice[] {
    return this.#facts.notices(request);
  }

  /** Every page and index, by SQLite's own check: slow on a large log. */
  quickCheck(): boolean {
    return this.#writer.pragma('quick_check(1)', { simple: true }) === 'ok';
  }
}

/** The file may be damaged below the schema: then a column is not what its type says. */
function soundRows(read: () => readonly LeafRow[]): readonly LeafRow[] {
  try {
    const rows = read();
    const bad = rows.findIndex(({ leaf, payload }) => !isBlob(leaf) || !isBlob(payload));
    return bad < 0 ? rows : rows.slice(0, bad);
  } catch (error) {
    if (isDamage(error)) return [];
    throw error;
  }
}

const isBlob = (value: unknown): boolean => Buffer.isBuffer(value);

function prepare(writer: Writer) {
  return {
    leaves: writer.prepare<[number, number], LeafRow>(
      'select idx, leaf, payload, erased from leaves where idx >= ? and idx < ? order by idx',
    ),
    keyrings: writer.prepare<[], { idx: number }>('select idx from keyrings order by version'),
    grantsOf: writer.prepare<[string, string, number], GrantRow>(
      'select * from grants where guard = ? and agent = ? and until > ? order by idx',
    ),
    grantsWith: writer.prepare<[Uint8Array], GrantRow>(
      'select * from grants where terms = ? order by idx',
    ),
    hasUse: writer.prepare<[Uint8Array, number]>(
      'select 1 from grant_uses where terms = ? and use = ?',
    ),
  };
}

const grantOf = ({ idx, terms, guard, agent, until, ends }: GrantRow): StoredGrant => ({
  index: idx,
  terms: toHex(terms),
  guard,
  agent,
  until,
  ends: ends === 1,
});
