// The tables beside the log: requests, chains, answers and notices by their keys. They follow the log in one transaction for
// many entries, sorted by key, so that a page of an index is written once for all that fall into it.

import { toHex } from '../../shared/bytes.ts';
import { invariant } from '../../shared/result.ts';
import { sha256Hex } from '../trust/digest.ts';
import { blob, keyOf } from './blob.ts';
import type { Reader, Writer } from './database.ts';
import type { StoredAnswer, StoredRequest } from './entry.ts';
import type { ChainEnd, Facts, KeptNotice, Pending } from './pending.ts';

type RequestRow = { digest: Buffer; idx: number; guard: string; open: number; about: string };

export class Tables implements Facts {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Writer | Reader) {
    this.#statements = prepare(db);
  }

  request(digest: string): StoredRequest | undefined {
    const row = this.#statements.request.get(keyOf(digest), blob(digest));
    return row && requestOf(row);
  }

  openRequests(): readonly StoredRequest[] {
    return this.#statements.open.all().map(requestOf);
  }

  answer(principal: string, id: string): StoredAnswer | undefined {
    const key = messageKey(blob(principal), blob(id));
    const row = this.#statements.answer.get(key, blob(principal), blob(id));
    return row && { digest: toHex(row.digest), index: row.idx ?? undefined };
  }

  chain(keyId: string): ChainEnd | undefined {
    const row = this.#statements.chain.get(blob(keyId));
    return row && { seq: row.seq, digest: toHex(row.digest) };
  }

  notices(request: string): readonly KeptNotice[] {
    const rows = this.#statements.notices.all(blob(request));
    return rows.map(({ what, key }) => ({ what, keyId: toHex(key) }));
  }

  /** Inside a transaction. */
  put({ requests, chains, messages, kept }: Pending): void {
    const to = this.#statements;
    for (const { digest, index, guard, open, about } of sorted(requests.values(), byDigest)) {
      const all = JSON.stringify(about);
      const put = to.putRequest.run(index, keyOf(digest), blob(digest), guard, open ? 1 : 0, all);
      invariant(put.changes === 1, 'a request has one row');
    }
    for (const [keyId, { seq, digest }] of chains) to.putChain.run(blob(keyId), seq, blob(digest));
    const rows = [...messages.values()].map((one) => {
      const [principal, id] = [blob(one.principal), blob(one.id)];
      return { ...one, principal, id, key: messageKey(principal, id) };
    });
    for (const one of sorted(rows, (a, b) => a.key - b.key))
      to.putMessage.run(
        one.key,
        one.principal,
        one.id,
        blob(one.digest),
        one.index ?? null,
        one.at,
      );
    for (const [request, notices] of kept)
      for (const { what, keyId, seq } of notices)
        to.putNotice.run(blob(request), what, blob(keyId), seq);
  }
}

const sorted = <T>(all: Iterable<T>, by: (a: T, b: T) => number): readonly T[] => [...all].sort(by);

const byDigest = (a: StoredRequest, b: StoredRequest): number => (a.digest < b.digest ? -1 : 1);

/** Of a digest, not of the id: nobody chooses ids that lie on one heap. */
const messageKey = (principal: Uint8Array, id: Uint8Array): number =>
  keyOf(sha256Hex(Buffer.concat([principal, id])));

function prepare(db: Writer | Reader) {
  return {
    request: db.prepare<[number, Uint8Array], RequestRow>(
      'select digest, idx, guard, open, about from requests where key = ? and digest = ?',
    ),
    open: db.prepare<[], RequestRow>(
      'select digest, idx, guard, open, about from requests where open = 1 order by idx',
    ),
    answer: db.prepare<[number, Uint8Array, Uint8Array], { digest: Buffer; idx: number | null }>(
      'select digest, idx from messages where key = ? and principal = ? and id = ?',
    ),
    chain: db.prepare<[Uint8Array], { seq: number; digest: Buffer }>(
      'select seq, digest from chains where key = ?',
    ),
    notices: db.prepare<[Uint8Array], { what: string; key: Buffer }>(
      'select what, key from notices where request = ? order by seq',
    ),
    putRequest: db.prepare(
      `insert into requests values (?, ?, ?, ?, ?, ?)
        on conflict (idx) do update set open = excluded.open, about = excluded.about
        where digest = excluded.digest`,
    ),
    putChain: db.prepare('insert or replace into chains values (?, ?, ?)'),
    putMessage: db.prepare('insert into messages values (null, ?, ?, ?, ?, ?, ?)'),
    putNotice: db.prepare('insert into notices values (?, ?, ?, ?) on conflict do nothing'),
  };
}

function requestOf({ digest, idx, guard, open, about }: RequestRow): StoredRequest {
  // The column is written by `put` alone: a JSON array of leaf indexes.
  const indexes = JSON.parse(about) as number[];
  return { digest: toHex(digest), index: idx, guard, open: open === 1, about: indexes };
}
