// R13: the guard is killed between any two steps from the decision's arrival to the last receipt (security note 2.5, 9 to
// 19). The command has then run at most once, and where it ran, the log hears of it from this run or from the next.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { HostileBroker, Strategy } from '../kit/hostile-broker.ts';
import { owedBy, passOn, startHostileBroker } from '../kit/hostile-broker.ts';
import { type GuardWorld, makeGuardWorld } from '../kit/guard-world.ts';
import { countOf, limitOf, report } from './counts.ts';

const CHILD = fileURLToPath(new URL('guard-child.ts', import.meta.url));
const approves: Strategy = { onRequest: (scene) => passOn(scene) };

async function runChild(world: GuardWorld, ...point: string[]): Promise<string> {
  const argv = [CHILD, world.home.root, ...point];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.on('data', (part: Buffer) => {
    said += part.toString('utf8');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  await leftAlone(world.home.root);
  return signal ?? `${code} ${said.trim()}`;
}

/** The command outlives a guard that was killed: resolves once nothing runs in this folder any more. */
async function leftAlone(root: string): Promise<void> {
  const busy = (): boolean =>
    readdirSync('/proc').some((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(root);
      } catch {
        return false;
      }
    });
  while (busy()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** How often the commands of this home have run, all together. */
const timesRun = ({ home }: GuardWorld): number =>
  readdirSync(home.root)
    .filter((name) => name.startsWith('work-'))
    .map((name) => join(home.root, name, 'marker'))
    .reduce((sum, path) => sum + (existsSync(path) ? readFileSync(path).length : 0), 0);

/** What the log has heard, and what it will hear from the next run. */
const accounted = (world: GuardWorld, { told }: HostileBroker): readonly string[] =>
  [...told, ...owedBy(world.home)].map((one) => ('state' in one ? one.state : one.how));

async function killAt(point: number) {
  const world = makeGuardWorld();
  const broker = await startHostileBroker(world, approves);
  try {
    const end = await runChild(world, String(point));
    return { end, ran: timesRun(world), said: accounted(world, broker) };
  } finally {
    await broker.stop();
    world.remove();
  }
}

async function countPoints(): Promise<number> {
  const world = makeGuardWorld();
  const broker = await startHostileBroker(world, approves);
  try {
    const [, how, calls] = (await runChild(world)).split(' ');
    expect([how, timesRun(world)]).toEqual(['ran', 1]);
    return Number(calls);
  } finally {
    await broker.stop();
    world.remove();
  }
}

test(`R13: ${countOf('R13')} kills between decision and receipt: run at most once, and never without a word`, {
  timeout: limitOf('R13', 4000),
}, async () => {
  const points = await countPoints();
  expect(points).toBeGreaterThanOrEqual(11);
  const found = { killed: 0, ran: 0, twice: 0, silent: 0 };
  for (let n = 0; n < countOf('R13'); n += 1) {
    // A share steps over the places evenly, the whole count visits each of them many times.
    const point = 1 + (Math.floor((n * points) / Math.min(points, countOf('R13'))) % points);
    const { end, ran, said } = await killAt(point);
    if (end === 'SIGKILL') found.killed += 1;
    found.ran += ran;
    if (ran > 1) found.twice += 1;
    if (ran > 0 && !said.includes('consumed')) found.silent += 1;
  }
  report(
    'R13',
    `${found.killed} kills at ${points} places, ${found.ran} had run, ${found.twice} ran twice, ` +
      `${found.silent} ran without a receipt`,
  );
  expect([found.twice, found.silent]).toEqual([0, 0]);
  // The last calls may not be reached when the end of the link is quicker.
  expect(found.killed).toBeGreaterThan(countOf('R13') * 0.7);
  expect(found.ran).toBeGreaterThan(0);
});
