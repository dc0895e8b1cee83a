// A copy from before this device had a key: its bodies are sealed in the background, a few at a time, so that no append waits
// for more than one such step; where it came to is kept, and a restart goes on from there.

import type Database from 'better-sqlite3';
import type { Bodies } from './seal.ts';

const AT_ONCE = 100;
/** Between two steps whatever else waits is done. */
const PAUSE_MS = 20;

type Row = { readonly idx: number; readonly leaf: Uint8Array; readonly payload: Uint8Array };

/** The key's mark, in a copy that has none yet. */
export function beginSealing(db: Database.Database, { mark }: Bodies): void {
  if (mark !== undefined)
    db.prepare('INSERT OR IGNORE INTO sealing VALUES (1, ?, 0)').run(Buffer.from(mark));
}

/** Undefined where nothing in this copy was ever sealed. */
export function sealedUnder(db: Database.Database): Uint8Array | undefined {
  return db.prepare<[], Uint8Array>('SELECT mark FROM sealing').pluck().get();
}

/** Resolves when everything that was in clear at the start is sealed, or the file was closed. */
export async function resealAll(db: Database.Database, bodies: Bodies): Promise<void> {
  if (bodies.mark === undefined) return;
  const next = db.prepare<[], number>('SELECT next FROM sealing').pluck();
  const size = Number(db.prepare('SELECT size FROM frontier').pluck().get());
  if ((next.get() ?? 0) >= size) return;
  resealDecisions(db, bodies);
  const step = stepOf(db, bodies);
  while (db.open && (next.get() ?? 0) < size) {
    withSecureDelete(db, () => step.immediate(size));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
  }
  // What was there before lies in the WAL still.
  if (db.open) db.pragma('wal_checkpoint(TRUNCATE)');
}

function stepOf(db: Database.Database, bodies: Bodies) {
  const some = db.prepare<[number], Row>(
    `SELECT idx, leaf, payload FROM leaf WHERE payload IS NOT NULL
     AND idx >= (SELECT next FROM sealing) AND idx < ? ORDER BY idx LIMIT ${AT_ONCE}`,
  );
  const put = db.prepare('UPDATE leaf SET payload = ? WHERE idx = ?');
  const reach = db.prepare('UPDATE sealing SET next = ?');
  return db.transaction((size: number) => {
    const rows = some.all(size);
    for (const { idx, leaf, payload } of rows) {
      const clear = bodies.take(payload, leaf);
      if (clear !== 'sealed') put.run(bodies.put(clear, leaf), idx);
    }
    reach.run(rows.length < AT_ONCE ? size : (rows.at(-1)?.idx ?? size) + 1);
  });
}

/** This device's own: as many as its person has made. */
function resealDecisions(db: Database.Database, bodies: Bodies): void {
  const put = db.prepare('UPDATE decision SET envelope = ? WHERE sha256 = ?');
  const all = db.prepare<[], { sha256: string; envelope: Uint8Array }>(
    'SELECT sha256, envelope FROM decision',
  );
  const reseal = db.transaction(() => {
    for (const { sha256, envelope } of all.all()) {
      const clear = bodies.take(envelope, Buffer.from(sha256));
      if (clear !== 'sealed') put.run(bodies.put(clear, Buffer.from(sha256)), sha256);
    }
  });
  withSecureDelete(db, () => reseal.immediate());
}

/** Freed bytes are overwritten; the setting has no effect inside a transaction that runs already. */
export function withSecureDelete(db: Database.Database, act: () => void): void {
  db.pragma('secure_delete = ON');
  try {
    act();
  } finally {
    db.pragma('secure_delete = FAST');
  }
}
