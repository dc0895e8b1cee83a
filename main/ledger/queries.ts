// What can be asked of the stored log. Everything is read from the writer's connection, which sees each
// commit at once; nothing here changes a row.

import { toHex } from '../../shared/bytes.ts';
import { plain } from '../trust/digest.ts';
import { blob } from './append.ts';
import type { Writer } from './database.ts';
import { isDamage } from './on-disk.ts';
import type { StoredAnswer, StoredGrant, StoredLeaf, StoredRequest } from './entry.ts';

type LeafRow = { idx: number; leaf: Buffer; payload: Buffer | null };
type GrantRow = {
  idx: number;
  terms: Buffer;
  guard: string;
  agent: string;
  until: number;
  ends: number;
};
type RequestRow = { digest: Buffer; idx: number; guard: string; open: number; about: string };

export class Queries {
  readonly #writer: Writer;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(writer: Writer) {
    this.#writer = writer;
    this.#statements = prepare(writer);
  }

  /** Leaves `from` up to, without, `to`, in order. A damaged row, or page, ends them: the answer is shorter than the log. */
  leaves(from: number, to: number): readonly StoredLeaf[] {
    const rows = soundRows(() => this.#statements.leaves.all(from, to));
    return rows.map(({ idx, leaf, payload }) => ({
      index: idx,
      leaf: plain(leaf),
      payload: payload === null ? undefined : plain(payload),
    }));
  }

  leaf(index: number): StoredLeaf | undefined {
    return this.leaves(index, index + 1)[0];
  }

  payload(sha256: string): Uint8Array | undefined {
    const bytes = this.#statements.payload.get(blob(sha256))?.bytes;
    return bytes === undefined || bytes === null ? undefined : plain(bytes);
  }

  request(digest: string): StoredRequest | undefined {
    const row = this.#statements.request.get(blob(digest));
    return row === undefined ? undefined : requestOf(row);
  }

  /** Oldest first. */
  openRequests(): readonly StoredRequest[] {
    return this.#statements.open.all().map(requestOf);
  }

  answer(principal: string, id: string): StoredAnswer | undefined {
    const row = this.#statements.answer.get(blob(principal), blob(id));
    return row && { digest: toHex(row.digest), index: row.idx ?? undefined };
  }

  /** The key's last decision: its number and its payload's digest. */
  chain(keyId: string): { readonly seq: number; readonly digest: string } | undefined {
    const row = this.#statements.chain.get(blob(keyId));
    return row && { seq: row.seq, digest: toHex(row.digest) };
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
  notices(request: string): readonly { readonly what: string; readonly keyId: string }[] {
    const rows = this.#statements.notices.all(blob(request));
    return rows.map(({ what, key }) => ({ what, keyId: toHex(key) }));
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
    const bad = rows.findIndex(
      ({ leaf, payload }) => !isBlob(leaf) || !(payload === null || isBlob(payload)),
    );
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
      `select idx, leaf, bytes as payload from leaves left join payloads on sha256 = leaves.payload
        where idx >= ? and idx < ? order by idx`,
    ),
    payload: writer.prepare<[Uint8Array], { bytes: Buffer | null }>(
      'select bytes from payloads where sha256 = ?',
    ),
    request: writer.prepare<[Uint8Array], RequestRow>('select * from requests where digest = ?'),
    open: writer.prepare<[], RequestRow>('select * from requests where open = 1 order by idx'),
    answer: writer.prepare<[Uint8Array, Uint8Array], { digest: Buffer; idx: number | null }>(
      'select digest, idx from messages where principal = ? and id = ?',
    ),
    chain: writer.prepare<[Uint8Array], { seq: number; digest: Buffer }>(
      'select seq, digest from chains where key = ?',
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
    notices: writer.prepare<[Uint8Array], { what: string; key: Buffer }>(
      'select what, key from notices where request = ?',
    ),
  };
}

function requestOf({ digest, idx, guard, open, about }: RequestRow): StoredRequest {
  // The column is written by `append` alone: a JSON array of leaf indexes.
  const indexes = JSON.parse(about) as number[];
  return { digest: toHex(digest), index: idx, guard, open: open === 1, about: indexes };
}

const grantOf = ({ idx, terms, guard, agent, until, ends }: GrantRow): StoredGrant => ({
  index: idx,
  terms: toHex(terms),
  guard,
  agent,
  until,
  ends: ends === 1,
});
