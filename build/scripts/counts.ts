// Reads the counts that vitest and Playwright write as JSON. Whatever is not of the expected shape is no count at all.

import { readFileSync } from 'node:fs';
import { z } from 'zod';

export type Counts = {
  readonly passed: number;
  readonly failed: number;
  /** Full names, so that no skip is silent. */
  readonly skipped: readonly string[];
};

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** A file that failed to load has no tests and counts as one failure. */
export function readVitest(file: string): Counts | undefined {
  const report = vitestReport.safeParse(readJson(file));
  if (!report.success) return undefined;
  const tests = report.data.testResults.flatMap((result) => result.assertionResults);
  const broken = report.data.testResults.filter(
    (result) =>
      result.status === 'failed' &&
      !result.assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const rest = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return { passed, failed: failed + broken.length, skipped: rest.map((test) => test.fullName) };
}

type PlaywrightSuite = {
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string }[];
  }[];
  readonly suites?: readonly PlaywrightSuite[];
};

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z
      .array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) }))
      .exactOptional(),
    suites: z.array(playwrightSuite).exactOptional(),
  }),
);

const playwrightReport = z.object({
  suites: z.array(playwrightSuite),
  errors: z.array(z.unknown()),
});

/** A flaky test is a failed one; an error outside a test counts as one failure. */
export function readPlaywright(file: string): Counts | undefined {
  const report = playwrightReport.safeParse(readJson(file));
  if (!report.success) return undefined;
  const tests = report.data.suites.flatMap(testsIn);
  const skipped = tests.filter((test) => test.status === 'skipped').map((test) => test.title);
  const passed = tests.filter((test) => test.status === 'expected').length;
  const failed = tests.length - passed - skipped.length + report.data.errors.length;
  return { passed, failed, skipped };
}

function testsIn(suite: PlaywrightSuite): readonly { title: string; status: string }[] {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ title: spec.title, status: test.status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(testsIn)];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
