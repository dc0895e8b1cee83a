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
};

export const SUITES: readonly Suite[] = [
  { name: 'unit', runner: 'vitest', folders: ['test/unit', 'test/rules'], limitSeconds: 300 },
  { name: 'flow', runner: 'vitest', folders: ['test/flow'], limitSeconds: 600 },
  { name: 'cli', runner: 'vitest', folders: ['test/cli'], limitSeconds: 600 },
  { name: 'faults', runner: 'vitest', folders: ['test/faults'], limitSeconds: 600 },
  { name: 'outside', runner: 'vitest', folders: ['test/outside'], limitSeconds: 300 },
  { name: 'ui', runner: 'playwright', folders: ['test/ui', 'test/both'], limitSeconds: 900 },
  { name: 'app', runner: 'playwright', folders: ['test/app', 'test/both'], limitSeconds: 900 },
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

/** Runs one suite, its own report on the terminal. */
export async function runSuite(
  suite: Suite,
  env: Readonly<Record<string, string>> = {},
): Promise<Counts> {
  if (specsOf(suite) === 0) {
    process.stdout.write(`\n${suite.name}: NO SPECS YET in ${suite.folders.join(', ')}\n`);
    return { passed: 0, failed: 0, skipped: [] };
  }
  process.stdout.write(`\n${suite.name}: running\n`);
  const folder = mkdtempSync(join(tmpdir(), 'countersign-counts-'));
  const file = join(folder, 'counts.json');
  try {
    const ran =
      suite.runner === 'vitest'
        ? await runTool('vitest', 'vitest', vitestArgs(suite, file), {
            limitSeconds: suite.limitSeconds,
            env,
          })
        : await runTool('playwright', 'playwright', playwrightArgs(suite), {
            limitSeconds: suite.limitSeconds,
            env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
          });
    if (ran.timedOut) return crashed(suite.name, `still ran after ${suite.limitSeconds} s`);
    const counts = suite.runner === 'vitest' ? readVitest(file) : readPlaywright(file);
    if (counts === undefined) return crashed(suite.name, 'wrote no counts');
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
    '--reporter=./test/kit/plain-reporter.ts',
    `--outputFile.json=${file}`,
  ];
}
