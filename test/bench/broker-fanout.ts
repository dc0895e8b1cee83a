// broker-fanout: one request to 1,000 and 5,000 connected reviewers, until the last of them has it, beside a bare socket server
// that sends the same number of bytes to as many connections; and what a connection costs the broker in memory.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onQuiet } from './busy.ts';
import type { FanoutConfig } from './fanout-child.ts';
import { pssKb } from './machine.ts';
import type { Options, Say } from './options.ts';
import { type OursGuard, openGuard } from './ours-guard.ts';
import { makeHome, startOurs } from './ours-house.ts';
import { at, round, type Verdict } from './verdict.ts';

const OURS_PORT = 21_750;
const BARE_PORT = 21_751;
/** As large as the frame that our reviewers get. */
const FRAME = 'x'.repeat(2400);

export async function benchFanout(
  folder: string,
  { rounds }: Options,
  verdict: Verdict,
  say: Say,
): Promise<void> {
  for (const count of [1000, 5000]) {
    verdict.part(`broker-fanout: ${count} reviewers`);
    const home = join(folder, `fanout-${count}`);
    mkdirSync(home);
    const ours = await startOurs(makeHome(home), OURS_PORT);
    const before = pssKb(ours.pid);
    const reviewers = await startReviewers({ system: 'ours', config: ours.config, count });
    const kb = (pssKb(ours.pid) - before) / count;
    const guard = await openGuard(ours.config);
    const bare = await startBare();
    const sockets = await startReviewers({ system: 'bare', port: BARE_PORT, count });
    const [own, other, again]: [number[], number[], number[]] = [[], [], []];
    for (let n = 0; n <= rounds; n += 1) {
      const { value, busy } = await onQuiet(async () => [
        await timeAll(reviewers, () => ask(guard)),
        await timeAll(sockets, () => void bare.send(FRAME)),
        await timeAll(sockets, () => void bare.send(FRAME)),
      ]);
      // The first is for the compilers.
      if (n === 0) continue;
      verdict.seen(busy);
      for (const [i, to] of [own, other, again].entries()) to.push(value[i] ?? Number.NaN);
    }
    say(`  ours ${round(at(own, 0.5))} ms, bare ${round(at(other, 0.5))} ms until all have it`);
    verdict.sameTwice(
      'bare twice',
      again.map((ms, n) => ms / (other[n] ?? Number.NaN)),
    );
    const ratios = own.map((ms, n) => ms / (other[n] ?? Number.NaN));
    verdict.ratio('over bare sockets', ratios, { most: 1.15 });
    verdict.atMost('memory of the broker a connection', kb, 24, 'KB');
    for (const child of [reviewers, sockets, bare]) await end(child);
    guard.close();
    await ours.stop();
  }
}

/** Nobody decides here: the request stays open. */
function ask(guard: OursGuard): void {
  guard.prepare(1);
  void guard.trip();
}

async function timeAll(child: ChildProcess, start: () => void): Promise<number> {
  const all = told(child, 'all');
  const from = performance.now();
  start();
  await all;
  return performance.now() - from;
}

async function startReviewers(config: FanoutConfig): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'fanout-child.ts'), [JSON.stringify(config)]);
  await told(child, 'ready');
  return child;
}

async function startBare(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'peers/bare-broadcast.ts'), [String(BARE_PORT)]);
  await told(child, 'ready');
  return child;
}

function told(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null): void => reject(new Error(`a process ended: ${code}`));
    const message = (one: object): void => {
      if (!(what in one)) return;
      child.off('message', message);
      child.off('exit', end);
      resolve();
    };
    child.on('message', message);
    child.once('exit', end);
  });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
