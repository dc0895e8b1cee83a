// `npm test`: everything. The last line is always `N passed, N failed` over all suites, alone; a failed static check or build
// is one failure. `npm test -- NAME...` runs the named suites only.

import { buildIfStale } from './build.ts';
import { ensureChromium } from './chromium.ts';
import type { Counts } from './counts.ts';
import { ensureOutsidePrograms } from './outside-programs.ts';
import { countLine, crashed, runSuite, specsOf, SUITES, type Suite } from './suites.ts';
import { runStatics } from './statics.ts';
import { ensureTestDesktop } from './test-electron-desktop.ts';

const NONE: Counts = { passed: 0, failed: 0, skipped: [] };

/** Returns 0 when nothing failed. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const names = SUITES.map((suite) => suite.name).join(', ');
    process.stderr.write(`countersign: no suite named "${unknown}": ${names}\n`);
    return 64;
  }
  const wanted = SUITES.filter((suite) => args.length === 0 || args.includes(suite.name));
  let total = NONE;
  if (args.length === 0) total = { ...total, failed: (await runStatics()).failed };
  if ((await buildIfStale()) !== 0) {
    total = add(total, crashed('build', 'see above'));
  }
  for (const stage of Map.groupBy(wanted, (suite) => suite.stage).values()) {
    const lanes = Map.groupBy(stage, (suite) => suite.lane);
    total = add(total, await runStage([...lanes.values()]));
  }
  process.stdout.write(`\n${countLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

async function runStage(lanes: readonly (readonly Suite[])[]): Promise<Counts> {
  const ready = new Map<Suite, Ready>();
  // One after the other: what is missing may be installed, and only one can install.
  for (const suite of lanes.flat()) ready.set(suite, await prepared(suite));
  const alone = lanes.length < 2;
  const ran = await Promise.all(
    lanes.map(async (lane) => {
      let total = NONE;
      for (const suite of lane) {
        const { env, instead } = ready.get(suite) ?? {};
        total = add(total, instead ?? (await runSuite(suite, env, alone)));
      }
      return total;
    }),
  );
  return ran.reduce(add, NONE);
}

/** What a suite is given, or the counts that stand for it where it can't run. */
type Ready = { readonly env?: Readonly<Record<string, string>>; readonly instead?: Counts };

async function prepared(suite: Suite): Promise<Ready> {
  if (suite.name === 'outside') await ensureOutsidePrograms();
  if (suite.runner !== 'playwright' || specsOf(suite) === 0) return {};
  if (suite.name === 'app') return preparedApp(suite);
  const chromium = await ensureChromium();
  if (chromium === undefined) return { instead: crashed(suite.name, 'no Chromium') };
  return { env: { CHROME_PATH: chromium } };
}

/** Where it can't run it says why, and its specs count as skipped. */
async function preparedApp(suite: Suite): Promise<Ready> {
  const missing = await ensureTestDesktop();
  if (missing === undefined) return {};
  process.stdout.write(`\n${suite.name}: SKIPPED: ${missing}\n`);
  return { instead: { ...NONE, skipped: [`${suite.name}: ${missing}`] } };
}

const add = (left: Counts, right: Counts): Counts => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
  skipped: [...left.skipped, ...right.skipped],
});
