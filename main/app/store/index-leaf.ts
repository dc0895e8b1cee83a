// The history index, written in the same transaction as the leaf: one row a request, moved by its later leaves, and its
// words in the full-text shard of its place. What is committed is indexed; there is nothing to catch up with.

import type Database from 'better-sqlite3';
import type { LeafMark, StoredLeaf } from '../ports.ts';
import { digestBytes } from './rows.ts';
import { SHARD_BITS, SPAN_BITS, shardName, shardTable } from './schema.ts';
import { nameWord, typeable } from './text-query.ts';
import type { Field, Words } from './words.ts';

type Of<W extends LeafMark['what']> = Extract<LeafMark, { what: W }>;
type Row = {
  readonly idx: number;
  readonly at: number;
  readonly guard: number;
  readonly ending: number;
  readonly verdict: number | null;
};

export type LeafIndex = {
  /** `opens` where the leaf is a request that was not here before. */
  readonly take: (leaf: StoredLeaf, opens: boolean) => void;
  /** Once before the commit. */
  readonly flush: () => void;
};

/** Carried by every row; the first seven never change. */
const COUNTED = [
  'kind',
  'target',
  'agent',
  'person',
  'guard',
  'host',
  'tier',
] as const satisfies Field[];

export function openLeafIndex(db: Database.Database, words: Words): LeafIndex {
  const find = db.prepare<[string], Row>(
    `SELECT e.idx, e.at, e.guard, e.ending, e.verdict FROM request r JOIN entry e ON e.idx = r.idx
     WHERE r.digest = unhex(?)`,
  );
  const request = openRequestIndex(db, words);
  const move = openMoves(db, words);
  return {
    flush: words.flush,
    take: (leaf, opens) => {
      const { mark } = leaf;
      if (mark === undefined || leaf.request === undefined) return;
      if (mark.what === 'request') {
        if (opens) request(leaf.index, leaf.request, mark);
        return;
      }
      const row = find.get(leaf.request);
      if (row === undefined) return;
      if (mark.what === 'decision') move.decision(row, mark);
      if (mark.what === 'opened') move.opened(row, mark);
      if (mark.what === 'ending') move.ending(row, mark);
      if (mark.what === 'receipt') move.receipt(row, mark);
    },
  };
}

function openRequestIndex(db: Database.Database, words: Words) {
  const put = db.prepare(
    `INSERT INTO entry (idx, digest, at, title, kind, target, agent, person, guard, host, tier, ending)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const span = db.prepare(
    `INSERT INTO span VALUES (@block, @at, @at) ON CONFLICT (block)
     DO UPDATE SET low = min(low, excluded.low), high = max(high, excluded.high)`,
  );
  const shards = openShards(db);
  return (index: number, digest: string, mark: Of<'request'>): void => {
    const ids = COUNTED.map((field) => words.put(field, mark[field]));
    const open = words.put('ending', 'open');
    for (const id of [...ids, open]) words.add(id, 1);
    put.run(index, digestBytes(digest), mark.at, mark.title, ...ids, open);
    span.run({ block: Math.floor(index / 2 ** SPAN_BITS), at: mark.at });
    shards(index, mark.words, ids);
  };
}

/** Shards are made as the log reaches them. */
function openShards(db: Database.Database) {
  const exists = db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').pluck();
  let current = -1;
  let put: Database.Statement | undefined;
  return (
    index: number,
    { action, reason, who }: Of<'request'>['words'],
    names: readonly number[],
  ): void => {
    const shard = Math.floor(index / 2 ** SHARD_BITS);
    // Asked each time a shard begins: one that a rolled back append had made is not there.
    if (shard !== current || put === undefined || exists.get(shardName(shard)) === undefined) {
      if (exists.get(shardName(shard)) === undefined) db.exec(shardTable(shard));
      put = db.prepare(
        `INSERT INTO ${shardName(shard)} (rowid, action, reason, who) VALUES (?, ?, ?, ?)`,
      );
      current = shard;
    }
    const whole = `${typeable(who)} ${names.map(nameWord).join(' ')}`;
    put.run(index, typeable(action), typeable(reason), whole);
  };
}

function openMoves(db: Database.Database, words: Words) {
  const see = db.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)');
  const saw = db.prepare('SELECT 1 FROM seen WHERE idx = ? AND reviewer = ?').pluck();
  const decide = db.prepare('INSERT OR IGNORE INTO decided VALUES (?, ?, ?, ?, ?)');
  const verdict = db.prepare(
    'UPDATE entry SET verdict = ?, reviewer = ?, decided_at = ?, took = ?, opened = ? WHERE idx = ?',
  );
  const end = db.prepare('UPDATE entry SET ending = ? WHERE idx = ?');
  const run = db.prepare('UPDATE entry SET run = ?, exit = ? WHERE idx = ?');
  const deny = words.put('verdict', 'deny');
  const open = words.put('ending', 'open');
  return {
    opened: (row: Row, mark: Of<'opened'>): void =>
      void see.run(row.idx, words.put('reviewer', mark.reviewer)),
    decision: (row: Row, mark: Of<'decision'>): void => {
      const reviewer = words.put('reviewer', mark.reviewer);
      const said = words.put('verdict', mark.verdict);
      // Two clocks: the guard's may be ahead of the reviewer's.
      const took = Math.max(0, mark.at - row.at);
      const opened = saw.get(row.idx, reviewer) === undefined ? 0 : 1;
      if (decide.run(row.idx, reviewer, said, took, opened).changes === 0) return;
      words.add(reviewer, 1);
      // The first denial decides; whatever comes after it changes nothing.
      if (row.verdict === deny) return;
      if (row.verdict !== null) words.add(row.verdict, -1);
      words.add(said, 1);
      verdict.run(said, reviewer, mark.at, took, opened, row.idx);
    },
    ending: (row: Row, mark: Of<'ending'>): void => {
      const ours = mark.guard === undefined || words.put('guard', mark.guard) === row.guard;
      if (row.ending !== open || !ours) return;
      const how = words.put('ending', mark.how);
      words.add(open, -1);
      words.add(how, 1);
      end.run(how, row.idx);
    },
    receipt: (row: Row, mark: Of<'receipt'>): void => {
      if (words.put('guard', mark.guard) !== row.guard) return;
      run.run(mark.state, mark.exit ?? null, row.idx);
    },
  };
}
