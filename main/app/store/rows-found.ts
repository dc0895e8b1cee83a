// A row of the history index with its names in place of their numbers.

import { toHex } from '../../../shared/bytes.ts';
import type { FoundRequest } from '../ports.ts';
import type { EntryRow } from './walk.ts';
import type { Words } from './words.ts';

export function foundOf(row: EntryRow, words: Words): FoundRequest {
  const name = (id: number): string => words.text(id);
  // Every word was written from the closed set of its field.
  const known = {
    kind: name(row.kind) as FoundRequest['kind'],
    tier: name(row.tier) as FoundRequest['tier'],
    ending: name(row.ending) as FoundRequest['ending'],
  };
  return {
    index: row.idx,
    digest: toHex(row.digest),
    at: iso(row.at),
    title: row.title,
    ...known,
    target: name(row.target),
    agent: name(row.agent),
    person: name(row.person),
    guard: name(row.guard),
    host: name(row.host),
    ...decidedOf(row, name),
    // A receipt's state as its schema has it.
    ...(row.run === null ? {} : { run: row.run as NonNullable<FoundRequest['run']> }),
    ...(row.exit === null ? {} : { exit: row.exit }),
  };
}

function decidedOf(row: EntryRow, name: (id: number) => string): Partial<FoundRequest> {
  if (row.verdict === null || row.reviewer === null) return {};
  return {
    // One of the two that a decision can say.
    verdict: name(row.verdict) as NonNullable<FoundRequest['verdict']>,
    reviewer: name(row.reviewer),
    ...(row.decided_at === null ? {} : { decidedAt: iso(row.decided_at) }),
    ...(row.took === null ? {} : { tookMs: row.took }),
    ...(row.opened === null ? {} : { opened: row.opened === 1 }),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
