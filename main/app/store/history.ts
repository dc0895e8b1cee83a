// The store's answers about history. A question that takes long gives way between two windows, so that an append never
// waits for it, and a search ends after its time with what it found and where to go on.

import type Database from 'better-sqlite3';
import * as z from 'zod';
import { MAX_SAVED_VIEWS, SavedView } from '../../../shared/ipc/history.ts';
import type { HistoryQuestion, HistoryStore } from '../ports.ts';
import { forgetRequest } from './erase.ts';
import { withSecureDelete } from './reseal.ts';
import { foundOf } from './rows-found.ts';
import { openTally } from './tally.ts';
import { type EntryRow, openWalk, type Reader } from './walk.ts';

/** After this long a search says how far it came. */
const SEARCH_MS = 150;
/** Longest stretch without letting another call in. */
const TURN_MS = 10;
const MAX_ROWS = 1000;

export function historyOf(reader: Reader): HistoryStore {
  const { db, words } = reader;
  return {
    search: (question) => search(reader, question),
    values: valuesOf(db),
    tally: openTally(reader, openTurns),
    ...savedOf(db),
    erase: async (digest) => erase(reader, digest),
  };

  async function search({ db: at }: Reader, question: HistoryQuestion) {
    const started = performance.now();
    const walk = openWalk({ db: at, words }, question);
    const rows: EntryRow[] = [];
    const limit = Math.min(question.limit, MAX_ROWS);
    const turn = openTurns();
    let next: number | undefined;
    while (walk !== undefined) {
      const window = walk.next(limit - rows.length);
      rows.push(...window.rows);
      next = window.below;
      if (next === undefined || rows.length >= limit) break;
      if (performance.now() - started > SEARCH_MS) break;
      await turn();
    }
    const took = performance.now() - started;
    return { rows: rows.map((row) => foundOf(row, words)), next, took };
  }
}

/** Resolves at once while its turn lasts, else after whatever else waits has run. */
export type Turn = () => Promise<void>;

function openTurns(): Turn {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  };
}

function valuesOf(db: Database.Database): HistoryStore['values'] {
  const some = db.prepare<[string, string, number], { value: string; count: number }>(
    `SELECT text AS value, count FROM word WHERE field = ? AND count > 0 AND text LIKE ? ESCAPE '\\'
     ORDER BY count DESC, text LIMIT ?`,
  );
  return async (of, starts, limit) =>
    some.all(of, `${starts.replace(/[\\%_]/g, '\\$&')}%`, Math.min(limit, MAX_ROWS));
}

type SavedPart = Pick<HistoryStore, 'savedViews' | 'putSavedView' | 'removeSavedView'>;

function savedOf(db: Database.Database): SavedPart {
  const all = db.prepare('SELECT view FROM saved ORDER BY name').pluck();
  const count = db.prepare('SELECT count(*) FROM saved WHERE name <> ?').pluck();
  const put = db.prepare(
    'INSERT INTO saved VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET view = excluded.view',
  );
  const remove = db.prepare('DELETE FROM saved WHERE name = ?');
  return {
    savedViews: async () => all.all().map(viewOf),
    putSavedView: async (view) => {
      if (Number(count.get(view.name)) >= MAX_SAVED_VIEWS) return false;
      put.run(view.name, JSON.stringify(view));
      return true;
    },
    removeSavedView: async (name) => void remove.run(name),
  };
}

const viewOf = (text: unknown): SavedView => SavedView.parse(JSON.parse(z.string().parse(text)));

/** Body, title and words go; the leaf and what became of it stay. */
function erase({ db, words }: Reader, digest: string): void {
  const drop = db.prepare(
    'UPDATE leaf SET payload = NULL WHERE idx = (SELECT idx FROM request WHERE digest = unhex(?))',
  );
  const forget = forgetRequest(db, words);
  const all = db.transaction(() => {
    drop.run(digest);
    forget(digest);
  });
  withSecureDelete(db, () => all.immediate());
  db.pragma('wal_checkpoint(TRUNCATE)');
}
