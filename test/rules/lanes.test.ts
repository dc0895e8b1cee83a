// Suites that run beside each other: what they print stays readable, and who stops the run stops all of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { SUITES } from '../../build/scripts/suites.ts';

const TOOL = resolve(import.meta.dirname, '../../build/scripts/tool.ts');

/** Runs these small programs beside each other, each behind its place and a bar. */
function beside(...programs: readonly string[]) {
  const script = `
    import { run } from ${JSON.stringify(TOOL)};
    const programs = ${JSON.stringify(programs)};
    const ran = await Promise.all(
      programs.map((text, at) => run(process.execPath, ['-e', text], { prefix: at + ' | ' })),
    );
    console.log(ran.map(({ code }) => code).join(' '));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  return { child, printed: () => printed };
}

test('each line stands behind the name of its suite, the last one too', async () => {
  const { child, printed } = beside(
    "console.log('a\\nb'); process.stdout.write('c')",
    "console.error('d'); process.exitCode = 3",
  );
  await once(child, 'close');
  const lines = printed().trimEnd().split('\n');
  expect(lines.pop()).toBe('0 3');
  expect(lines.toSorted()).toEqual(['0 | a', '0 | b', '0 | c', '1 | d']);
});

test('a signal ends all that runs', async () => {
  const waits = 'console.log(process.pid); setInterval(() => {}, 1000)';
  const { child, printed } = beside(waits, waits);
  const pids = () => Array.from(printed().matchAll(/\| (\d+)\n/g), (found) => found[1]);
  await expect.poll(pids, { timeout: 8000 }).toHaveLength(2);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  // Whoever inherits them may take a while to notice that they have ended.
  const alive = () => pids().filter((pid) => existsSync(`/proc/${pid}/exe`));
  await expect.poll(alive, { timeout: 8000 }).toEqual([]);
});

test('what measures or races time runs alone', () => {
  const stage = (name: string) => SUITES.find((suite) => suite.name === name)?.stage;
  for (const name of ['unit', 'flow', 'faults', 'frames'])
    expect(SUITES.filter((suite) => suite.stage === stage(name))).toHaveLength(1);
});
