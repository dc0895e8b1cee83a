// app-bundle: what the first screen needs, how long the loopback host takes to serve over an empty Node, and the memory of the
// store's process with the log open and 100 pages browsed.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { StoreProcess } from '../../main/app/store/client.ts';
import { RealApp } from '../kit/real-app.ts';
import { onQuiet } from './busy.ts';
import { ROOT } from './ui-stage.ts';
import { at, round, type Verdict } from './verdict.ts';

const OUT = join(ROOT, 'out/renderer');
const PAGES = 100;

export async function benchBundle(
  log: { readonly size: number; readonly store: StoreProcess },
  rounds: number,
  verdict: Verdict,
  say: (line: string) => void,
): Promise<void> {
  verdict.part('app-bundle');
  verdict.atMost('first chunk and what it imports, gzip', firstChunk() / 1024, 110, 'KB');
  await benchStart(rounds, verdict, say);
  await benchMemory(log, verdict, say);
}

const read = (name: string): string => readFileSync(join(OUT, name), 'utf8');

function firstChunk(): number {
  const entry = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(read('index.html'))?.[1] ?? '';
  return [...withImports(entry, new Set())].reduce(
    (sum, name) => sum + gzipSync(read(name)).length,
    0,
  );
}

function withImports(name: string, known: Set<string>): ReadonlySet<string> {
  if (known.has(name)) return known;
  known.add(name);
  for (const [, other = ''] of read(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(join('assets', other), known);
  return known;
}

/** Of a home that is set up and locked, broker and store started with it: until it says that it runs. */
async function benchStart(
  rounds: number,
  verdict: Verdict,
  say: (line: string) => void,
): Promise<void> {
  const app = new RealApp();
  try {
    await app.start();
    await app.stop();
    const env = {
      ...process.env,
      COUNTERSIGN_HOME: app.home,
      COUNTERSIGN_NO_OPEN: '1',
    };
    const host = [join(ROOT, 'out/main/browser.js')];
    const empty = ['-e', 'console.log(1)'];
    const [ours, bare, bareAgain]: [number[], number[], number[]] = [[], [], []];
    const { busy } = await onQuiet(async () => {
      for (const times of [ours, bare, bareAgain]) times.length = 0;
      for (let n = 0; n < rounds * 3; n += 1) {
        bare.push(await untilSaid(empty, env));
        ours.push(await untilSaid(host, env));
        bareAgain.push(await untilSaid(empty, env));
      }
    });
    verdict.seen(busy);
    verdict.sameTwice(
      'an empty Node',
      bareAgain.map((value, n) => value / (bare[n] ?? Number.NaN)),
    );
    say(
      `  start to first line: empty Node p50 ${round(at(bare, 0.5))} ms; host with its broker and store p50 ${round(at(ours, 0.5))} ms`,
    );
    verdict.atMost('main start over an empty Node', at(ours, 0.5) - at(bare, 0.5), 80, 'ms');
  } finally {
    await app.close();
  }
}

async function untilSaid(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  await new Promise<void>((done) => {
    child.stdout.once('data', () => done());
    child.once('exit', () => done());
  });
  const took = performance.now() - from;
  child.kill('SIGTERM');
  await ended;
  return took;
}

async function benchMemory(
  { size, store: { store, pid } }: { readonly size: number; readonly store: StoreProcess },
  verdict: Verdict,
  say: (line: string) => void,
): Promise<void> {
  let before: number | undefined;
  for (let n = 0; n < PAGES; n += 1)
    before = (await store.search({ filters: {}, limit: 100, before })).next;
  const kilobytes = (of: 'Rss' | 'Pss'): number =>
    Number(
      new RegExp(`^${of}:\\s+(\\d+) kB`, 'm').exec(
        readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'),
      )?.[1],
    ) / 1024;
  say(
    `  store's process with ${size} entries open, ${PAGES} pages browsed: RSS ${round(kilobytes('Rss'))} MB, PSS ${round(kilobytes('Pss'))} MB`,
  );
  verdict.atMost("store's process, RSS", kilobytes('Rss'), 90, 'MB');
}
