// Times of the twelve questions at one size: the real store's process and PostgreSQL in turns, warm, then cold. Beside each
// time stands how long the question's two processes waited for a processor: what is left of a slow one is ours.

import { readFileSync } from 'node:fs';
import type { Store } from '../../main/app/ports.ts';
import { type Busy, onQuiet } from './busy.ts';
import { type Asked, QUERIES, type Query, type Sample } from './log-browse-queries.ts';
import type { Peer } from './log-browse-peer.ts';
import { seeded } from './log-browse-rows.ts';

const TIMES = 75;
const ROUNDS = 4;
const WARM = 20;

export type Times = {
  /** Sorted, milliseconds. */
  readonly all: readonly number[];
  /** The same questions less the time in which a process of ours could have run and got no processor. */
  readonly own: readonly number[];
  /** The store's own processor time for each question. */
  readonly cpuMs: number;
};
export type Result = {
  readonly name: string;
  readonly ours: Times;
  readonly theirs: readonly number[];
  readonly busy: Busy;
};
export type Opened = { readonly store: Store; readonly pid: number | undefined };

export const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;

/** Blocks of ours and of theirs in turns, on the same questions. */
export async function timeWarm(
  query: Query,
  sample: Sample,
  { store, pid }: Opened,
  peer: Peer | undefined,
): Promise<Result> {
  const random = seeded(11);
  const make = (n: number): Asked[] => Array.from({ length: n }, () => query.make(random, sample));
  const warm = make(WARM);
  await timeOurs(store, pid, warm);
  peer?.time(warm.map((one) => one.sql));
  const { value, busy } = await onQuiet(async () => {
    const ours: Timed[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const questions = make(TIMES);
      ours.push(...(await timeOurs(store, pid, questions)));
      theirs.push(...(peer?.time(questions.map((one) => one.sql)) ?? []));
    }
    return { ours: timesOf(ours), theirs: sorted(theirs) };
  });
  return { name: query.name, ...value, busy };
}

/**
 * The same store asked the same thing twice, in turns: medians of nine pairs, as ratios. Reference, section 7: an IQR
 * outside of 0.92 to 1.08 is no machine to judge on.
 */
export async function sameAgain(sample: Sample, opened: Opened): Promise<readonly number[]> {
  const query = QUERIES.find((one) => one.name === 'random page');
  if (query === undefined) return [];
  const random = seeded(13);
  const questions = Array.from({ length: TIMES }, () => query.make(random, sample));
  const ratios: number[] = [];
  for (let pair = 0; pair < 9; pair += 1) {
    const [a, b] = [
      timesOf(await timeOurs(opened.store, opened.pid, questions)),
      timesOf(await timeOurs(opened.store, opened.pid, questions)),
    ];
    ratios.push(pair % 2 === 0 ? at(a.all, 0.5) / at(b.all, 0.5) : at(b.all, 0.5) / at(a.all, 0.5));
  }
  return sorted(ratios);
}

type Timed = { readonly ms: number; readonly waited: number; readonly ran: number };

async function timeOurs(
  store: Store,
  pid: number | undefined,
  questions: readonly Asked[],
): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const { ours } of questions) timed.push(await timeOne(store, pid, ours));
  return timed;
}

/** A page that stopped for its time is asked on, as the app does, until it is full or all was seen. */
export async function timeOne(
  store: Store,
  pid: number | undefined,
  question: Asked['ours'],
): Promise<Timed> {
  const before = [scheduled(pid), scheduled(process.pid)] as const;
  const from = performance.now();
  for (let { before: below } = question, found = 0; ; ) {
    const page = await store.search({ ...question, before: below, limit: question.limit - found });
    found += page.rows.length;
    below = page.next;
    if (below === undefined || found >= question.limit) break;
  }
  const ms = performance.now() - from;
  const after = [scheduled(pid), scheduled(process.pid)] as const;
  const waited = after[0].waited - before[0].waited + after[1].waited - before[1].waited;
  return { ms, waited, ran: after[0].ran - before[0].ran };
}

/** proc_pid_schedstat(5): milliseconds on a processor and in the queue for one, of the main thread. */
function scheduled(pid: number | undefined): { readonly ran: number; readonly waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8')
      .split(' ')
      .map((ns) => Number(ns) / 1e6);
    return { ran, waited };
  } catch {
    return { ran: Number.NaN, waited: Number.NaN };
  }
}

const timesOf = (timed: readonly Timed[]): Times => ({
  all: sorted(timed.map((one) => one.ms)),
  own: sorted(timed.map((one) => one.ms - one.waited)),
  cpuMs: timed.reduce((sum, one) => sum + one.ran, 0) / timed.length,
});

const sorted = (times: readonly number[]): readonly number[] => times.toSorted((a, b) => a - b);
