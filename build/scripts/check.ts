// `npm run check`: what a person runs before a commit. Static checks, then the unit tests and the repository's own rules.

import { countLine, crashed, runSuite, SUITES } from './suites.ts';
import { runStatics } from './statics.ts';

/** Returns 0 when all is well. */
export async function main(_args: readonly string[]): Promise<number> {
  const statics = await runStatics();
  const unit = SUITES.find((suite) => suite.name === 'unit');
  const counts =
    unit === undefined
      ? crashed('unit', 'no such suite')
      : await runSuite(unit, { COUNTERSIGN_QUICK: '1' });
  process.stdout.write(`${countLine(counts)}\n`);
  return statics.failed + counts.failed === 0 ? 0 : 1;
}
