// The test suites, and how one is run and counted. The counts come from what the runner wrote to a file, never from its
// text; a runner that crashes, hangs, writes no counts or runs nothing although there are specs counts as one failure.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readPlaywright, readVitest, type Counts } from './counts.ts';
import { ROOT, runTool } from './tool.ts';

export type Suite = {
  readonly name: string;
  readonly runner: 'vitest' | 'playwright';
  readonly folders: readonly string[];
  readonly limitSeconds: number;
  /** Stages run one after the other, the lanes of a stage beside each other, the suites of a lane in turn. */
  readonly stage: number;
  readonly lane: number;
};

const suite = (
  [stage, lane]: readonly [number, number],
  name: string,
  runner: Suite['runner'],
  folders: readonly string[],
  limitSeconds: number,
): Suite => ({ stage, lane, name, runner, folders, limitSeconds });

/**
 * First what takes every core; then two lanes, for two cores, of what mostly waits for processes and pages; what kills, races
 * or measures in milliseconds comes last, alone.
 */
export const SUITES: readonly Suite[] = [
  suite([1, 1], 'unit', 'vitest', ['test/unit', 'test/rules'], 600),
  suite([2, 1], 'flow', 'vitest', ['test/flow'], 1200),
  suite([3, 1], 'ui', 'playwright', ['test/ui', 'test/both'], 1800),
  suite([3, 2], 'app', 'playwright', ['test/app', 'test/both'], 1800),
  suite([3, 2], 'cli', 'vitest', ['test/cli'], 1200),
  suite([3, 2], 'outside', 'vitest', ['test/outside'], 300),
  suite([4, 1], 'faults', 'vitest', ['test/faults'], 1200),
  suite([5, 1], 'frames', 'playwright', ['test/ui/frames'], 300),
];

const SPEC = /\.(test|spec)\.tsx?$/;

/** How many spec files the suite has. */
export function specsOf(suite: Suite): number {
  return suite.folders
    .map((folder) => resolve(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    .filter((name) => SPEC.test(name)).length;
}

/** Runs one suite, its own report on the terminal, each line behind its name where it does not run alone. */
export async function runSuite(
  suite: Suite,
  env: Readonly<Record<string, string>> = {},
  alone = true,
): Promise<Counts> {
  if (specsOf(suite) === 0) {
    process.stdout.write(`\n${suite.name}: NO SPECS YET in ${suite.folders.join(', ')}\n`);
    return { passed: 0, failed: 0, skipped: [] };
  }
  process.stdout.write(`\n${suite.name}: running\n`);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-counts-'));
  const file = join(folder, 'counts.json');
  try {
    const playwright = suite.runner === 'playwright';
    const args = playwright ? playwrightArgs(suite) : vitestArgs(suite, file);
    const ran = await runTool(suite.runner, suite.runner, args, {
      limitSeconds: suite.limitSeconds,
      env: playwright ? { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } : env,
      ...(alone ? {} : { prefix: `${suite.name.padEnd(7)} | ` }),
    });
    if (ran.timedOut) return crashed(suite.name, `still ran after ${suite.limitSeconds} s`);
    const counts = playwright ? readPlaywright(file) : readVitest(file);
    if (counts === undefined) return crashed(suite.name, 'wrote no counts');
    process.stdout.write(`${suite.name}: ${countLine(counts)} (${Math.round(ran.seconds)} s)\n`);
    for (const name of counts.skipped) process.stdout.write(`SKIPPED ${suite.name}: ${name}\n`);
    if (counts.failed > 0) return counts;
    if (ran.code !== 0) return crashed(suite.name, `ended with code ${ran.code}`, counts);
    if (counts.passed === 0) return crashed(suite.name, 'has specs and passed no test', counts);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says why, and makes it one failure more than what was counted. */
export function crashed(name: string, why: string, counts?: Counts): Counts {
  process.stdout.write(`${name}: FAILED: ${why}\n`);
  return oneMoreFailed(counts ?? { passed: 0, failed: 0, skipped: [] });
}

/** A suite that crashed keeps the tests that it did count, and can no longer look green. */
export const oneMoreFailed = (counts: Counts): Counts => ({ ...counts, failed: counts.failed + 1 });

/** `N passed, N failed`, and the skipped ones where there are any. */
export function countLine(counts: Counts): string {
  const skipped = counts.skipped.length === 0 ? '' : `, ${counts.skipped.length} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

const playwrightArgs = (suite: Suite): readonly string[] => [
  'test',
  `--project=${suite.name}`,
  '--reporter=list,json',
];

function vitestArgs(suite: Suite, file: string): readonly string[] {
  return [
    'run',
    `--project=${suite.name}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
}
