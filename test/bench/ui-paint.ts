// app-paint: a request is pushed into a queue of 500, and a burst of 500 is: until the frame that has it, in our window and
// in a bare page with the same text, same messages and same main, in turns.

import type { Browser } from 'playwright';
import { serveWindow } from '../ui/window-kit.ts';
import { onQuiet } from './busy.ts';
import { BARE_ROW, serveBare } from './ui-bare.ts';
import { stayAtEnd } from './ui-probe.ts';
import { ask, counters, epoch, mainOver, openWatched } from './ui-stage.ts';
import { at, round, type Verdict } from './verdict.ts';

const QUEUE = 500;
const BURST = 500;
const PUSHES = 40;

type Block = { readonly frames: number[]; readonly script: number[]; readonly burst: number };
type Who = 'ours' | 'bare' | 'bareAgain';

export async function benchPaint(
  browser: Browser,
  rounds: number,
  verdict: Verdict,
  say: (line: string) => void,
): Promise<void> {
  verdict.part(
    `app-paint: ${PUSHES} requests pushed into a queue of ${QUEUE}, then ${BURST} at once; ${rounds} rounds`,
  );
  const card = await cardText(browser);
  const all: Record<Who, Block[]> = { ours: [], bare: [], bareAgain: [] };
  const { busy } = await onQuiet(async () => {
    for (const blocks of Object.values(all)) blocks.length = 0;
    for (let n = 0; n < rounds; n += 1)
      for (const who of shuffled(['ours', 'bare', 'bareAgain'] as const))
        all[who].push(await block(browser, who, card));
  });
  verdict.seen(busy);
  const medians = (who: Who): number[] => all[who].map(({ frames }) => at(frames, 0.5));
  const bursts = (who: Who): number[] => all[who].map(({ burst }) => burst);
  const ratios = (a: readonly number[], b: readonly number[]): number[] =>
    a.map((value, n) => value / (b[n] ?? Number.NaN));
  for (const who of ['ours', 'bare'] as const) {
    const frames = all[who].flatMap((one) => one.frames);
    const script = all[who].flatMap((one) => one.script);
    say(
      `  ${who}: push to frame p50 ${round(at(frames, 0.5))} p95 ${round(at(frames, 0.95))} p99 ${round(at(frames, 0.99))} ms; ` +
        `script p50 ${round(at(script, 0.5))} p99 ${round(at(script, 0.99))} ms; burst p50 ${round(at(bursts(who), 0.5))} ms`,
    );
  }
  verdict.sameTwice(
    'push to frame of the bare page',
    ratios(medians('bareAgain'), medians('bare')),
  );
  const script = all.ours.flatMap((one) => one.script);
  verdict.atMost('own script for each push, p99', at(script, 0.99), 4, 'ms');
  const push = ratios(medians('ours'), medians('bare'));
  // A gate fails only when the whole interquartile range lies beyond the target (reference, section 7).
  say(`  push to frame against bare: ${quartiles(push)}`);
  verdict.atMost('push to frame against bare, lower quartile', at(push, 0.25), 1.2, 'times');
  const burst = ratios(bursts('ours'), bursts('bare'));
  say(`  burst against bare: ${quartiles(burst)}`);
  verdict.atMost('burst against bare, lower quartile', at(burst, 0.25), 1.2, 'times');
}

const quartiles = (values: readonly number[]): string =>
  `median ${round(at(values, 0.5))}, IQR ${round(at(values, 0.25))}-${round(at(values, 0.75))}`;

async function block(browser: Browser, who: Who, card: string): Promise<Block> {
  const main = mainOver(QUEUE);
  const served = who === 'ours' ? await serveWindow(main) : await serveBare(main, () => card);
  const address = 'queue' in served ? served.queue() : served.address();
  const { page, cdp, ahead, close } = await openWatched(browser, address, {
    rowId: BARE_ROW,
    press: undefined,
  });
  const shown = (digest: string): Promise<number> =>
    page.evaluate((one) => globalThis.probe.shown(one), digest);
  // What arrives is the last row: only there is it in the page of a list that is a window over its rows.
  await page.evaluate(stayAtEnd, who === 'ours' ? 'aside section' : '#list');
  const last = main.snapshot.requests.at(-1)?.digest;
  if (last !== undefined) await shown(last);
  // What the page does once at its start is over.
  await page.waitForTimeout(500);
  const frames: number[] = [];
  const script: number[] = [];
  for (let n = 0; n < PUSHES; n += 1) {
    const before = (await counters(cdp)).scriptMs;
    const from = epoch();
    const digest = ask(main);
    frames.push((await shown(digest)) + ahead - from);
    script.push((await counters(cdp)).scriptMs - before);
  }
  const from = epoch();
  const digests = Array.from({ length: BURST }, () => ask(main));
  const burst = (await shown(digests.at(-1) ?? '')) + ahead - from;
  await close();
  await served.close();
  return { frames, script, burst };
}

/** What our window says of the first request, for the bare page to say as well. */
async function cardText(browser: Browser): Promise<string> {
  const main = mainOver(1);
  const served = await serveWindow(main);
  const { page, close } = await openWatched(browser, served.address(), {
    rowId: BARE_ROW,
    press: undefined,
  });
  const text = await page.getByRole('article').innerText();
  await close();
  await served.close();
  return text;
}

export function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, by: Math.random() }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ value }) => value);
}
