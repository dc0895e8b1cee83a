// The last line of a run can be trusted: what did not run is never counted as passed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPlaywright, readVitest } from '../../build/scripts/counts.ts';
import { countLine, oneMoreFailed } from '../../build/scripts/suites.ts';
import { run } from '../../build/scripts/tool.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const written = (report: unknown): string => {
  const file = join(folder, 'counts.json');
  writeFileSync(file, JSON.stringify(report));
  return file;
};

const vitestFile = (status: string, ...states: readonly string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: states.map((state, index) => ({ fullName: `t${index}`, status: state })),
});

test('passed, failed and skipped tests are told apart, skips by name', () => {
  const file = written({
    testResults: [vitestFile('failed', 'passed', 'failed', 'skipped', 'todo')],
  });
  expect(readVitest(file)).toEqual({ passed: 1, failed: 1, skipped: ['t2', 't3'] });
});

test('a file that did not load is a failure', () => {
  const file = written({ testResults: [vitestFile('failed'), vitestFile('passed', 'passed')] });
  expect(readVitest(file)).toEqual({ passed: 1, failed: 1, skipped: [] });
});

test('a flaky browser test and an error outside a test are failures', () => {
  const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
  const inner = { specs: [spec('b', 'flaky'), spec('c', 'skipped'), spec('d', 'unexpected')] };
  const file = written({
    suites: [{ specs: [spec('a', 'expected')], suites: [inner] }],
    errors: [1],
  });
  expect(readPlaywright(file)).toEqual({ passed: 1, failed: 3, skipped: ['c'] });
});

test('a missing or broken report is no count', () => {
  expect(readVitest(join(folder, 'none.json'))).toBeUndefined();
  expect(readVitest(written({}))).toBeUndefined();
  expect(readPlaywright(written({ suites: 3 }))).toBeUndefined();
});

test('a crash adds one failure to what was counted', () => {
  const counts = oneMoreFailed({ passed: 3, failed: 0, skipped: ['x'] });
  expect(countLine(counts)).toBe('3 passed, 1 failed, 1 skipped');
});

test('the closing line names skips only where there are any', () => {
  expect(countLine({ passed: 2, failed: 0, skipped: [] })).toBe('2 passed, 0 failed');
});

test('a program that hangs is killed with its group at its limit', async () => {
  const script = "require('child_process').spawn('sleep', ['60']); setInterval(() => {}, 1000);";
  const ran = await run(process.execPath, ['-e', script], { quiet: true, limitSeconds: 0.5 });
  expect([ran.timedOut, ran.code]).toEqual([true, 1]);
});

test('a program that does not exist is 127', async () => {
  expect((await run('/nonexistent/program', [], { quiet: true })).code).toBe(127);
});
