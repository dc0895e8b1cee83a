// `npm test`: everything, in the order in which a fault is cheapest to read. The last line is always `N passed, N failed`
// over all suites, alone; a failed static check or build is one failure. `npm test -- NAME...` runs the named suites only.

import { buildIfStale } from './build.ts';
import { ensureChromium } from './chromium.ts';
import type { Counts } from './counts.ts';
import { ensureOutsidePrograms } from './outside-programs.ts';
import { countLine, crashed, runSuite, specsOf, SUITES, type Suite } from './suites.ts';
import { runStatics } from './statics.ts';
import { ensureTestDesktop } from './test-electron-desktop.ts';

/** Returns 0 when nothing failed. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const names = SUITES.map((suite) => suite.name).join(', ');
    process.stderr.write(`countersign: no suite named "${unknown}": ${names}\n`);
    return 64;
  }
  const wanted = SUITES.filter((suite) => args.length === 0 || args.includes(suite.name));
  let total: Counts = { passed: 0, failed: 0, skipped: [] };
  if (args.length === 0) total = { ...total, failed: (await runStatics()).failed };
  if ((await buildIfStale()) !== 0) {
    total = add(total, crashed('build', 'see above'));
  }
  for (const suite of wanted) total = add(total, await runOne(suite));
  process.stdout.write(`\n${countLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function runOne(suite: Suite): Promise<Counts> {
  if (suite.name === 'outside') await ensureOutsidePrograms();
  if (suite.runner !== 'playwright' || specsOf(suite) === 0) return runSuite(suite);
  if (suite.name === 'app') return runApp(suite);
  const chromium = await ensureChromium();
  if (chromium === undefined) return crashed(suite.name, 'no Chromium');
  return runSuite(suite, { CHROME_PATH: chromium });
}

/** Where it can't run it says why, and its specs count as skipped. */
async function runApp(suite: Suite): Promise<Counts> {
  const missing = await ensureTestDesktop();
  if (missing === undefined) return runSuite(suite);
  process.stdout.write(`\n${suite.name}: SKIPPED: ${missing}\n`);
  return { passed: 0, failed: 0, skipped: [`${suite.name}: ${missing}`] };
}

const add = (left: Counts, right: Counts): Counts => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
  skipped: [...left.skipped, ...right.skipped],
});
