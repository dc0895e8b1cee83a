// log-sync: an app's empty copy of the log, filled with what a broker sends: decoded, every signature, hash and head checked,
// inserted and indexed by the store's own process. Beside it in the same slices of the log: the checks alone, twice, and the
// insert and index alone, of the very leaves that the checks let through.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../shared/result.ts';
import { openAppStore } from '../../main/app/store/open.ts';
import { openStoreProcess } from '../../main/app/store/client.ts';
import type { Store } from '../../main/app/ports.ts';
import { onQuiet } from './busy.ts';
import { type Batch, type Filling, nowhere, openFilling } from './log-sync-copy.ts';
import { makeSentLog, type SentLog } from './log-sync-made.ts';
import { profiled } from './profile.ts';
import type { Options, Say } from './options.ts';
import { at, round, type Verdict } from './verdict.ts';

/** Reference, section 7. */
const ENTRIES = 200_000;
const TARGET = 0.8;
/** Frames that are profiled where the target was missed. */
const PROFILED = 600;
/** Frames of one slice: short enough that all four see the same machine. */
const SLICE = 50;
const STORE = join(import.meta.dirname, '../../main/store.ts');

type Part = 'sync' | 'verify' | 'again' | 'insert';
/** Of a round: milliseconds, and those of a processor that the app's own process worked. */
type Spent = { ms: number; worked: number };
type Times = { readonly [P in Part]: Spent };

export async function benchSync(options: Options, verdict: Verdict, say: Say): Promise<void> {
  const entries = Math.min(options.entries, ENTRIES);
  verdict.part(`log-sync: ${entries} entries into an empty copy`);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const log = makeSentLog(folder, entries);
  const rounds: Times[] = [];
  for (let n = 0; n < Math.max(1, Math.min(3, options.rounds)); n += 1) {
    const { value, busy } = await onQuiet(() => oneRound(folder, log));
    verdict.seen(busy);
    rounds.push(value);
  }
  report(log, rounds, verdict, say);
  if (short(rounds)) await profile(folder, log, say);
  rmSync(folder, { recursive: true, force: true });
}

function report(log: SentLog, rounds: readonly Times[], verdict: Verdict, say: Say): void {
  const middle = (part: Part, of: keyof Spent): number =>
    at(
      rounds.map((one) => one[part][of]),
      0.5,
    );
  const rate = (part: Part): number => Math.round((log.size * 1000) / middle(part, 'ms'));
  const work = (part: Part): string => round((middle(part, 'worked') * 1000) / log.size);
  say(
    `  entries/s: sync ${rate('sync')}, verify alone ${rate('verify')}, insert and index alone ${rate('insert')}`,
  );
  say(
    `  us of a processor an entry in the app's process: sync ${work('sync')}, verify alone ${work('verify')}, insert alone ${work('insert')}`,
  );
  const parts = rounds.map(({ sync, verify, insert }) => sync.ms / (verify.ms + insert.ms));
  say(`  sync over the sum of its parts, in time: ${round(at(parts, 0.5))}`);
  verdict.sameTwice(
    'verify twice',
    rounds.map(({ again, verify }) => again.ms / verify.ms),
  );
  verdict.ratio('rate of sync over verify alone', ratios(rounds), { least: TARGET });
}

const ratios = (rounds: readonly Times[]): readonly number[] =>
  rounds.map(({ sync, verify, again }) => (verify.ms + again.ms) / 2 / sync.ms);
const short = (rounds: readonly Times[]): boolean => at(ratios(rounds), 0.5) < TARGET;

/** `insert` takes what `verify` has let through, and comes after it; else another part is first each time. */
const ORDERS: readonly (readonly Part[])[] = [
  ['sync', 'verify', 'again', 'insert'],
  ['verify', 'insert', 'sync', 'again'],
  ['again', 'verify', 'insert', 'sync'],
  ['verify', 'sync', 'insert', 'again'],
];

/** Every part over the same slice before the next slice. */
async function oneRound(folder: string, log: SentLog): Promise<Times> {
  const none = (): Spent => ({ ms: 0, worked: 0 });
  const spent = { sync: none(), verify: none(), again: none(), insert: none() };
  const real = await openReal(folder);
  const alone = await openReal(folder);
  await alone.useLog(log.held.keyring.log.vkey);
  let checked: Batch[] = [];
  const sync = await openFilling(real, log);
  const verify = await openFilling(
    nowhere((batch) => void checked.push(batch)),
    log,
  );
  const again = await openFilling(
    nowhere(() => {}),
    log,
  );
  const insert = async (): Promise<void> => {
    for (const { leaves, after } of checked) await alone.append(leaves, after);
    checked = [];
  };
  const act = { sync: sync.take, verify: verify.take, again: again.take, insert };
  for (let from = 0; from < log.frames.length; from += SLICE) {
    const frames = log.frames.slice(from, from + SLICE);
    for (const part of ORDERS[(from / SLICE) % ORDERS.length] ?? [])
      await timed(spent[part], () => act[part](frames));
  }
  for (const one of [sync, verify, again]) isWhole(one, log);
  for (const store of [real, alone]) {
    await hasAll(store, log);
    await store.close();
  }
  return spent;
}

async function timed(into: Spent, work: () => Promise<void>): Promise<void> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  into.ms += performance.now() - began;
  into.worked += (user + system) / 1000;
}

/** Store and checks in this one process, so that one profile has both. */
async function profile(folder: string, log: SentLog, say: Say): Promise<void> {
  const opened = openAppStore(newPath(folder), Date.now());
  invariant(opened.ok, 'a new store');
  const filling = await openFilling(opened.value.store, log);
  const some = log.frames.slice(0, PROFILED);
  await profiled('the time', () => filling.take(some), say);
  await opened.value.store.close();
}

async function openReal(folder: string): Promise<Store> {
  const path = newPath(folder);
  const opened = await openStoreProcess({ entry: STORE, path, env: process.env });
  invariant(opened.ok, 'the store starts');
  return opened.value.store;
}

/** In a folder of its own: what a device has reached is kept beside its copy. */
const newPath = (folder: string): string => join(mkdtempSync(join(folder, 'copy-')), 'replica.db');

/** Nothing was skipped: all of it is here, and under the head that the broker signed. */
function isWhole(filling: Filling, { size }: SentLog): void {
  invariant(filling.size() === size && filling.proven() === size, 'the whole log is here, proven');
}

async function hasAll(store: Store, { size }: SentLog): Promise<void> {
  const { frontier } = await store.load();
  const found = await store.search({ filters: {}, limit: 1 });
  invariant(frontier.size === size && found.rows.length === 1, 'the store has all, indexed');
}
