// The Store port over one SQLite file. Synchronous inside, so every promise that resolves is a FULL commit on disk.
// The only file of the app that loads better-sqlite3; it runs in the store's process, never in the one with windows.

import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { concat, utf8 } from '../../../shared/bytes.ts';
import { fail, invariant, ok, type Result } from '../../../shared/result.ts';
import type { FrontierState } from '../../trust/frontier.ts';
import { NEVER_PUT, type Store, type StoredDecision, type StoredLeaf } from '../ports.ts';
import { erasedByOf, eraserOf } from './erase.ts';
import { historyOf } from './history.ts';
import { openLeafIndex } from './index-leaf.ts';
import { decisionOf, digestBytes, frontierOf, LEAF, leafOf } from './rows.ts';
import { APPLICATION_ID, LAST_SEQ, SCHEMA_VERSION, TABLES } from './schema.ts';
import { withSecureDelete } from './reseal.ts';
import { type Bodies, CLEAR } from './seal.ts';
import { openWords, type Words } from './words.ts';

/** `sealed`: its bodies lie under a key that was not given. */
export type StoreCode = 'foreign' | 'older' | 'newer' | 'damaged' | 'sealed' | 'io';

/**
 * Of a new file. Requests fill pages of 4096 bytes so badly that a fifth of the file is left over; in these it is half of
 * that. Larger ones save more, and write three times as much where a single leaf is committed (`bench:log-browse`, log-size).
 */
const PAGE_BYTES = 8192;
const ZEROS = '0'.repeat(64);

/** Opens or creates the file, without a key. Every failure carries one sentence for a person. */
export function openSqliteStore(path: string): Result<Store, StoreCode> {
  const opened = openDatabase(path);
  return opened.ok ? ok(storeOver(opened.value)) : opened;
}

export function openDatabase(path: string): Result<Database.Database, StoreCode> {
  let db: Database.Database | undefined;
  try {
    db = new Database(path);
    setPragmas(db);
    const fits = prepareSchema(db, path);
    if (fits.ok) return ok(db);
    db.close();
    return fits;
  } catch (error) {
    db?.close();
    const why = error instanceof Database.SqliteError ? error.code : String(error);
    return isDamage(error)
      ? fail('damaged', `${path} is damaged (${why})`)
      : fail('io', `${path} can't be opened (${why})`);
  }
}

/** What SQLite says of a file whose pages are not what it wrote. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError &&
  (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'));

/** Security note 7.2, on every open. */
function setPragmas(db: Database.Database): void {
  for (const pragma of [
    'busy_timeout = 5000',
    `page_size = ${PAGE_BYTES}`,
    'journal_mode = WAL',
    'synchronous = FULL',
    'fullfsync = 1',
    'checkpoint_fullfsync = 1',
    'foreign_keys = 1',
    'trusted_schema = 0',
    'cell_size_check = 1',
    'mmap_size = 0',
    // A page that rows leave keeps no copy of them: one that nobody finds again could not be erased.
    'secure_delete = FAST',
  ]) {
    db.pragma(pragma);
  }
  // WAL brings NORMAL back at the first table access: read once, set again, read again, then believe it.
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  db.pragma('synchronous = FULL');
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  invariant(db.pragma('synchronous', { simple: true }) === 2, 'commits are FULL');
  invariant(db.pragma('journal_mode', { simple: true }) === 'wal', 'the journal is a WAL');
}

function prepareSchema(db: Database.Database, path: string): Result<void, StoreCode> {
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  const application = Number(db.pragma('application_id', { simple: true }));
  const version = Number(db.pragma('user_version', { simple: true }));
  if (tables === 0 && application === 0 && version === 0) {
    db.transaction(() => {
      db.exec(TABLES);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    }).immediate();
    return ok(undefined);
  }
  if (application !== APPLICATION_ID) return fail('foreign', `${path} is not a Countersign store`);
  if (version > SCHEMA_VERSION) {
    return fail('newer', `${path} was written by a newer Countersign: update this one`);
  }
  if (version < SCHEMA_VERSION) {
    return fail('older', `${path} was written by an older Countersign: this one does not read it`);
  }
  const unsound = checksOf(path).find((check) => db.pragma(check, { simple: true }) !== 'ok');
  return unsound === undefined ? ok(undefined) : fail('damaged', `${path} is damaged (${unsound})`);
}

/** A whole check reads every page. Of a large file only what decides is read; the rest is judged when it is used. */
const WHOLE_CHECK_BYTES = 128 * 1024 * 1024;

const checksOf = (path: string): readonly string[] =>
  statSync(path).size <= WHOLE_CHECK_BYTES
    ? ['quick_check(1)']
    : ['frontier', 'note', 'decision', 'adopted', 'skipped', 'reached', 'saved'].map(
        (table) => `quick_check(${table})`,
      );

export function storeOver(db: Database.Database, bodies: Bodies = CLEAR): Store {
  const words = openWords(db);
  return {
    ...logOf(db, words, bodies),
    ...decisionsOf(db, bodies),
    erasedBy: erasedByOf(db),
    ...historyOf({ db, words }),
    // Which log a copy is of is the keeper's to settle (`open.ts`).
    useLog: async () => {},
    close: async () => void db.close(),
  };
}

type LogPart = Pick<
  Store,
  'load' | 'append' | 'putNote' | 'read' | 'newest' | 'ofRequest' | 'keyringBefore' | 'desk'
>;

function logOf(db: Database.Database, words: Words, bodies: Bodies): LogPart {
  const append = appendOf(db, words, bodies);
  const leafFrom = (row: unknown): StoredLeaf => leafOf(row, bodies);
  const frontier = db.prepare('SELECT size, hashes FROM frontier');
  const note = db.prepare('SELECT text FROM note').pluck();
  const putNote = db.prepare(
    `INSERT INTO note VALUES (1, ?, ?) ON CONFLICT (one)
     DO UPDATE SET size = excluded.size, text = excluded.text WHERE excluded.size >= size`,
  );
  const read = db.prepare(`SELECT ${LEAF} FROM leaf WHERE idx >= ? ORDER BY idx LIMIT ?`);
  const newest = db.prepare(`SELECT ${LEAF} FROM leaf WHERE idx < ? ORDER BY idx DESC LIMIT ?`);
  const ofRequest = db.prepare(
    `SELECT ${LEAF} FROM leaf WHERE leaf.request = unhex(?) ORDER BY idx`,
  );
  const keyringBefore = db.prepare(
    `SELECT ${LEAF} FROM leaf WHERE type = 'keyring' AND idx < ? ORDER BY idx DESC LIMIT 1`,
  );
  const open = db
    .prepare('SELECT lower(hex(digest)) FROM request WHERE ended IS NULL ORDER BY idx')
    .pluck();
  const ended = db
    .prepare(
      'SELECT lower(hex(digest)) FROM request WHERE ended IS NOT NULL ORDER BY ended DESC LIMIT ?',
    )
    .pluck();
  return {
    load: async () => ({ frontier: frontierOf(frontier.get()), note: textOrNone(note.get()) }),
    append: async (leaves, after) => {
      try {
        if (leaves.some(({ mark }) => mark?.what === 'erasure')) {
          withSecureDelete(db, () => append.immediate(leaves, after));
          // The pages of before lie in the WAL still.
          db.pragma('wal_checkpoint(TRUNCATE)');
        } else append.immediate(leaves, after);
      } catch (error) {
        words.forget();
        throw error;
      }
    },
    putNote: async (size, text) => void putNote.run(size, text),
    read: async (from, limit) => read.all(from, limit).map(leafFrom),
    newest: async (before, limit) =>
      newest.all(before ?? Number.MAX_SAFE_INTEGER, limit).map(leafFrom),
    ofRequest: async (digest) => ofRequest.all(digest).map(leafFrom),
    keyringBefore: async (index) => keyringBefore.all(index).map(leafFrom)[0],
    desk: async (latest) => [...open.all(), ...ended.all(latest)].map(String),
  };
}

function appendOf(db: Database.Database, words: Words, bodies: Bodies) {
  const erase = eraserOf(db, words);
  const index = openLeafIndex(db, words);
  const adopt = adoptOf(db);
  const size = db.prepare('SELECT size FROM frontier').pluck();
  const putLeaf = db.prepare('INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?)');
  // A request whose leaf was appended twice is one request; its first ending counts.
  const putRequest = db.prepare('INSERT OR IGNORE INTO request VALUES (?, ?, NULL)');
  const end = db.prepare('UPDATE request SET ended = ? WHERE digest = ? AND ended IS NULL');
  const putFrontier = db.prepare('UPDATE frontier SET size = ?, hashes = ?');
  return db.transaction((leaves: readonly StoredLeaf[], after: FrontierState) => {
    let next = Number(size.get());
    for (const one of leaves) {
      const request = one.request === undefined ? null : digestBytes(one.request);
      invariant(one.index === next, `leaf ${one.index} comes where ${next} is next`);
      const payload = one.payload && bodies.put(one.payload, one.leaf);
      putLeaf.run(next, one.leaf, payload ?? null, one.type, request, one.at ?? null);
      invariant(one.type !== 'request' || one.request !== undefined, 'a request names itself');
      const opens = one.type === 'request' && putRequest.run(request, next).changes === 1;
      index.take(one, opens);
      adopt(one);
      if (one.type === 'ending') end.run(next, request);
      if (one.mark?.what === 'erasure' && one.request !== undefined)
        erase(next, one.request, one.mark);
      next += 1;
    }
    invariant(after.size === next, 'the frontier is the one after the leaves');
    index.flush();
    putFrontier.run(next, concat(...after.hashes));
  });
}

/** In a copy that is filled again: a decision, a grant or an erasure that this device had signed, by a number that it had used. */
function adoptOf(db: Database.Database) {
  const put = db.prepare(
    `INSERT OR IGNORE INTO decision
     SELECT @sha256, @keyId, @seq, @request, x'', 'logged ' || @sha256, 'logged', NULL
     WHERE EXISTS (SELECT 1 FROM adopted WHERE key_id = @keyId AND seq >= @seq)`,
  );
  return ({ mark, request }: StoredLeaf): void => {
    if (mark?.what !== 'decision' && mark?.what !== 'erasure' && mark?.what !== 'chained') return;
    if (request === undefined) return;
    const { sha256, keyId, seq } = mark;
    put.run({ sha256, keyId, seq, request });
  };
}

type DecisionPart = Pick<
  Store,
  'nextDecision' | 'putDecision' | 'settleDecision' | 'unsettledDecisions'
>;

function decisionsOf(db: Database.Database, bodies: Bodies): DecisionPart {
  const last = db.prepare(LAST_SEQ);
  const put = db.prepare('INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const settle = db.prepare('UPDATE decision SET state = ?, code = ? WHERE sha256 = ?');
  const unsettled = db.prepare(
    "SELECT * FROM decision WHERE state = 'sending' ORDER BY key_id, seq",
  );
  return {
    nextDecision: async (keyId) => {
      // The two columns the statement names; STRICT tables keep their types.
      const row = last.get({ keyId }) as
        | { readonly seq: number; readonly sha256: string }
        | undefined;
      return row === undefined ? { seq: 1, prev: ZEROS } : { seq: row.seq + 1, prev: row.sha256 };
    },
    putDecision: async (one: StoredDecision) => {
      const { sha256, keyId, seq, request, envelope, messageId, state, code } = one;
      const stored = bodies.put(envelope, utf8(sha256));
      put.run(sha256, keyId, seq, request, stored, messageId, state, code ?? null);
    },
    settleDecision: async (sha256, state, code) => {
      const { changes } = settle.run(state, code ?? null, sha256);
      invariant(changes === 1, NEVER_PUT);
    },
    unsettledDecisions: async () => unsettled.all().flatMap((row) => decisionOf(row, bodies) ?? []),
  };
}

const textOrNone = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
