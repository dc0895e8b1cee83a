// The checks that read the sources and run nothing of ours: types, lint, format, dead code. One line each, details only on
// failure, all of them even when one fails.

import { main as typecheck } from './typecheck.ts';
import { runTool } from './tool.ts';

type Step = { readonly name: string; readonly act: () => Promise<number> };

const tool =
  (packageName: string, command: string, args: readonly string[]): (() => Promise<number>) =>
  async () => {
    const ran = await runTool(packageName, command, args, { quiet: true, limitSeconds: 120 });
    if (ran.code !== 0) process.stderr.write(ran.output);
    return ran.code;
  };

const STEPS: readonly Step[] = [
  { name: 'types', act: () => typecheck([]) },
  { name: 'lint', act: tool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings']) },
  { name: 'format', act: tool('@biomejs/biome', 'biome', ['format']) },
  { name: 'dead code', act: tool('knip', 'knip', ['--no-progress', '--no-config-hints']) },
];

export type StaticResult = { readonly passed: number; readonly failed: number };

/** Runs all steps in order; a failing step has printed its findings. */
export async function runStatics(): Promise<StaticResult> {
  let failed = 0;
  for (const step of STEPS) {
    const started = performance.now();
    const good = (await step.act()) === 0;
    if (!good) failed += 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`check: ${step.name} ${good ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  }
  return { passed: STEPS.length - failed, failed };
}
