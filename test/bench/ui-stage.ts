// The stage of `bench:ui`: Chromium, the built window with a main whose history is the real answers over the real store's
// process, and requests as a guard would ask them.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { buildHistoryAnswers } from '../../main/app/history-answers.ts';
import { openState } from '../../main/app/state.ts';
import { openStoreProcess, type StoreProcess } from '../../main/app/store/client.ts';
import { findChromium } from '../../build/scripts/chromium.ts';
import { FakeMain } from '../kit/fake-bridge.ts';
import { sampleRequest } from '../ui/window-kit.ts';
import type { MadeLog } from './made-log.ts';
import { installProbe } from './ui-probe.ts';

export const ROOT = join(import.meta.dirname, '../..');
const TTL_MS = 12 * 3600 * 1000;

export async function launch(): Promise<Browser | undefined> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) return undefined;
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [
      // As in the ui suite: Chromium's sandbox refuses root.
      ...(asRoot ? ['--no-sandbox', '--test-type'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export async function openLog(log: MadeLog): Promise<StoreProcess> {
  const entry = join(ROOT, 'out/main/store.js');
  const opened = await openStoreProcess({ entry, path: log.path, env: process.env });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value;
}

/** `pending` requests on the desk; history is read from the log by the app's own answers. */
export function mainOver(pending: number, log?: { size: number; store: StoreProcess }): FakeMain {
  const main = new FakeMain('unlocked');
  for (let n = 0; n < pending; n += 1) ask(main);
  if (log !== undefined) {
    const { requests: _, revision: __, ...initial } = main.snapshot;
    const history = buildHistoryAnswers({
      // Searching needs the store and a clock; nothing else of the app is asked for here.
      ports: {
        store: log.store.store,
        clock: { now: Date.now, monotonic: () => performance.now() },
        home: { app: '/nonexistent' },
      } as unknown as Parameters<typeof buildHistoryAnswers>[0]['ports'],
      state: openState({ ...initial, requests: [] }),
      session: () => undefined,
      find: async () => undefined,
      attachment: async () => undefined,
    });
    Object.assign(main.answers, { history });
    main.snapshot = { ...main.snapshot, log: { size: log.size } };
  }
  return main;
}

export const ask = (main: FakeMain): string =>
  main.ask(
    sampleRequest({
      ttlMs: TTL_MS,
      reason: `nightly export ${randomBytes(4).toString('hex')}`,
    }),
  );

export type Watched = {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** Milliseconds that this process's clock is ahead of the page's. */
  readonly ahead: number;
  readonly close: () => Promise<void>;
};

/** A page of its own context with the probe in it, once a row of it has been in a frame. */
export async function openWatched(
  browser: Browser,
  address: string,
  probe: Parameters<typeof installProbe>[0],
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(installProbe, probe);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await page.goto(address);
  await page.waitForFunction(() => globalThis.probe.first !== undefined, undefined, {
    timeout: 120_000,
  });
  return { page, cdp, ahead: await clockDifference(page), close: () => context.close() };
}

export const epoch = (): number => performance.timeOrigin + performance.now();

/** From the quickest of some questions: its middle is when the page answered. */
async function clockDifference(page: Page): Promise<number> {
  let best = { took: Infinity, ahead: 0 };
  for (let n = 0; n < 15; n += 1) {
    const from = epoch();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const took = epoch() - from;
    if (took < best.took) best = { took, ahead: from + took / 2 - there };
  }
  return best.ahead;
}

/** Seconds of script in the page so far, and its heap in bytes: Chromium's own counters. */
export async function counters(cdp: CDPSession) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string): number =>
    metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return { scriptMs: of('ScriptDuration') * 1000, heap: of('JSHeapUsedSize') };
}

export async function heapMegabytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  return (await counters(cdp)).heap / 1e6;
}
