// The suites that run on Node. `unit` and `flow` share the cores; `cli`, `faults` and `outside` start and kill real processes, one file
// at a time.

import { defineConfig } from 'vitest/config';

/** A million code points, fifty processes, seven thousand commands: `npm test` runs them, `npm run check` does not wait. */
const LONG = [
  'test/unit/statement/view-escape.test.ts',
  'test/unit/statement/view-corpora.test.ts',
  'test/unit/state/race.test.ts',
  'test/unit/trust/exhaustive.test.ts',
  'test/unit/guard/exec/terminal.test.ts',
];
const quick = process.env['COUNTERSIGN_QUICK'] === '1';

export default defineConfig({
  test: {
    reporters: ['default', './test/kit/plain-reporter.ts'],
    // The default leaves one core to itself, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/rules/**/*.test.ts'],
          exclude: quick ? LONG : [],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'flow',
          include: ['test/flow/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'outside',
          include: ['test/outside/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 45_000,
          hookTimeout: 45_000,
        },
      },
    ],
  },
});
