// rt-*: round trips through the floor (twice, as A/A), our broker and the peers, in blocks that take turns in random order.
// What is judged is the median of each round's ratio to that round's floor; milliseconds are information.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Busy, isBusy, onQuiet, share } from './busy.ts';
import type { Options, Say } from './options.ts';
import { profileOurs } from './rt-profile.ts';
import { type Measured, type Name, startSystem, type System } from './rt-systems.ts';
import type { Work } from './rt-work.ts';
import { at, round, type Verdict } from './verdict.ts';

/** Beside each other below 32768, where no client socket of this machine lands. */
const FIRST_PORT = 21_700;
const PROFILE_PORT = 21_750;
/** Reference, section 7: fewer flushes a trip, and the records were not on disk. */
const LEAST_FLUSHES = 1.9;

type Workload = {
  readonly name: string;
  readonly work: Work;
  readonly judge: (rounds: Rounds, verdict: Verdict) => void;
};
type Label = Name | 'floor again';
type Rounds = {
  readonly has: (name: Label) => boolean;
  /** One number a round: of this system over that one's. */
  readonly ratios: (name: Label, to: Label, of: (block: Measured) => number) => readonly number[];
  readonly pooled: (name: Label) => readonly number[];
  readonly median: (name: Label, of: (block: Measured) => number) => number;
};

const p50 = ({ ms }: Measured): number => at(ms, 0.5);
const p99 = ({ ms }: Measured): number => at(ms, 0.99);
const rate = ({ ms, elapsedMs }: Measured): number => (ms.length / elapsedMs) * 1000;

const WORKLOADS: readonly Workload[] = [
  { name: 'rt-c1', work: { trips: 600, inFlight: 1 }, judge: judgeAlone },
  { name: 'rt-c100', work: { trips: 4000, inFlight: 100 }, judge: judgeMany(0.8) },
  { name: 'rt-c1000', work: { trips: 4000, inFlight: 1000 }, judge: judgeMany(0.9) },
  { name: 'rt-open-100', work: { trips: 500, inFlight: 0, perSecond: 100 }, judge: judgeOpen },
  { name: 'rt-open-1000', work: { trips: 5000, inFlight: 0, perSecond: 1000 }, judge: judgeOpen },
];

export async function benchRoundTrips(options: Options, verdict: Verdict, say: Say): Promise<void> {
  const wanted = WORKLOADS.filter(({ name }) => options.wants(name) || costOf(name, options));
  if (wanted.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  chmodSync(folder, 0o711);
  say(
    'round trips: request, on disk, to another process, decision signed, on disk, back, signature checked',
  );
  say(
    '  ours: the rate and room of one principal are lifted, endings follow each block off the clock',
  );
  const systems = await startAll(folder, say);
  try {
    for (const workload of wanted) {
      await measure(workload, systems, options, verdict, say);
      if (verdict.short()) await profileOurs(folder, PROFILE_PORT, workload.work, say);
    }
  } finally {
    for (const { system } of systems) await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** rt-cost is read off the blocks of c1 and c100. */
const costOf = (name: string, { wants }: Options): boolean =>
  wants('rt-cost') && (name === 'rt-c1' || name === 'rt-c100');

const LABELS: readonly Label[] = [
  'floor',
  'floor again',
  'ours',
  'redis',
  'rabbitmq',
  'postgres',
  'openai',
  'langgraph',
];
/** They hold runs for an approval, as we do; the others only carry texts. */
const HOLDERS: readonly Label[] = ['openai', 'langgraph'];
/** What one of them is asked at most: some hundreds a second are all that they do. */
const HOLDER_TRIPS = 1000;

type Started = { readonly label: Label; readonly system: System };

async function startAll(folder: string, say: Say): Promise<readonly Started[]> {
  const started: Started[] = [];
  for (const [i, label] of LABELS.entries()) {
    const name = label === 'floor again' ? 'floor' : label;
    const system = await startSystem(name, folder, FIRST_PORT + i);
    if (typeof system === 'string') say(`  SKIPPED: ${label}: ${system}`);
    else started.push({ label, system });
  }
  return started;
}

async function measure(
  { name, work, judge }: Workload,
  systems: readonly Started[],
  { rounds: count }: Options,
  verdict: Verdict,
  say: Say,
): Promise<void> {
  verdict.part(`${name}: ${count} rounds of ${work.trips} trips`);
  const able = systems.filter(
    ({ label }) => !HOLDERS.includes(label) || (work.inFlight <= 100 && work.perSecond !== 1000),
  );
  const blocks = new Map<Label, Measured[]>(able.map(({ label }) => [label, []]));
  const seen: Busy[] = [];
  const upTo = (trips: number): Work => ({ ...work, trips: Math.min(work.trips, trips) });
  for (const { system } of able) await system.run(upTo(500));
  for (let n = 0; n < count; n += 1) {
    for (const { label, system } of shuffled(able)) {
      const most = HOLDERS.includes(label) ? HOLDER_TRIPS : work.trips;
      const { value, busy } = await onQuiet(() => system.run(upTo(most)));
      blocks.get(label)?.push(value);
      seen.push(busy);
    }
  }
  const busy = seen.filter(isBusy).length;
  if (busy > 0)
    say(`  BUSY in ${busy} of ${seen.length} blocks, most ${share(most(seen))} by others`);
  // The typical block: one in a hundred that was disturbed does not void the others.
  verdict.seen({
    foreign: at(
      seen.map(({ foreign }) => foreign),
      0.5,
    ),
    waited: 0,
  });
  const rounds = roundsOf(blocks);
  for (const { label } of able) say(`  ${lineOf(label, rounds)}`);
  const flushes = rounds.median('ours', (one) => one.flushes);
  if (work.inFlight === 1 && !(flushes >= LEAST_FLUSHES)) {
    say(`  VOID: ours, ${round(flushes)} flushes a trip: not every record was on disk`);
    return;
  }
  const by = work.inFlight > 1 ? rate : p50;
  verdict.sameTwice('the floor twice', rounds.ratios('floor again', 'floor', by));
  judge(rounds, verdict);
  judgeCost(work, rounds, verdict);
}

const most = (seen: readonly Busy[]): number => Math.max(...seen.map(({ foreign }) => foreign));

function roundsOf(blocks: ReadonlyMap<Label, readonly Measured[]>): Rounds {
  const of = (name: Label): readonly Measured[] => blocks.get(name) ?? [];
  return {
    has: (name) => of(name).length > 0,
    ratios: (name, to, what) =>
      of(name).flatMap((block, n) => {
        const other = of(to)[n];
        return other === undefined ? [] : [what(block) / what(other)];
      }),
    pooled: (name) => of(name).flatMap(({ ms }) => ms),
    median: (name, what) => at(of(name).map(what), 0.5),
  };
}

function lineOf(label: Label, rounds: Rounds): string {
  const [a, b, c] = [p50, p99, rate].map((what) => rounds.median(label, what));
  const cost = (of: (one: Measured) => number): string => round(rounds.median(label, of));
  const ratio = (of: (one: Measured) => number): string =>
    round(at(rounds.ratios(label, 'floor', of), 0.5));
  return (
    `${label.padEnd(12)} p50 ${round(a ?? 0)} ms (${ratio(p50)} of the floor)  p99 ${round(b ?? 0)} ms` +
    `  ${Math.round(c ?? 0)} trips/s (${ratio(rate)})  server ${cost((one) => one.cpuUs)} us,` +
    ` disk ${cost((one) => one.flushes)} flushes, ${cost((one) => one.writtenKb)} KB a trip`
  );
}

function judgeAlone(rounds: Rounds, verdict: Verdict): void {
  verdict.ratio('p50 over the floor', rounds.ratios('ours', 'floor', p50), {
    most: 1.25,
    fails: 1.5,
  });
  const tail = at(rounds.pooled('ours'), 0.99) / at(rounds.pooled('floor'), 0.99);
  verdict.ratio('p99 over the floor, all rounds together', [tail], { most: 1.5 });
  if (rounds.has('redis'))
    verdict.ratio('p50 over Redis Streams', rounds.ratios('ours', 'redis', p50), { most: 1 });
  for (const one of HOLDERS.filter((label) => rounds.has(label)))
    verdict.ratio(`p50 over ${one}`, rounds.ratios('ours', one, p50), { most: 0.5 });
}

function judgeMany(least: number): Workload['judge'] {
  return (rounds, verdict) => {
    verdict.ratio('trips/s over the floor', rounds.ratios('ours', 'floor', rate), {
      least,
      fails: 0.6,
    });
    if (least === 0.8 && rounds.has('redis'))
      verdict.ratio('trips/s over Redis Streams', rounds.ratios('ours', 'redis', rate), {
        least: 1,
      });
    for (const one of HOLDERS.filter((label) => rounds.has(label)))
      verdict.ratio(`trips/s over ${one}`, rounds.ratios('ours', one, rate), { least: 5 });
  };
}

function judgeOpen(rounds: Rounds, verdict: Verdict): void {
  verdict.ratio('p50 over the floor', rounds.ratios('ours', 'floor', p50), { most: 1.4 });
  verdict.ratio('p99 over the floor', rounds.ratios('ours', 'floor', p99), { most: 1.5 });
}

/** rt-cost. The disk's figures are everybody's. */
function judgeCost({ inFlight }: Work, rounds: Rounds, verdict: Verdict): void {
  const flushes = rounds.median('ours', (one) => one.flushes);
  if (inFlight === 1) {
    verdict.atMost(
      'rt-cost: KB a trip, whole disk',
      rounds.median('ours', (one) => one.writtenKb),
      22,
      'KB',
    );
    verdict.atMost('rt-cost: flushes a trip, whole disk', flushes, 2.2, 'flushes');
  } else if (inFlight === 100) {
    verdict.atMost(
      'rt-cost: broker CPU a trip',
      rounds.median('ours', (one) => one.cpuUs),
      120,
      'us',
    );
    verdict.atMost('rt-cost: flushes a trip, whole disk', flushes, 0.15, 'flushes');
  }
}

function shuffled<T>(all: readonly T[]): readonly T[] {
  return all
    .map((one) => ({ one, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}
