// Erasing in this copy: a text goes with its words, its title and this device's own copy of the decision; the leaf, and what
// became of the request, stay. Part of the transaction that stores the erasure itself.

import type Database from 'better-sqlite3';
import { parseLeaf } from '../../trust/leaf.ts';
import type { LeafMark } from '../ports.ts';
import { digestBytes } from './rows.ts';
import { SHARD_BITS, shardName } from './schema.ts';
import type { Words } from './words.ts';

type Erasure = Extract<LeafMark, { what: 'erasure' }>;

/** `index` and `request` are the erasure's own. */
export type Eraser = (index: number, request: string, mark: Erasure) => void;

export function eraserOf(db: Database.Database, words: Words): Eraser {
  const note = db.prepare('INSERT OR IGNORE INTO erased VALUES (?, ?)');
  const texts = db.prepare<[string], { idx: number; leaf: Uint8Array; type: string }>(
    `SELECT idx, leaf, type FROM leaf
     WHERE request = unhex(?) AND type IN ('request', 'decision') AND payload IS NOT NULL`,
  );
  const drop = db.prepare('UPDATE leaf SET payload = NULL WHERE idx = ?');
  // It is in the log, whether this device has heard so or not.
  const own = db.prepare("UPDATE decision SET envelope = x'', state = 'logged' WHERE sha256 = ?");
  const end = db.prepare('UPDATE request SET ended = ? WHERE digest = unhex(?) AND ended IS NULL');
  const forget = forgetRequest(db, words);
  return (index, request, { erases }) => {
    for (const { idx, leaf, type } of texts.all(request)) {
      const read = parseLeaf(new Uint8Array(leaf));
      if (!read.ok || !erases.includes(read.value.payloadSha256)) continue;
      drop.run(idx);
      if (type === 'request') forget(request);
    }
    for (const payload of erases) {
      note.run(digestBytes(payload), index);
      own.run(payload);
    }
    // Only what has ended can be erased: one whose ending cannot be read here is no longer open either.
    end.run(index, request);
  };
}

/** Title, target and every word. The shard is rewritten, so that none is left in it. */
export function forgetRequest(db: Database.Database, words: Words): (digest: string) => void {
  const find = db.prepare<[string], { idx: number; target: number }>(
    'SELECT e.idx, e.target FROM request r JOIN entry e ON e.idx = r.idx WHERE r.digest = unhex(?)',
  );
  const clear = db.prepare("UPDATE entry SET title = '', exit = NULL, target = ? WHERE idx = ?");
  const unused = db.prepare('DELETE FROM word WHERE id = ? AND count <= 0');
  return (digest) => {
    const row = find.get(digest);
    if (row === undefined) return;
    const shard = shardName(Math.floor(row.idx / 2 ** SHARD_BITS));
    const none = words.put('target', '');
    words.add(row.target, -1);
    words.add(none, 1);
    words.flush();
    clear.run(none, row.idx);
    unused.run(row.target);
    words.forget();
    db.prepare(`DELETE FROM ${shard} WHERE rowid = ?`).run(row.idx);
    db.prepare(`INSERT INTO ${shard} (${shard}) VALUES ('optimize')`).run();
  };
}

/** Of these payloads those that were erased, with the erasure's index. */
export function erasedByOf(db: Database.Database) {
  const by = db.prepare<[Uint8Array], number>('SELECT leaf FROM erased WHERE payload = ?').pluck();
  return async (payloads: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const found = new Map<string, number>();
    for (const payload of payloads) {
      const index = by.get(digestBytes(payload));
      if (index !== undefined) found.set(payload, index);
    }
    return found;
  };
}
