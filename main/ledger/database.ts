// Opens the log's file: one connection that writes, one that only reads. Both get every setting on every
// open, and durability is asserted after a read, because SQLite reports FULL until the first table access
// and may then fall back to the build's NORMAL (security note 7.2).

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '../../shared/result.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';

declare const access: unique symbol;

/** The one connection that changes the log. */
export type Writer = Database.Database & { readonly [access]: 'writer' };
/** Reads what is on disk, not what the writer has in its memory; any change is an error. */
export type Reader = Database.Database & { readonly [access]: 'reader' };

/** `unreadable`: SQLite refuses it. `notALog`: another program's. `schema`: another version's. `notDurable`: FULL did not hold. */
export type OpenCode = 'unreadable' | 'notALog' | 'schema' | 'notDurable';

export type Connections = { readonly writer: Writer; readonly reader: Reader };

/** Of every connection. */
export const SETTINGS: readonly string[] = [
  'busy_timeout = 5000',
  'trusted_schema = 0',
  'cell_size_check = 1',
  'foreign_keys = 1',
  'mmap_size = 0',
  // A page that rows leave keeps no copy of them: one that nobody finds again could not be erased. No I/O more.
  'secure_delete = FAST',
  // Pages. Only where `Ledger` had no turn to do it: a commit that moves the WAL keeps somebody waiting.
  'wal_autocheckpoint = 2000',
  'fullfsync = 1',
  'checkpoint_fullfsync = 1',
];
const FULL = 2;

export function openDatabase(path: string): Result<Connections, OpenCode> {
  let db: Database.Database | undefined;
  try {
    createOwnFile(path);
    db = new Database(path);
    for (const setting of SETTINGS) db.pragma(setting);
    const schema = settleSchema(db);
    const durable = schema.ok ? makeDurable(db) : schema;
    if (!durable.ok) {
      db.close();
      return durable;
    }
    const reader = new Database(path, { readonly: true, fileMustExist: true });
    for (const setting of SETTINGS) reader.pragma(setting);
    reader.pragma('query_only = 1');
    // The marks exist for the compiler alone: which connection is which is decided on these lines.
    return ok({ writer: db as Writer, reader: reader as Reader });
  } catch (error) {
    db?.close();
    return fail('unreadable', error instanceof Error ? error.message : String(error));
  }
}

/** 0600 before SQLite writes a byte, and the name itself on disk; WAL and index files take the same mode. */
function createOwnFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function settleSchema(db: Database.Database): Result<void, 'notALog' | 'schema'> {
  const tables = db.prepare('select count(*) from sqlite_schema').pluck().get();
  const application = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true });
  if (tables === 0 && application === 0 && version === 0) {
    db.transaction(() => {
      db.exec(SCHEMA);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    }).immediate();
    return ok(undefined);
  }
  if (application !== APPLICATION_ID) return fail('notALog', 'this file is not a Countersign log');
  return version === SCHEMA_VERSION
    ? ok(undefined)
    : fail(
        'schema',
        `the log has schema ${String(version)}, and this program reads ${SCHEMA_VERSION} only`,
      );
}

function makeDurable(db: Database.Database): Result<void, 'notDurable'> {
  db.pragma('journal_mode = WAL');
  // The last row and no more: a count would read the whole log.
  db.prepare('select max(idx) from leaves').get();
  db.pragma('synchronous = FULL');
  return assertDurable(db);
}

/** Reads a table first: only then does the setting say what will be used. */
export function assertDurable(db: Database.Database): Result<void, 'notDurable'> {
  db.prepare('select max(idx) from leaves').get();
  const mode = db.pragma('journal_mode', { simple: true });
  const level = db.pragma('synchronous', { simple: true });
  return mode === 'wal' && level === FULL
    ? ok(undefined)
    : fail('notDurable', `journal_mode ${String(mode)}, synchronous ${String(level)}`);
}
