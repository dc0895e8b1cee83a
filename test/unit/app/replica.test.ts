// This machine's own copy of the log: leaves in order without a gap, and a checkpoint only over the very leaves that are
// here. Everything else is an alarm, by its own code.

import { describe, expect, test } from 'vitest';
import { type AlarmCode, openReplica, type Replica } from '../../../main/app/replica.ts';
import type { StoredLeaf } from '../../../main/app/ports.ts';
import { makeCheckpoint } from '../../../main/trust/checkpoint.ts';
import { generateKeyPair, publicKeyOf } from '../../../main/trust/ed25519.ts';
import { formatVkey, NOTE_TYPE, vkeyOf } from '../../../main/trust/vkey.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { dice } from '../statement/view-samples.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { TestLog } from './test-log.ts';

const ORIGIN = 'log.test/1';
const key = generateKeyPair();
const vkey = formatVkey(vkeyOf(ORIGIN, NOTE_TYPE, publicKeyOf(key)));

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

type Opened = { readonly replica: Replica; readonly alarms: AlarmCode[] };

async function open(store: MemoryStore): Promise<Opened> {
  const alarms: AlarmCode[] = [];
  const replica = await openReplica({
    store,
    vkey,
    now: () => 0,
    alarm: (code) => void alarms.push(code),
  });
  return { replica, alarms };
}

describe('the copy of the log', () => {
  test('takes leaves in order and a checkpoint over them', async () => {
    const store = memoryStore();
    const { replica, alarms } = await open(store);
    const log = logOf(5);
    expect(await replica.take(stored(log, 0, 3))).toBe(true);
    await replica.judge(log.note(3));
    expect(replica.checkpoint()?.size).toBe(3);
    expect(await replica.take(stored(log, 3, 5))).toBe(true);
    expect(replica.checkpoint()?.size).toBe(3);
    await replica.judge(log.note(5));
    expect([replica.size(), replica.checkpoint()?.size, alarms]).toEqual([5, 5, []]);
    expect(store.state.note).toBe(log.note(5));
  });

  test('takes nothing after a gap', async () => {
    const store = memoryStore();
    const { replica, alarms } = await open(store);
    const log = logOf(5);
    await replica.take(stored(log, 0, 2));
    expect(await replica.take(stored(log, 3, 5))).toBe(false);
    expect([replica.size(), store.leaves.length, alarms]).toEqual([2, 2, ['gap']]);
  });

  test('refuses another root at the size it has', async () => {
    const { replica, alarms } = await open(memoryStore());
    const log = logOf(4);
    await replica.take(stored(log, 0, 4));
    await replica.judge(log.note());
    await replica.judge(logOf(4, 'other').note());
    expect(alarms).toEqual(['otherHistory']);
    expect(replica.checkpoint()?.note).toBe(log.note());
  });

  test('compares a smaller checkpoint with the entries it has, and keeps its own', async () => {
    const { replica, alarms } = await open(memoryStore());
    const log = logOf(4);
    await replica.take(stored(log, 0, 4));
    await replica.judge(log.note(4));
    await replica.judge(log.note(2));
    expect(alarms).toEqual([]);
    await replica.judge(logOf(4, 'other').note(2));
    expect([alarms, replica.checkpoint()?.size]).toEqual([['otherHistory'], 4]);
  });

  test('refuses a checkpoint that is not of the leaves that were sent', async () => {
    const { replica, alarms } = await open(memoryStore());
    await replica.take(stored(logOf(4), 0, 4));
    await replica.judge(logOf(4, 'other').note());
    expect(alarms).toEqual(['otherHistory']);
    expect(replica.checkpoint()).toBeUndefined();
  });

  test('keeps a checkpoint that comes before its leaves, and judges it when they are here', async () => {
    const { replica, alarms } = await open(memoryStore());
    const log = logOf(6);
    await replica.judge(log.note(4));
    await replica.judge(log.note(6));
    expect(replica.checkpoint()).toBeUndefined();
    await replica.take(stored(log, 0, 5));
    expect(replica.checkpoint()?.size).toBe(4);
    await replica.take(stored(log, 5, 6));
    expect([replica.checkpoint()?.size, alarms]).toEqual([6, []]);
  });

  test('refuses a checkpoint that came early when its leaves turn out to be others', async () => {
    const { replica, alarms } = await open(memoryStore());
    await replica.judge(logOf(4, 'other').note());
    await replica.take(stored(logOf(4), 0, 4));
    expect([replica.checkpoint(), alarms]).toEqual([undefined, ['otherHistory']]);
  });

  test('a checkpoint of an earlier moment replaces nothing', async () => {
    const { replica, alarms } = await open(memoryStore());
    const log = logOf(4);
    await replica.take(stored(log, 0, 4));
    await replica.judge(log.note(4));
    await replica.judge(log.note(2));
    expect([replica.checkpoint()?.size, alarms]).toEqual([4, []]);
  });

  test.each([
    ['not a note', 'hello'],
    ['unsigned by the log', makeCheckpoint(ORIGIN, 0, logOf(0).root(), generateKeyPair())],
    ['of another log', makeCheckpoint('other.log/1', 0, logOf(0).root(), key)],
  ])('refuses a checkpoint that is %s', async (_, note) => {
    const { replica, alarms } = await open(memoryStore());
    await replica.judge(note);
    expect([replica.checkpoint(), alarms]).toEqual([undefined, ['badCheckpoint']]);
  });
});

describe('the copy of the log after a restart', () => {
  test('goes on between leaves and their checkpoint', async () => {
    const store = memoryStore();
    const log = logOf(7);
    const before = await open(store);
    await before.replica.take(stored(log, 0, 3));
    await before.replica.judge(log.note(3));
    await before.replica.take(stored(log, 3, 6));
    const { replica, alarms } = await open(store);
    expect([replica.size(), replica.checkpoint()?.size]).toEqual([6, 3]);
    await replica.judge(log.note(5));
    await replica.take(stored(log, 6, 7));
    await replica.judge(log.note(7));
    expect([replica.checkpoint()?.size, alarms]).toEqual([7, []]);
  });

  test('goes on before its first checkpoint', async () => {
    const store = memoryStore();
    const log = logOf(3);
    await (await open(store)).replica.take(stored(log, 0, 3));
    const { replica, alarms } = await open(store);
    await replica.judge(log.note(3));
    expect([replica.checkpoint()?.size, alarms]).toEqual([3, []]);
  });

  test.each([
    [
      'a leaf that a checkpoint covers is another',
      (store: MemoryStore) => (store.leaves[1] = { ...leafAt(store, 1), leaf: utf8('x') }),
    ],
    ['a leaf is missing', (store: MemoryStore) => store.leaves.splice(1, 1)],
    [
      'leaves and frontier are older than the checkpoint',
      (store: MemoryStore) => {
        store.leaves.splice(0);
        store.state.frontier = { size: 0, hashes: [] };
      },
    ],
    [
      'the note is not signed by the log',
      (store: MemoryStore) =>
        (store.state.note = makeCheckpoint(ORIGIN, 3, logOf(3).root(), generateKeyPair())),
    ],
    [
      'the note is of another log of that size',
      (store: MemoryStore) => (store.state.note = logOf(3, 'other').note()),
    ],
  ] as const)('is an alarm where %s', async (_, damage) => {
    const store = memoryStore();
    const log = logOf(5);
    const before = await open(store);
    await before.replica.take(stored(log, 0, 3));
    await before.replica.judge(log.note(3));
    await before.replica.take(stored(log, 3, 5));
    damage(store);
    expect((await open(store)).alarms).toEqual(['copyBroken']);
  });

  test('is an alarm at the next checkpoint where a leaf after the last one is another', async () => {
    const store = memoryStore();
    const log = logOf(5);
    const before = await open(store);
    await before.replica.take(stored(log, 0, 3));
    await before.replica.judge(log.note(3));
    await before.replica.take(stored(log, 3, 5));
    store.leaves[4] = { ...leafAt(store, 4), leaf: utf8('x') };
    const { replica, alarms } = await open(store);
    await replica.judge(log.note(5));
    expect([replica.checkpoint()?.size, alarms]).toEqual([3, ['otherHistory']]);
  });
});

test('300 random orders of leaves, checkpoints and restarts end at the same place', async () => {
  const roll = dice(5);
  for (let n = 0; n < 300; n++) {
    const store = memoryStore();
    const log = logOf(20);
    let now = await open(store);
    let notes = 0;
    for (let step = 0; step < 30; step++) {
      const size = now.replica.size();
      const act = roll(5);
      if (act === 0) now = await open(store);
      else if (act < 3) await now.replica.take(stored(log, size, Math.min(20, size + 1 + roll(4))));
      else {
        notes = roll(21);
        await now.replica.judge(log.note(notes));
      }
    }
    await now.replica.take(stored(log, now.replica.size(), 20));
    await now.replica.judge(log.note(20));
    expect([now.replica.size(), now.replica.checkpoint()?.size, now.alarms]).toEqual([20, 20, []]);
  }
});

function leafAt(store: MemoryStore, index: number): StoredLeaf {
  const found = store.leaves[index];
  if (found === undefined) throw new Error('no such leaf');
  return found;
}
