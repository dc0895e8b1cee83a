// Names that many rows share (agents, hosts, tiers, endings), each kept once with how many requests carry it: rows stay
// small, and a search starts from its rarest name.

import type Database from 'better-sqlite3';
import { invariant } from '../../../shared/result.ts';

export type Field =
  | 'kind'
  | 'target'
  | 'agent'
  | 'person'
  | 'guard'
  | 'host'
  | 'tier'
  | 'ending'
  | 'verdict'
  | 'reviewer';

export type Words = {
  /** Its number; made when it is new. */
  readonly put: (field: Field, text: string) => number;
  /** One request more or less has it; written by `flush`. */
  readonly add: (id: number, by: 1 | -1) => void;
  readonly flush: () => void;
  /** After a transaction that was rolled back: what was remembered may not be there. */
  readonly forget: () => void;
  readonly find: (
    field: Field,
    text: string,
  ) => { readonly id: number; readonly count: number } | undefined;
  readonly text: (id: number) => string;
};

const MAX_REMEMBERED = 50_000;

export function openWords(db: Database.Database): Words {
  const find = db.prepare<[string, string], { id: number; count: number }>(
    'SELECT id, count FROM word WHERE field = ? AND text = ?',
  );
  const insert = db.prepare('INSERT INTO word (field, text) VALUES (?, ?)');
  const count = db.prepare('UPDATE word SET count = count + ? WHERE id = ?');
  const textOf = db.prepare<[number], string>('SELECT text FROM word WHERE id = ?').pluck();
  const ids = new Map<string, number>();
  const texts = new Map<number, string>();
  const changes = new Map<number, number>();
  return {
    put: (field, text) => {
      const key = `${field} ${text}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = find.get(field, text)?.id ?? Number(insert.run(field, text).lastInsertRowid);
      if (ids.size >= MAX_REMEMBERED) ids.clear();
      ids.set(key, id);
      return id;
    },
    add: (id, by) => void changes.set(id, (changes.get(id) ?? 0) + by),
    flush: () => {
      for (const [id, by] of changes) if (by !== 0) count.run(by, id);
      changes.clear();
    },
    forget: () => {
      ids.clear();
      texts.clear();
      changes.clear();
    },
    find: (field, text) => find.get(field, text),
    text: (id) => {
      const known = texts.get(id);
      if (known !== undefined) return known;
      const text = textOf.get(id);
      invariant(text !== undefined, 'a row names words that are kept');
      if (texts.size >= MAX_REMEMBERED) texts.clear();
      texts.set(id, text);
      return text;
    },
  };
}
