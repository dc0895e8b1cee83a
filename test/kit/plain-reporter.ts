// One plain line per suite, for people and machines that read logs: `unit: 3 passed, 0 failed, 0 skipped`.

import type { Reporter, TestModule } from 'vitest/node';

// vitest loads a reporter by its default export; this file is configuration in that sense.
export default class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (wanted: string): number => states.filter((state) => state === wanted).length;
    const [passed, failed] = [count('passed'), count('failed')];
    const suite = modules[0]?.project.name ?? 'tests';
    const skipped = states.length - passed - failed;
    process.stdout.write(`${suite}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
