// A copy that was replaced, filled again by the broker: the log that comes must be the one that this device had verified.

import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AlarmCode, openReplica } from '../../../../main/app/replica.ts';
import type { StoredLeaf } from '../../../../main/app/ports.ts';
import { openAppStore } from '../../../../main/app/store/open.ts';
import { generateKeyPair, publicKeyOf } from '../../../../main/trust/ed25519.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../../main/trust/vkey.ts';
import { utf8 } from '../../../../shared/bytes.ts';
import { scratchFolder } from '../../state/scratch.ts';
import { TestLog } from '../test-log.ts';

const ORIGIN = 'log.test/1';
const key = generateKeyPair();
const vkey = formatVkey(vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key)));
const NOW = Date.parse('2026-11-22T09:30:00.000Z');

function logOf(count: number, word = 'leaf'): TestLog {
  const log = new TestLog(ORIGIN, key);
  for (let i = 0; i < count; i++)
    log.leaves.push({ leaf: utf8(`${word} ${i}`), payload: utf8('') });
  return log;
}
const stored = (log: TestLog, from: number, to: number): StoredLeaf[] =>
  log.leaves.slice(from, to).map(({ leaf }, i) => ({
    index: from + i,
    leaf,
    payload: undefined,
    type: 'notice',
    request: undefined,
    at: undefined,
  }));

/** One run of the app: the copy is opened, something happens, the copy is closed. */
async function run(
  path: string,
  act: (replica: Awaited<ReturnType<typeof openReplica>>) => Promise<void>,
) {
  const opened = openAppStore(path, NOW);
  if (!opened.ok) throw new Error(opened.detail);
  const { store, mended } = opened.value;
  const alarms: AlarmCode[] = [];
  const replica = await openReplica({
    store,
    vkey,
    now: () => 0,
    alarm: (code) => void alarms.push(code),
  });
  await act(replica);
  const end = { alarms, mended, size: replica.size(), checkpoint: replica.checkpoint()?.size };
  await store.close();
  return end;
}
const nothing = async (): Promise<void> => {};

test('after a rollback: an alarm for that run, the same log comes again, then all is well', async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'replica.db');
  const log = logOf(8);
  await run(path, async (replica) => {
    await replica.take(stored(log, 0, 3));
    await replica.judge(log.note(3));
  });
  copyFileSync(path, `${path}.day`);
  await run(path, async (replica) => {
    await replica.take(stored(log, 3, 6));
    await replica.judge(log.note(6));
  });
  copyFileSync(`${path}.day`, path);
  rmSync(`${path}-wal`, { force: true });
  const back = await run(path, async (replica) => {
    expect(replica.size()).toBe(0);
    // Ends in the middle of it, before the checkpoint that had been verified.
    await replica.take(stored(log, 0, 4));
    await replica.judge(log.note(4));
  });
  expect(back).toMatchObject({ alarms: ['wentBackwards'], size: 4, checkpoint: 4 });
  const next = await run(path, async (replica) => {
    await replica.take(stored(log, 4, 8));
    await replica.judge(log.note(8));
  });
  expect(next).toMatchObject({ alarms: [], mended: undefined, size: 8, checkpoint: 8 });
  expect(await run(path, nothing)).toMatchObject({ alarms: [], mended: undefined, checkpoint: 8 });
});

test.each(['rolled back', 'damaged', 'missing'])(
  '%s, and another history comes: alarm',
  async (how) => {
    using scratch = scratchFolder();
    const path = join(scratch.path, 'replica.db');
    const log = logOf(8);
    await run(path, nothing);
    copyFileSync(path, `${path}.day`);
    await run(path, async (replica) => {
      await replica.take(stored(log, 0, 6));
      await replica.judge(log.note(6));
    });
    rmSync(`${path}-wal`, { force: true });
    if (how === 'rolled back') copyFileSync(`${path}.day`, path);
    if (how === 'damaged') writeFileSync(path, 'x'.repeat(9000));
    if (how === 'missing') rmSync(path);
    const other = logOf(9, 'forged');
    const after = await run(path, async (replica) => {
      await replica.take(stored(other, 0, 9));
      await replica.judge(other.note(9));
    });
    expect(after.mended).toContain('fetched again');
    expect(after.alarms).toContain('otherHistory');
  },
);

test('all leaves were here again but the run ended before its checkpoint: the goal is judged at the start', async () => {
  using scratch = scratchFolder();
  const path = join(scratch.path, 'replica.db');
  const log = logOf(4);
  await run(path, async (replica) => {
    await replica.take(stored(log, 0, 4));
    await replica.judge(log.note(4));
  });
  writeFileSync(path, 'x'.repeat(9000));
  const other = logOf(5, 'forged');
  const fill = await run(path, async (replica) => void (await replica.take(stored(other, 0, 5))));
  expect(fill.alarms).toEqual(['otherHistory']);
  expect((await run(path, nothing)).alarms).toContain('otherHistory');
});
