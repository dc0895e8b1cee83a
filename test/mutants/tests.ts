// Runs named test files of a copy and counts from what the runner wrote to a file: red is a test that ran and failed, not a
// file that could not be loaded.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { binOf } from '../../build/scripts/tool.ts';

export type Outcome =
  | { readonly kind: 'green'; readonly passed: number }
  /** `late`: it did not fail, it did not end. A busy machine can do that too. */
  | { readonly kind: 'red'; readonly test: string; readonly late: boolean }
  /** Nothing can be said: the runner or a file did not even start. */
  | { readonly kind: 'broken'; readonly says: string };

const LIMIT_MS = 900_000;

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
};

/** `patienceMs`: how long a test may take, whatever its suite says: slow on a busy machine is not wrong. */
export async function runTests(
  root: string,
  files: readonly string[],
  patienceMs: number,
): Promise<Outcome> {
  const counts = join(root, 'counts.json');
  rmSync(counts, { force: true });
  const args = ['run', '--root', root, '--bail=1', '--reporter=json', `--outputFile=${counts}`];
  const patience = [`--testTimeout=${patienceMs}`, `--hookTimeout=${patienceMs}`];
  const ended = await vitest(root, [...args, ...patience, ...files]);
  if (ended.late)
    return { kind: 'red', test: `did not end within ${LIMIT_MS / 1000} s`, late: true };
  if (!existsSync(counts)) return { kind: 'broken', says: ended.output.slice(-2000) };
  // Vitest's own JSON reporter wrote it.
  return outcomeOf(JSON.parse(readFileSync(counts, 'utf8')) as Report, files.length);
}

function outcomeOf(report: Report, files: number): Outcome {
  const red = report.testResults
    .flatMap((file) => file.assertionResults)
    .find((one) => one.status === 'failed');
  if (red !== undefined) {
    const late = red.failureMessages?.some((message) => message.includes('timed out in')) ?? false;
    return { kind: 'red', test: red.fullName, late };
  }
  const unloaded = report.testResults.find((file) => file.status === 'failed');
  if (unloaded !== undefined) return { kind: 'broken', says: unloaded.message ?? unloaded.name };
  if (report.testResults.length < files || report.numPassedTests === 0)
    return { kind: 'broken', says: 'a named test file was not found' };
  return { kind: 'green', passed: report.numPassedTests };
}

function vitest(
  root: string,
  args: readonly string[],
): Promise<{ readonly late: boolean; readonly output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [binOf('vitest', 'vitest'), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, COUNTERSIGN_QUICK: '' },
    });
    let output = '';
    let late = false;
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.once('close', () => {
      clearTimeout(limit);
      done({ late, output });
    });
  });
}
