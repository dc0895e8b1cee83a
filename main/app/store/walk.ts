// The requests that fit a question, newest first, window by window. A window is a stretch of the log's indexes: small
// enough that one query of it is short, so that who walks can stop, or let an append through, between two of them.

import type Database from 'better-sqlite3';
import type { HistoryFilters } from '../../../shared/ipc/history.ts';
import type { HistoryQuestion } from '../ports.ts';
import { SHARD_BITS, SPAN_BITS, shardName } from './schema.ts';
import { digestIn, matchOf, nameWord } from './text-query.ts';
import type { Field, Words } from './words.ts';

export type EntryRow = {
  readonly idx: number;
  readonly digest: Uint8Array;
  readonly at: number;
  readonly title: string;
  readonly kind: number;
  readonly target: number;
  readonly agent: number;
  readonly person: number;
  readonly guard: number;
  readonly host: number;
  readonly tier: number;
  readonly ending: number;
  readonly verdict: number | null;
  readonly reviewer: number | null;
  readonly decided_at: number | null;
  readonly took: number | null;
  readonly opened: number | null;
  readonly run: string | null;
  readonly exit: string | null;
};

/** What fits in one window, and where the next one begins; undefined after the last. */
export type Window = { readonly rows: readonly EntryRow[]; readonly below: number | undefined };
export type Walk = { readonly next: (limit: number) => Window };

const WINDOW = 2 ** 15;
const SHARD = 2 ** SHARD_BITS;
const SPAN = 2 ** SPAN_BITS;

const NAMED = ['kind', 'target', 'agent', 'person', 'host', 'tier', 'ending', 'verdict'] as const;
const FIXED: readonly Field[] = ['kind', 'target', 'agent', 'person', 'host', 'tier'];
/** A name that more than this share of all requests carries is no place to start. */
const COMMON = 1 / 8;

type Plan = {
  readonly from: string;
  readonly key: string;
  readonly where: readonly string[];
  readonly values: readonly (number | string)[];
  readonly match: string | undefined;
  readonly low: number;
  readonly high: number;
};

export type Reader = { readonly db: Database.Database; readonly words: Words };

/** Undefined where nothing can fit. `columns`: those of EntryRow that the walker reads, all unless it says so. */
export function openWalk(
  reader: Reader,
  question: Omit<HistoryQuestion, 'limit'>,
  columns = 'e.*',
): Walk | undefined {
  const plan = planOf(reader, question);
  if (plan === undefined) return undefined;
  let below: number | undefined = Math.min(question.before ?? Number.MAX_SAFE_INTEGER, plan.high);
  const first = below;
  return {
    next: (limit) => {
      if (below === undefined || below <= plan.low) return { rows: [], below: undefined };
      const size = plan.match === undefined ? windowAt(first - below) : SHARD;
      const bottom = Math.max(plan.low, Math.floor((below - 1) / size) * size);
      const rows = queryWindow(reader.db, { ...plan, columns }, bottom, below, limit);
      const last = rows.at(-1);
      below = rows.length === limit && last ? last.idx : bottom;
      if (below <= plan.low) below = undefined;
      return { rows, below };
    },
  };
}

/** Wider as it goes on: a rare name is found in few queries, a common one in the first. */
const windowAt = (walked: number): number => (walked < 8 * WINDOW ? WINDOW : 2 * WINDOW);

function queryWindow(
  db: Database.Database,
  plan: Plan & { readonly columns: string },
  bottom: number,
  below: number,
  limit: number,
): EntryRow[] {
  const range = `${plan.key} >= ? AND ${plan.key} < ?`;
  const tail = `ORDER BY ${plan.key} DESC LIMIT ?`;
  if (plan.match === undefined) {
    const where = [range, ...plan.where].join(' AND ');
    // The columns are those of EntryRow, from a STRICT table of ours.
    return statement(db, `SELECT ${plan.columns} FROM ${plan.from} WHERE ${where} ${tail}`).all(
      bottom,
      below,
      ...plan.values,
      limit,
    ) as EntryRow[];
  }
  const shard = shardName(Math.floor(bottom / SHARD));
  if (!hasShard(db, shard)) return [];
  const where = ['f MATCH ?', range, ...plan.where]
    .join(' AND ')
    .replace('f MATCH', `${shard} MATCH`);
  return statement(
    db,
    `SELECT ${plan.columns} FROM ${shard} f CROSS JOIN entry e ON e.idx = f.rowid WHERE ${where} ${tail}`,
  ).all(plan.match, bottom, below, ...plan.values, limit) as EntryRow[];
}

const prepared = new WeakMap<Database.Database, Map<string, Database.Statement>>();
const MAX_PREPARED = 200;

/** Prepared once for each shape of question. */
function statement(db: Database.Database, sql: string): Database.Statement {
  const mine = prepared.get(db) ?? new Map<string, Database.Statement>();
  prepared.set(db, mine);
  const known = mine.get(sql);
  if (known !== undefined) return known;
  if (mine.size >= MAX_PREPARED) mine.clear();
  const made = db.prepare(sql);
  mine.set(sql, made);
  return made;
}

const hasShard = (db: Database.Database, name: string): boolean =>
  statement(db, 'SELECT 1 FROM sqlite_schema WHERE name = ?').pluck().get(name) !== undefined;

function planOf(reader: Reader, question: Omit<HistoryQuestion, 'limit'>): Plan | undefined {
  const { filters, text } = question;
  const bounds = boundsOf(reader.db, filters);
  const names = namesOf(reader.words, filters);
  const byDigest = indexesOf(reader.db, digestIn(text));
  const typed = byDigest ? 'any' : matchOf(text);
  if (bounds === undefined || names === undefined || typed === 'none') return undefined;
  const match =
    typed === 'any'
      ? undefined
      : [`(${typed.match})`, ...nameWords(reader.db, names)].join(' AND ');
  const start = match === undefined ? startOf(reader.db, names) : undefined;
  const conditions = [...timesOf(filters), ...namedOf(names, start)];
  if (byDigest) conditions.push({ sql: `e.idx IN (${byDigest.join(', ')})`, values: [] });
  const from = start === undefined ? 'entry e NOT INDEXED' : `entry e INDEXED BY entry_${start}`;
  const key = match === undefined ? 'e.idx' : 'f.rowid';
  const way = { from, key, match, ...bounds };
  return planned(
    match === undefined && start === undefined
      ? byReviewer(way, names, conditions)
      : { ...way, conditions: [...conditions, ...saidBy(names)] },
  );
}

type Condition = { readonly sql: string; readonly values: readonly (number | string)[] };
type Way = Omit<Plan, 'where' | 'values'>;

const planned = ({ conditions, ...way }: Way & { readonly conditions: Condition[] }): Plan => ({
  ...way,
  where: conditions.map((one) => one.sql),
  values: conditions.flatMap((one) => one.values),
});

/** A reviewer's own list is walked where there is no shorter one. */
function byReviewer(way: Way, names: readonly Name[], conditions: readonly Condition[]) {
  const own = ownWords(names);
  if (own === undefined) return { ...way, conditions: [...conditions] };
  const from = 'decided d INDEXED BY decided_reviewer CROSS JOIN entry e ON e.idx = d.idx';
  return { ...way, key: 'd.idx', from, conditions: [own, ...conditions] };
}

function saidBy(names: readonly Name[]): Condition[] {
  const own = ownWords(names);
  if (own === undefined) return [];
  const sql = `EXISTS (SELECT 1 FROM decided d WHERE d.idx = e.idx AND ${own.sql})`;
  return [{ ...own, sql }];
}

/** Both are in the index of `decided`: what the reviewer did not say is passed over without its row. */
function ownWords(names: readonly Name[]): Condition | undefined {
  const by = names.find((one) => one.field === 'reviewer');
  if (by === undefined) return undefined;
  const verdict = names.find((one) => one.field === 'verdict');
  return verdict === undefined
    ? { sql: 'd.reviewer = ?', values: [by.id] }
    : { sql: 'd.reviewer = ? AND d.verdict = ?', values: [by.id, verdict.id] };
}

function namedOf(names: readonly Name[], start: Field | undefined): Condition[] {
  const reviewed = names.some((one) => one.field === 'reviewer');
  return names
    .filter(({ field }) => field !== 'reviewer' && !(reviewed && field === 'verdict'))
    .map(({ field, id }) => ({
      // A plus sign keeps the planner from an index that we did not choose.
      sql: `${start === field ? '' : '+'}e.${field} = ?`,
      values: [id],
    }));
}

const timesOf = ({ from, to }: HistoryFilters): Condition[] => [
  ...(from === undefined ? [] : [{ sql: 'e.at >= ?', values: [Date.parse(from)] }]),
  ...(to === undefined ? [] : [{ sql: 'e.at < ?', values: [Date.parse(to)] }]),
];

type Name = { readonly field: Field; readonly id: number; readonly count: number };

/** Undefined where a name is one that no request carries. */
function namesOf(words: Words, filters: HistoryFilters): Name[] | undefined {
  const names: Name[] = [];
  for (const field of [...NAMED, 'reviewer'] as const) {
    const text = filters[field];
    if (text === undefined) continue;
    const found = words.find(field, text);
    if (found === undefined) return undefined;
    names.push({ field, ...found });
  }
  return names;
}

/** The rarest name's index, unless even that one is everywhere or a reviewer's own list is shorter. */
function startOf(db: Database.Database, names: readonly Name[]): Field | undefined {
  const rarest = names.toSorted((a, b) => a.count - b.count)[0];
  if (rarest === undefined || rarest.field === 'reviewer') return undefined;
  if (rarest.field === 'verdict' && names.some((one) => one.field === 'reviewer')) return undefined;
  return rarest.count > requestsIn(db) * COMMON ? undefined : rarest.field;
}

/** Each has one kind. */
const requestsIn = (db: Database.Database): number =>
  Number(
    statement(db, "SELECT coalesce(sum(count), 0) FROM word WHERE field = 'kind'").pluck().get(),
  );

/** Names that never change are words of the shard, too; one that is everywhere would only make it longer. */
const nameWords = (db: Database.Database, names: readonly Name[]): string[] => {
  const many = requestsIn(db) * COMMON;
  return names
    .filter(({ field, count }) => FIXED.includes(field) && count <= many)
    .map(({ id }) => `"${nameWord(id)}"`);
};

/** The indexes between which a request of that time can be: the log's order is not that of the guards' clocks. */
function boundsOf(
  db: Database.Database,
  { from, to }: HistoryFilters,
): { readonly low: number; readonly high: number } | undefined {
  const row = statement(
    db,
    'SELECT min(block) AS first, max(block) AS last FROM span WHERE high >= ? AND low < ?',
  ).get(
    from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(from),
    to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to),
  ) as { readonly first: number | null; readonly last: number | null };
  if (row.first === null || row.last === null) return undefined;
  return { low: row.first * SPAN, high: (row.last + 1) * SPAN };
}

/** Places of the requests whose digest begins so; undefined where there is none, and then it is a word like another. */
function indexesOf(db: Database.Database, digest: string | undefined): number[] | undefined {
  if (digest === undefined) return undefined;
  const found = statement(
    db,
    'SELECT idx FROM request WHERE digest >= unhex(?) AND digest <= unhex(?) LIMIT 200',
  )
    .pluck()
    .all(digest.padEnd(64, '0'), digest.padEnd(64, 'f'))
    .map(Number);
  return found.length === 0 ? undefined : found;
}
