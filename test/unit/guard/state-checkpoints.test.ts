// No run of this guard believes a log that contradicts what any run of it has seen.

import { afterEach, expect, test } from 'vitest';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromB64, utf8 } from '../../../shared/bytes.ts';
import { openCheckpoints } from '../../../main/guard/state/checkpoints.ts';
import type { Prove } from '../../../main/guard/verify/history.ts';
import { type Checkpoint, openCheckpoint } from '../../../main/trust/checkpoint.ts';
import { sha256Hex } from '../../../main/trust/digest.ts';
import { judgeFork } from '../../../main/trust/fork.ts';
import { formatLine } from '../../../main/trust/note.ts';
import { parseVkey } from '../../../main/trust/vkey.ts';
import type { ForkEvidence } from '../../../shared/statement/fork.ts';
import { type GuardWorld, makeGuardWorld } from '../../kit/guard-world.ts';
import type { TestLog } from '../../kit/test-log.ts';

const worlds: GuardWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});
const setUp = () => {
  const world = makeGuardWorld();
  worlds.push(world);
  const { vkey } = world.keyring.log;
  const parsed = parseVkey(vkey);
  if (!parsed.ok) throw new Error(parsed.code);
  const opened = (note: string): Checkpoint => {
    const checkpoint = openCheckpoint(note, parsed.value);
    if (!checkpoint.ok) throw new Error(checkpoint.code);
    return checkpoint.value;
  };
  const forks: ForkEvidence[] = [];
  const found = { now: () => 0, fork: (evidence: ForkEvidence) => void forks.push(evidence) };
  const admit = openCheckpoints(world.home, world.keyring.log, found);
  const folder = join(world.home.guard, `log-${sha256Hex(utf8(vkey)).slice(0, 16)}`);
  const kept = (): string[] => readdirSync(folder).filter((name) => name.startsWith('checkpoint.'));
  return { world, opened, admit, kept, folder, forks, found };
};
const by =
  (log: TestLog): Prove =>
  async (first, second) =>
    log.consistency(first, second).map((hash) => fromB64(hash) ?? new Uint8Array());
const none: Prove = async () => undefined;

test('the first one is kept, and needs no proof', async () => {
  const { world, opened, admit, kept } = setUp();
  expect(await admit(opened(world.log.note()), none)).toBe('admitted');
  expect(kept()).toEqual(['checkpoint.5']);
});

test('a larger one takes its place, where it is proven to go on from it', async () => {
  const { world, opened, admit, kept } = setUp();
  await admit(opened(world.log.note()), none);
  world.log.pad(4);
  expect(await admit(opened(world.log.note()), none)).toBe('otherHistory');
  expect(kept()).toEqual(['checkpoint.5']);
  expect(await admit(opened(world.log.note()), by(world.log))).toBe('admitted');
  expect(kept()).toEqual(['checkpoint.9']);
});

test('a smaller one is a beginning of it, where that is proven, and takes no place', async () => {
  const { world, opened, admit, kept } = setUp();
  await admit(opened(world.log.note()), none);
  expect(await admit(opened(world.log.note(3)), none)).toBe('otherHistory');
  expect(await admit(opened(world.log.note(3)), by(world.log))).toBe('admitted');
  expect(kept()).toEqual(['checkpoint.5']);
});

test('a fork is refused: larger, smaller and of the same size', async () => {
  const { world, opened, admit, kept } = setUp();
  await admit(opened(world.log.note()), none);
  const fork = world.log.fork(2).pad(1, 'fork');
  // Of 3, 5 and 11 leaves, each with the best proof there is.
  for (const [more, prove] of [
    [0, by(world.log)],
    [2, none],
    [6, by(fork)],
  ] as const) {
    fork.pad(more, 'fork');
    expect(await admit(opened(fork.note()), prove)).toBe('otherHistory');
  }
  expect(kept()).toEqual(['checkpoint.5']);
});

test('the same head with one more signature line is the same history', async () => {
  const { world, opened, admit, kept } = setUp();
  const note = world.log.note();
  await admit(opened(note), none);
  const line = formatLine({
    name: 'witness.test/1',
    keyId: new Uint8Array(4),
    signature: new Uint8Array(72),
  });
  expect(await admit(opened(`${note}${line}`), none)).toBe('admitted');
  expect(kept()).toEqual(['checkpoint.5']);
});

test('a head of another log says nothing about this one: a new epoch begins with nothing', async () => {
  const { world, opened, admit, found } = setUp();
  const other = makeGuardWorld();
  worlds.push(other);
  await openCheckpoints(
    world.home,
    other.keyring.log,
    found,
  )({ origin: other.log.origin, size: 5, root: new Uint8Array(32), note: other.log.note() }, none);
  expect(await admit(opened(world.log.note()), none)).toBe('admitted');
});

test('a head in the folder of this log that another key signed admits nothing', async () => {
  const { world, opened, admit, folder } = setUp();
  const other = makeGuardWorld();
  worlds.push(other);
  await admit(opened(world.log.note()), none);
  writeFileSync(join(folder, 'checkpoint.5'), other.log.note());
  world.log.pad(1);
  expect(await admit(opened(world.log.note()), by(world.log))).toBe('otherHistory');
});

test('two heads of one size are evidence that convicts the log', async () => {
  const { world, opened, admit, forks } = setUp();
  await admit(opened(world.log.note()), none);
  const other = world.log.fork(2).pad(world.log.size - 2, 'other');
  expect(await admit(opened(other.note()), by(other))).toBe('otherHistory');
  expect(forks).toHaveLength(1);
  for (const one of forks) expect(judgeFork(one, world.keyring.log.vkey).ok).toBe(true);
});

test('what cannot be read admits nothing', async () => {
  const { world, opened, admit, folder } = setUp();
  mkdirSync(join(folder, 'checkpoint.5'), { recursive: true });
  expect(await admit(opened(world.log.note()), by(world.log))).toBe('otherHistory');
});

test('of two runs that meet with two histories, at most one is admitted', async () => {
  const { world, opened, admit, kept } = setUp();
  const [one, two] = [world.log.fork().pad(2, 'one'), world.log.fork().pad(3, 'two')];
  const answers = await Promise.all([
    admit(opened(one.note()), by(one)),
    admit(opened(two.note()), by(two)),
  ]);
  expect(answers.filter((answer) => answer === 'admitted').length).toBeLessThanOrEqual(1);
  expect(kept().length).toBeGreaterThan(0);
});
