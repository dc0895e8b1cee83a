// The broker's process around a stand-in that speaks the same start line: listening, unasked death, ordered and forced stop.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokerProcess } from '../../main/hosts/processes/broker-process.ts';
import { systemClock, systemTimers } from '../../main/hosts/processes/machine.ts';
import { scratchFolder } from '../unit/state/scratch.ts';

const LINE = `process.stdout.write('{"listening":"ws://127.0.0.1:1/"}\\n');`;
const UNTIL_PIPE = `process.stdin.resume().on('end', () => process.exit(0));`;

function broker(scratch: string, script: string) {
  const entry = join(scratch, 'broker.mjs');
  writeFileSync(entry, script);
  const notes: string[] = [];
  const process_ = brokerProcess({
    entry,
    home: scratch,
    env: { PATH: process.env['PATH'] },
    clock: systemClock,
    timers: systemTimers,
    journal: { note: (line) => void notes.push(line) },
    patience: { term: 300, kill: 600 },
  });
  return { ...process_, notes };
}

const alive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the broker process', () => {
  test('starts once it listens, and ends when its pipe is closed', async () => {
    using scratch = scratchFolder();
    const one = broker(
      scratch.path,
      `process.stderr.write('args ' + process.argv.slice(2).join(' ') + '\\n'); ${LINE} ${UNTIL_PIPE}`,
    );
    await one.start();
    const pid = one.pid();
    expect(alive(pid)).toBe(true);
    await expect
      .poll(() => one.notes)
      .toEqual([`broker: args --home ${scratch.path} --parent-pipe`]);
    await Promise.all([one.stop(), one.stop()]);
    expect(alive(pid)).toBe(false);
  });

  test('is started again when it is killed, and not after it was stopped', async () => {
    using scratch = scratchFolder();
    const one = broker(scratch.path, `${LINE} ${UNTIL_PIPE}`);
    await one.start();
    const pid = one.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => one.pid() !== pid && alive(one.pid()), { timeout: 5000 }).toBe(true);
    expect(one.notes[0]).toContain('unexpectedly');
    await one.stop();
    expect(alive(one.pid())).toBe(false);
    await one.start();
    expect(alive(one.pid())).toBe(true);
    await one.stop();
  });

  test('that ends before it listens fails the start in one sentence', async () => {
    using scratch = scratchFolder();
    const one = broker(scratch.path, 'process.exit(3);');
    await expect(one.start()).rejects.toThrow('the broker ended before it listened');
    await one.stop();
  });

  test('that ignores its pipe and SIGTERM is killed', async () => {
    using scratch = scratchFolder();
    const one = broker(
      scratch.path,
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${LINE}`,
    );
    await one.start();
    const pid = one.pid();
    await one.stop();
    expect(alive(pid)).toBe(false);
  });
});
