// `npm run bench:log-browse`: the twelve questions of the reference, asked of the real store's process with a million
// entries, beside PostgreSQL with the same rows. `--five`: five million as well, `--entries=N`: so many, `--alone`: without
// PostgreSQL, `--warm`: without the cold part. Prints what was reached and what was not, and no verdict where other programs
// kept the machine busy. Fails only where a target was missed on a quiet machine.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStoreProcess } from '../../main/app/store/client.ts';
import { isBusy, share } from './busy.ts';
import { timeCold } from './log-browse-cold.ts';
import { at, type Opened, type Result, sameAgain, timeWarm } from './log-browse-measure.ts';
import { type Peer, startPeer } from './log-browse-peer.ts';
import { QUERIES } from './log-browse-queries.ts';
import { entriesOf } from './log-browse-rows.ts';
import { type MadeLog, madeLog, SEED } from './made-log.ts';
import { openRipgrep } from './log-browse-ripgrep.ts';

const MOST_GROWTH = 1.5;
const MOST_SIZE = 1.45;
const LEAST_AHEAD = 6;
/** Reference, section 7: what the same thing twice may differ. */
const [SAME_LOW, SAME_HIGH] = [0.92, 1.08];

const alone = process.argv.includes('--alone');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(1);

type Measured = {
  readonly results: readonly Result[];
  readonly sameIqr: readonly [number, number];
  readonly sizeRatio: number;
};

async function measure(count: number, folder: string): Promise<Measured> {
  say(`${count} entries`);
  const log = await madeLog(count, (line) => say(`  ${line}`));
  const sizeRatio = saySize(log);
  const own = mkdtempSync(join(folder, 'size-'));
  chmodSync(own, 0o755);
  const peer = await loadPeer(own, log);
  await openRipgrep(own, log, say);
  const opening = performance.now();
  const opened = await openLog(log);
  say(`  store's process opened in ${seconds(opening)} s`);
  const same = await sameAgain(log, opened);
  const sameIqr = [at(same, 0.25), at(same, 0.75)] as const;
  say(`  A/A: the same pages twice, IQR ${sameIqr.map((one) => one.toFixed(2)).join('-')}`);
  const results: Result[] = [];
  for (const query of QUERIES) {
    const result = await timeWarm(query, log, opened, peer);
    say(`  ${lineOf(result)}`);
    results.push(result);
  }
  const charts = performance.now();
  const tally = await opened.store.tally({});
  say(`  charts over all ${tally.requests} requests: ${seconds(charts)} s`);
  await opened.store.close();
  await peer?.stop();
  rmSync(own, { recursive: true, force: true });
  if (!process.argv.includes('--warm')) await timeCold(log.path, log, () => openLog(log), say);
  return { results, sameIqr, sizeRatio };
}

async function openLog(log: MadeLog): Promise<Opened> {
  const entry = join(import.meta.dirname, '../../main/store.ts');
  const opened = await openStoreProcess({ entry, path: log.path, env: process.env });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
}

function saySize({ size, bodyBytes, fileBytes, perSecond, fresh }: MadeLog): number {
  const ratio = fileBytes / bodyBytes;
  say(
    `  log-size: ${Math.round(fileBytes / size)} bytes an entry with its index, ${ratio.toFixed(2)} times its ` +
      `${Math.round(bodyBytes / size)} bytes of leaf and payload`,
  );
  say(
    fresh
      ? `  log-append: ${perSecond} entries/s with their index and tree, in transactions of 10,000`
      : '  log-append: not measured in this run (the log was made by an earlier one)',
  );
  return ratio;
}

/** The same rows, generated again from the same seed. */
async function loadPeer(folder: string, log: MadeLog): Promise<Peer | undefined> {
  if (alone) {
    say('  --alone: PostgreSQL is left out, so nothing is compared');
    return undefined;
  }
  const peer = await startPeer(folder);
  if (peer === undefined) {
    say('  SKIPPED: PostgreSQL is not installed, nothing is compared: apt-get install postgresql');
    return undefined;
  }
  for (const { row } of entriesOf(log.size, SEED)) await peer.put(row);
  const from = performance.now();
  const bytes = Math.round((await peer.load()) / (log.size / 2));
  say(
    `  PostgreSQL: loaded and indexed in ${seconds(from)} s, ${bytes} bytes a request (words, no payload)`,
  );
  return peer;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1).padStart(7);
const lineOf = ({ name, ours, theirs, busy }: Result): string =>
  `${name.padEnd(26)} ours p50 ${ms(at(ours.all, 0.5))} p99 ${ms(at(ours.all, 0.99))}` +
  ` (without waiting for a processor ${ms(at(ours.own, 0.99))}) cpu ${ms(ours.cpuMs)}` +
  (theirs.length === 0
    ? ''
    : `   PostgreSQL p50 ${ms(at(theirs, 0.5))} p99 ${ms(at(theirs, 0.99))}`) +
  (isBusy(busy) ? `   BUSY: others ${share(busy.foreign)}` : '');

/** Targets that were missed where the machine was quiet. */
function judge(measured: Measured, small: Measured | undefined): readonly string[] {
  const { results, sameIqr, sizeRatio } = measured;
  const unsteady = !(sameIqr[0] >= SAME_LOW && sameIqr[1] <= SAME_HIGH);
  const missed: string[] = [];
  const unsure: string[] = [];
  const short = (sure: boolean, line: string): void => void (sure ? missed : unsure).push(line);
  if (sizeRatio > MOST_SIZE)
    short(true, `log-size: ${sizeRatio.toFixed(2)} times, target ${MOST_SIZE}`);
  for (const query of QUERIES) {
    const result = results.find((one) => one.name === query.name);
    if (result === undefined) continue;
    const quiet = !isBusy(result.busy) && !unsteady;
    const p99 = at(result.ours.all, 0.99);
    if (p99 > query.p99)
      short(quiet, `${query.name}: p99 ${p99.toFixed(1)} ms, target ${query.p99}`);
    const before = small?.results.find((one) => one.name === query.name);
    if (before === undefined || !query.text) continue;
    const growth = at(result.ours.all, 0.5) / at(before.ours.all, 0.5);
    if (growth > MOST_GROWTH)
      short(
        quiet && !isBusy(before.busy),
        `${query.name}: grew ${growth.toFixed(2)} times from 1M to 5M, target ${MOST_GROWTH}`,
      );
  }
  const ranked = results.filter(
    ({ name, theirs }) =>
      theirs.length > 0 && QUERIES.find((query) => query.name === name)?.ranked === true,
  );
  if (ranked.length > 0) {
    const ahead = ranked.filter((one) => at(one.ours.all, 0.99) <= at(one.theirs, 0.99)).length;
    say(`ahead of PostgreSQL on ${ahead} of ${ranked.length} p99s, target ${LEAST_AHEAD}`);
    const quiet = !unsteady && !ranked.some((one) => isBusy(one.busy));
    if (ahead < LEAST_AHEAD) short(quiet, `ahead on ${ahead} of ${ranked.length}`);
  }
  const busy = results.filter((one) => isBusy(one.busy)).length;
  if (busy > 0)
    say(`NO VERDICT on ${busy} of ${results.length} questions: other programs used this machine`);
  if (unsteady) say('NO VERDICT on times: the same pages twice differ too much on this machine');
  for (const one of missed) say(`SHORT OF TARGET: ${one}`);
  for (const one of unsure) say(`above target here, no verdict: ${one}`);
  if (missed.length + unsure.length === 0) say('every target of this run is met');
  return missed;
}

const five = process.argv.includes('--five');
const asks = process.argv.find((word) => word.startsWith('--entries='));
const folder = mkdtempSync(join(tmpdir(), 'countersign-browse-'));
chmodSync(folder, 0o755);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const first = await measure(Number(asks?.split('=')[1] ?? 1_000_000), folder);
const missed = [...judge(first, undefined)];
if (five) missed.push(...judge(await measure(5_000_000, folder), first));
process.exitCode = missed.length === 0 ? 0 : 1;
