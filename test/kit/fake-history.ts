// A log's worth of requests that exist only when they are looked at: each row follows from its number, so a million of them
// take no memory. Searching is bounded like main's: a call looks at so many rows and says where it stopped.

import { createHash } from 'node:crypto';
import type {
  HistoryCharts,
  HistoryEnding,
  HistoryFilters,
  RequestRow,
  ValueField,
} from '../../shared/ipc/history.ts';
import type { StatementType } from '../../shared/statement/statement.ts';

/** Entries of the log for each request: asked, shown, decided, ended, receipt. */
export const ENTRIES_EACH = 5;
const LOOKED_AT = 20_000;
const START = Date.parse('2025-01-01T00:00:00.000Z');
const EVERY_MS = 60_000;

const AGENTS = ['night-agent', 'schema-agent', 'billing-bot', 'release-agent'];
const PEOPLE = ['ada', 'bo', 'chidi'];
const HOSTS = ['ada-laptop', 'db-1.prod', 'build-7'];
const TITLES = [
  'run export.js customers --format csv',
  'run git push --force origin main',
  'run psql -c "drop table orders"',
  'call deploy on release-server',
  'POST https://api.example.com/refunds',
];
const TARGETS = ['export.js', 'main', 'orders', 'deploy', 'api.example.com'];
const KINDS = ['exec', 'exec', 'exec', 'mcp', 'http'] as const;
const TIERS = ['low', 'medium', 'high', 'critical', 'medium'] as const;
const ENDINGS = ['approved', 'approved', 'denied', 'approved', 'expiredSeen', 'withdrawn'] as const;
const REVIEWERS = [
  { id: 'ada', name: 'Ada Marlow' },
  { id: 'bo', name: 'Bo Lindqvist' },
];

export function pastRow(at: number): RequestRow {
  const ending: HistoryEnding = pick(ENDINGS, at);
  const asked = START + at * EVERY_MS;
  const tookMs = 4_000 + ((at * 7919) % 240_000);
  const decided = ending === 'approved' || ending === 'denied';
  return {
    index: at * ENTRIES_EACH,
    digest: createHash('sha256').update(`past ${at}`).digest('hex'),
    at: new Date(asked).toISOString(),
    title: pick(TITLES, at),
    kind: pick(KINDS, at),
    target: pick(TARGETS, at),
    agent: pick(AGENTS, at),
    person: pick(PEOPLE, at),
    guard: 'build-guard',
    host: pick(HOSTS, at),
    tier: pick(TIERS, at),
    ending,
    ...(decided
      ? {
          verdict: ending === 'approved' ? ('approve' as const) : ('deny' as const),
          reviewer: pick(REVIEWERS, at),
          decidedAt: new Date(asked + tookMs).toISOString(),
          tookMs,
          opened: at % 9 !== 0,
        }
      : {}),
    ...(ending === 'approved' ? { run: 'finished' as const, exit: '0' } : {}),
  };
}

function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

export type Asked = {
  readonly text?: string | undefined;
  readonly filters: HistoryFilters;
  readonly before?: number | undefined;
  readonly limit: number;
};

/** Newest first from below `before`, of `live` rows and then of `past` ones. */
export function searchPast(past: number, live: readonly RequestRow[], asked: Asked) {
  const before = asked.before ?? Infinity;
  const rows = live.filter((row) => row.index < before && fits(row, asked)).toReversed();
  if (rows.length >= asked.limit) return pageOf(rows, asked.limit, true);
  let at = Math.min(past - 1, Math.ceil(before / ENTRIES_EACH) - 1);
  const stop = Math.max(-1, at - LOOKED_AT);
  while (at > stop && rows.length <= asked.limit) {
    const row = pastRow(at);
    if (fits(row, asked)) rows.push(row);
    at -= 1;
  }
  if (rows.length > asked.limit) return pageOf(rows, asked.limit, true);
  const page = pageOf(rows, asked.limit, false);
  return at < 0 ? page : { ...page, next: (at + 1) * ENTRIES_EACH };
}

function pageOf(rows: readonly RequestRow[], limit: number, more: boolean) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, took: 1, ...(more && last !== undefined ? { next: last.index } : {}) };
}

function fits(row: RequestRow, { text = '', filters }: Asked): boolean {
  const { from, to, reviewer, verdict, ...same } = filters;
  const own: Readonly<Record<string, unknown>> = row;
  if (Object.entries(same).some(([name, value]) => value !== undefined && own[name] !== value))
    return false;
  if (reviewer !== undefined && row.reviewer?.id !== reviewer) return false;
  if (verdict !== undefined && row.verdict !== verdict) return false;
  if (from !== undefined && row.at < from) return false;
  if (to !== undefined && row.at >= to) return false;
  const said = `${row.title} ${row.agent} ${row.person} ${row.host}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word.replace(/\*$/, '')));
}

const VALUES: { readonly [F in ValueField]: readonly string[] } = {
  person: PEOPLE,
  agent: AGENTS,
  reviewer: REVIEWERS.map(({ id }) => id),
  target: TARGETS,
  host: HOSTS,
};

export const valuesOfPast = (of: ValueField, starts = '') =>
  VALUES[of]
    .filter((value) => value.toLowerCase().startsWith(starts.toLowerCase()))
    .map((value, at) => ({ value, count: 1000 - at * 70 }));

/** Of the newest twenty thousand: what a picture needs, not what an auditor does. */
export function chartsOfPast(past: number, filters: HistoryFilters): HistoryCharts {
  const { rows } = searchPast(past, [], { filters, limit: LOOKED_AT });
  const days = Map.groupBy(rows.toReversed(), (row) => row.at.slice(0, 10));
  const took = rows.map((row) => row.tookMs ?? -1).filter((ms) => ms >= 0);
  const sorted = took.toSorted((left, right) => left - right);
  const bounds = [5_000, 15_000, 60_000, 180_000];
  const slots = bounds.map((upToMs, slot) => ({
    upToMs,
    count: took.filter((ms) => ms <= upToMs && ms > (bounds[slot - 1] ?? -1)).length,
  }));
  const approvals = rows.filter((row) => row.verdict === 'approve');
  return {
    requests: rows.length,
    bucket: 'day',
    volume: [...days].map(([day, own]) => ({
      at: `${day}T00:00:00.000Z`,
      asked: own.length,
      endings: Object.fromEntries(
        [...Map.groupBy(own, (row) => row.ending)].map(([ending, list]) => [ending, list.length]),
      ),
    })),
    timeToDecide: {
      decided: took.length,
      ...(took.length === 0
        ? {}
        : { p50Ms: part(sorted, 0.5), p90Ms: part(sorted, 0.9), p99Ms: part(sorted, 0.99) }),
      slots: [...slots, { count: took.filter((ms) => ms > 180_000).length }],
    },
    load: REVIEWERS.map((reviewer) => {
      const own = rows.filter((row) => row.reviewer?.id === reviewer.id);
      return {
        ...reviewer,
        approved: own.filter((row) => row.verdict === 'approve').length,
        denied: own.filter((row) => row.verdict === 'deny').length,
        unopened: own.filter((row) => row.verdict === 'approve' && row.opened === false).length,
        medianMs: 61_000,
      };
    }),
    approvals: {
      total: approvals.length,
      unopened: approvals.filter((row) => row.opened === false).length,
    },
    took: 3,
  };
}

const part = (sorted: readonly number[], of: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? 0;

/** What the log has about a past request, from asking to receipt. */
export function stepsOfPast(row: RequestRow) {
  const keyId = 'cd'.repeat(32);
  const by = row.reviewer?.name ?? row.guard;
  const step = (type: StatementType, place: number, signer: string, says: string) => ({
    index: row.index + place,
    type,
    at: place < 2 ? row.at : (row.decidedAt ?? row.at),
    signer,
    keyId,
    signature: 'verified' as const,
    says,
  });
  return [
    step('request', 0, row.guard, `asks: ${row.title}`),
    step('notice', 1, 'ada-laptop', row.opened === false ? 'delivered' : 'opened'),
    ...(row.verdict === undefined
      ? []
      : [step('decision', 2, by, row.verdict === 'approve' ? 'approves' : 'denies')]),
    step('ending', 3, row.guard, row.ending),
    ...(row.run === undefined ? [] : [step('receipt', 4, row.guard, 'finished, exit 0')]),
  ];
}

/** A person with one machine and a guard: the guard has signed what the person has not. */
export function signersOfPast(signatures: number) {
  const [decided, last] = [Math.floor(signatures / 3), Math.max(0, signatures - 1)];
  const ada = { kind: 'reviewer', id: 'ada', name: 'Ada Marlow', device: 'ada-laptop' } as const;
  const guard = { kind: 'guard', id: 'build-guard', name: 'build-guard', use: 'guard' } as const;
  const at = { from: 0, to: last };
  return [
    { ...ada, use: 'decision' as const, keyId: 'a1'.repeat(32), signatures: decided, ...at },
    { ...guard, keyId: 'ab'.repeat(32), signatures: signatures - decided, ...at },
  ].filter((one) => one.signatures > 0);
}
