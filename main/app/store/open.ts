// Opens the app's copy of the log against what this device had reached. A broken copy, or one that is older than that, is
// moved aside and kept; a new one is filled by the broker and checked against the checkpoint that was verified before.
// Numbers of decisions go on where they were, whatever the copy says.

import type Database from 'better-sqlite3';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { fromUtf8, sameBytes, utf8 } from '../../../shared/bytes.ts';
import { systemRandom } from '../../trust/digest.ts';
import { readPrivate, writeAtomic } from '../../state/atomic-file.ts';
import type { Store } from '../ports.ts';
import { METHODS } from './frames.ts';
import { type Marks, openMarks, setMarksAside } from './marks.ts';
import { beginSealing, resealAll, sealedUnder } from './reseal.ts';
import { LAST_SEQ } from './schema.ts';
import { type Bodies, CLEAR, sealedBodies } from './seal.ts';
import { openDatabase, type StoreCode, storeOver } from './sqlite.ts';

export type AppStore = {
  readonly store: Store;
  /** One sentence where the copy was replaced. */
  readonly mended: string | undefined;
};

type Trouble = {
  readonly code: 'damaged' | 'missing' | 'wentBackwards' | 'otherKey';
  readonly says: string;
};

/** `now` names what is moved aside. With `key` every text is sealed under it, those of before in the background. */
export function openAppStore(
  path: string,
  now: number,
  key?: Uint8Array,
): Result<AppStore, StoreCode> {
  const bodies = key === undefined ? CLEAR : sealedBodies(key, systemRandom);
  const suffix = `broken-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  const read = openMarks(path);
  if (!read.ok) setMarksAside(path, suffix);
  const marks = read.ok ? read : openMarks(path);
  if (!marks.ok) return fail('io', marks.detail);
  const existed = existsSync(path);
  const flagged = existsSync(flagPath(path));
  const opened = flagged
    ? fail('damaged', `${path} was found damaged while it was read`)
    : openDatabase(path);
  if (!opened.ok && opened.code !== 'damaged') return opened;
  const under = opened.ok ? sealedUnder(opened.value) : undefined;
  if (opened.ok && under !== undefined && bodies.mark === undefined) {
    opened.value.close();
    return fail('sealed', `${path}: ${NO_KEY}`);
  }
  const trouble = opened.ok
    ? (lostKey(under, bodies) ?? behind(opened.value, marks.value, existed))
    : { code: 'damaged' as const, says: opened.detail ?? opened.code };
  const lost = read.ok
    ? undefined
    : `${read.detail ?? 'the marks of this device are unreadable'}: which numbers this device's keys have used is now ` +
      'taken from its copy of the log';
  if (opened.ok && trouble === undefined) {
    settleMarks(opened.value, marks.value);
    const first = marked(opened.value, marks.value, lost, bodies);
    return ok({ store: byEpoch(path, now, first, marks.value, bodies), mended: lost });
  }
  if (opened.ok) opened.value.close();
  const says = sentenceOf(trouble, `${path}.${suffix}`);
  const kept = trouble?.code !== 'missing';
  const fresh = replace(path, suffix, marks.value, kept);
  if (!fresh.ok) return fresh;
  // Nobody can read it, and what of it lies in clear is of no use to anybody who should.
  if (trouble?.code === 'otherKey')
    for (const end of ['-wal', '-shm', '']) rmSync(`${path}.${suffix}${end}`, { force: true });
  const backwards = trouble?.code === 'wentBackwards' ? says : lost;
  const first = marked(fresh.value, marks.value, backwards, bodies);
  return ok({ store: byEpoch(path, now, first, marks.value, bodies), mended: says });
}

/** The store over the copy of the log that is in use: another log's copy is moved aside for a new one. */
function byEpoch(path: string, now: number, first: Store, marks: Marks, bodies: Bodies): Store {
  let inUse = first;
  const useLog = async (vkey: string): Promise<void> => {
    const before = readPrivate(logPath(path), MAX_VKEY);
    if (!before.ok && before.code !== 'missing') throw new Error(before.detail);
    if (before.ok && fromUtf8(before.value) === vkey) return;
    if (before.ok) {
      const suffix = `epoch-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
      await inUse.close();
      marks.beginAgain(suffix);
      const fresh = replace(path, suffix, marks, true);
      if (!fresh.ok) throw new Error(fresh.detail ?? fresh.code);
      inUse = marked(fresh.value, marks, undefined, bodies);
    }
    // Last: a crash before it moves an empty copy aside once more, which loses nothing.
    const written = writeAtomic(logPath(path), utf8(vkey));
    if (!written.ok) throw new Error(written.detail);
  };
  const calls = METHODS.map((method) => [
    method,
    // One entry for each method of the port, with the arguments that it was given.
    (...args: readonly unknown[]) =>
      (inUse[method] as (...values: readonly unknown[]) => unknown)(...args),
  ]);
  return { ...(Object.fromEntries(calls) as Store), useLog };
}

const logPath = (path: string): string => `${path}.log`;
const MAX_VKEY = 400;

/** So that the next start does not trust what this one could not read. */
export function flagDamage(path: string): void {
  writeFileSync(flagPath(path), '', { mode: 0o600 });
}

const flagPath = (path: string): string => `${path}.damaged`;

const sentenceOf = (trouble: Trouble | undefined, kept: string): string =>
  trouble?.code === 'missing' || trouble?.code === 'otherKey'
    ? `${trouble.says}; it is fetched again`
    : `${trouble?.says ?? 'the copy of the log is broken'}; it is kept as ${kept}, and the log is fetched again`;

const NO_KEY =
  "its texts are sealed by the computer's key store, which this way of running does not reach";

/** A copy whose key is gone for good: it is a copy, and the broker has the log. */
function lostKey(under: Uint8Array | undefined, { mark }: Bodies): Trouble | undefined {
  if (under === undefined || mark === undefined || sameBytes(new Uint8Array(under), mark))
    return undefined;
  return {
    code: 'otherKey',
    says: "the key to the texts in this machine's copy of the log is gone",
  };
}

/** Why this copy is not the one that this device had: undefined where it may be. */
function behind(db: Database.Database, marks: Marks, existed: boolean): Trouble | undefined {
  const reached = marks.reached();
  const held = sizeIn(db, 'note');
  const known = Math.max(held, sizeIn(db, 'reached'));
  if (reached !== undefined && known < reached.size) {
    if (!existed) return { code: 'missing', says: "this machine's copy of the log was missing" };
    return {
      code: 'wentBackwards',
      says:
        `this machine's copy of the log went backwards: it has verified ${held} entries, and this device had ` +
        `verified ${reached.size}`,
    };
  }
  const last = lastSeq(db);
  for (const [keyId, { seq }] of marks.keys()) {
    const has = last(keyId)?.seq ?? 0;
    // One ahead is a decision that was numbered and, after a crash, never stored: its number stays unused.
    if (seq > has + 1)
      return existed
        ? {
            code: 'wentBackwards',
            says: `this machine's copy of the log went backwards: it has ${has} decisions of this device's key, and ${seq} were made`,
          }
        : { code: 'missing', says: "this machine's copy of the log was missing" };
  }
  return undefined;
}

function sizeIn(db: Database.Database, table: 'note' | 'reached'): number {
  return Number(db.prepare(`SELECT size FROM ${table}`).pluck().get() ?? 0);
}

function lastSeq(db: Database.Database) {
  const last = db.prepare<{ keyId: string }, { seq: number; sha256: string }>(LAST_SEQ);
  return (keyId: string) => last.get({ keyId });
}

/**
 * Marks and copy say the same from here on. A number that was marked and never stored is noted as skipped, else the next
 * crash would make two of them; a copy whose marks were lost is what there is to go by.
 */
function settleMarks(db: Database.Database, marks: Marks): void {
  const skip = db.prepare(
    `INSERT INTO skipped VALUES (?, ?, ?) ON CONFLICT (key_id)
     DO UPDATE SET seq = excluded.seq, sha256 = excluded.sha256`,
  );
  const keys = db
    .prepare<[], string>('SELECT key_id FROM decision UNION SELECT key_id FROM adopted')
    .pluck()
    .all();
  const last = lastSeq(db);
  for (const [keyId, { seq, sha256 }] of marks.keys())
    if (seq > (last(keyId)?.seq ?? 0)) skip.run(keyId, seq, sha256);
  for (const keyId of keys) {
    const used = last(keyId);
    if (used && used.seq > (marks.used(keyId)?.seq ?? 0)) marks.use(keyId, used);
  }
  const note = db.prepare<[], { size: number; text: string }>('SELECT size, text FROM note').get();
  if (note) marks.reach(note.size, note.text);
}

/** A new copy in its place, which knows what had been reached; saved views come along where they can be read. */
function replace(
  path: string,
  suffix: string,
  marks: Marks,
  keep: boolean,
): Result<Database.Database, StoreCode> {
  try {
    // The journal goes with its file: alone it would be played into the new one.
    for (const end of ['-wal', '-shm', ''])
      if (existsSync(path + end)) {
        if (keep) renameSync(path + end, `${path}.${suffix}${end}`);
        else rmSync(path + end);
      }
    rmSync(flagPath(path), { force: true });
  } catch (error) {
    return fail('io', `${path} can't be moved aside (${String(error)})`);
  }
  const fresh = openDatabase(path);
  if (!fresh.ok) return fresh;
  const db = fresh.value;
  const views = keep ? savedIn(`${path}.${suffix}`) : [];
  db.transaction(() => {
    const adopt = db.prepare('INSERT INTO adopted VALUES (?, ?, ?)');
    for (const [keyId, { seq, sha256 }] of marks.keys()) adopt.run(keyId, seq, sha256);
    const reached = marks.reached();
    if (reached) db.prepare('INSERT INTO reached VALUES (1, ?, ?)').run(reached.size, reached.note);
    const save = db.prepare('INSERT OR IGNORE INTO saved VALUES (?, ?)');
    for (const { name, view } of views) save.run(name, view);
  }).immediate();
  return ok(db);
}

function savedIn(path: string): readonly { readonly name: string; readonly view: string }[] {
  const old = openDatabase(path);
  if (!old.ok) return [];
  try {
    return old.value.prepare<[], { name: string; view: string }>('SELECT * FROM saved').all();
  } catch {
    return [];
  } finally {
    old.value.close();
  }
}

/** The store over a copy, with its numbers and its checkpoint marked before, or after, they count. */
function marked(
  db: Database.Database,
  marks: Marks,
  wentBackwards: string | undefined,
  bodies: Bodies,
): Store {
  beginSealing(db, bodies);
  // In the background; where it fails, the next start goes on, and whoever reads meets the same failure.
  void resealAll(db, bodies).catch(() => {});
  const store = storeOver(db, bodies);
  const reached = db.prepare<[], { size: number; text: string }>('SELECT size, text FROM reached');
  return {
    ...store,
    load: async () => {
      const goal = reached.get();
      const open = goal && goal.size > sizeIn(db, 'note');
      return {
        ...(await store.load()),
        ...(open ? { reached: goal.text } : {}),
        ...(wentBackwards === undefined ? {} : { wentBackwards }),
      };
    },
    putNote: async (size, note) => {
      await store.putNote(size, note);
      // After the copy: a mark that is behind is still true.
      marks.reach(size, note);
    },
    nextDecision: async (keyId) => {
      const next = await store.nextDecision(keyId);
      const used = marks.used(keyId);
      return used && used.seq >= next.seq ? { seq: used.seq + 1, prev: used.sha256 } : next;
    },
    putDecision: async (decision) => {
      // Before the copy: a number that was marked and never stored is a gap; the other way round it could be used again.
      marks.use(decision.keyId, { seq: decision.seq, sha256: decision.sha256 });
      await store.putDecision(decision);
    },
  };
}
