// `npm run bench:ui`: app-paint, app-list and app-bundle of the reference in a real Chromium, on the built window, with a
// million history entries in the real store's process. `--entries=N`, `--pending=N`, `--rounds=N`: smaller or longer;
// `--only=paint|list|bundle`. Fails only where a target was missed on a quiet machine that measures the same thing twice alike.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { quietMoment } from './busy.ts';
import { madeLog } from './made-log.ts';
import { benchBundle } from './ui-bundle.ts';
import { bareList, benchLists, ourList } from './ui-list.ts';
import { benchPaint } from './ui-paint.ts';
import { launch, mainOver, openLog, ROOT } from './ui-stage.ts';
import { openVerdict, type Verdict } from './verdict.ts';

const SMALL = 100_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const option = (name: string): string | undefined =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const wants = (part: string): boolean => (option('only') ?? part) === part;

async function bench(browser: Browser, verdict: Verdict): Promise<void> {
  const rounds = Number(option('rounds') ?? 7);
  const entries = Number(option('entries') ?? 1_000_000);
  const pending = Number(option('pending') ?? 10_000);
  if (!(await quietMoment())) say('other programs use this machine: times will say little');
  if (wants('paint')) await benchPaint(browser, rounds, verdict, say);
  const large = await madeLog(entries, say);
  const store = await openLog(large);
  const log = { size: large.size, store };
  if (wants('list')) {
    const less = await madeLog(Math.min(SMALL, entries), say);
    const lessStore = await openLog(less);
    const none = mainOver(0);
    const [few, many] = [mainOver(0, { size: less.size, store: lessStore }), mainOver(0, log)];
    const full = mainOver(pending, log);
    await benchLists(
      browser,
      [
        bareList(`bare list, ${entries} rows`, entries, none),
        bareList(`bare list again`, entries, none),
        ourList(`history of ${less.size} entries`, few, 'history'),
        ourList(`history of ${entries} entries`, many, 'history'),
        ourList(`history of ${entries} entries, ${pending} pending`, full, 'history'),
        ourList(`desk with ${pending} pending`, full, 'desk'),
      ],
      rounds,
      verdict,
      say,
    );
    await lessStore.store.close();
  }
  if (wants('bundle')) await benchBundle(log, rounds, verdict, say);
  await store.store.close();
}

if (!existsSync(join(ROOT, 'out/renderer/index.html'))) {
  say('SKIPPED: the window is not built: npm run build');
} else {
  const browser = await launch();
  if (browser === undefined) say('SKIPPED: no Chromium: install it, or set CHROME_PATH');
  else {
    const verdict = openVerdict(say);
    try {
      await bench(browser, verdict);
    } finally {
      await browser.close();
    }
    process.exitCode = verdict.exitCode();
  }
}
