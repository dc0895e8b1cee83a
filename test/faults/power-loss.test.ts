// R2 and R3: what is acknowledged is on disk before the acknowledgement. R2 reads it from the system calls: no word goes
// out while a write to the log waits for the disk. R3 loses power: at points of the same trace the disk is built as it may
// be left, with the writes that nobody had waited for dropped, half there, torn or out of order, and the log is opened over
// it. A log that does not wait (`synchronous=NORMAL`) must fail both, else these tests could see nothing.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sameBytes, toHex, utf8 } from '../../shared/bytes.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { exportPkcs8 } from '../../main/trust/ed25519.ts';
import { logKey, vkey } from '../unit/ledger/kit.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { countOf, limitOf, quickFolder, report } from './counts.ts';
import { type Change, Disk, type Loss, type Step, stepsOf, TRACED } from './disk-trace.ts';
import { type Seeded, seeded } from './seeded.ts';
import { traced, whyNoStrace } from './strace.ts';

const CHILD = fileURLToPath(new URL('log-child.ts', import.meta.url));
const LOG = 'log.sqlite';
// The schema is made before the journal is a WAL.
const FILES = [LOG, `${LOG}-wal`, `${LOG}-journal`];
const SECTOR = 512;
/** Of a call's text: enough for a path; more than any write. */
const [PATH_BYTES, WHOLE] = [512, 200_000];
/** Enough for two checkpoints of the WAL into the log's file. */
const BATCHES = 700;

const missing = whyNoStrace();
if (missing !== undefined) report('R2', `SKIPPED, and R3 and R4 with it: ${missing}`);

type Mode = 'full' | 'normal';

/** `bytes`: how much of each write the trace keeps. */
function trace(mode: Mode, batches: number, bytes: number): readonly Step[] {
  using scratch = scratchFolder();
  const path = join(scratch.path, LOG);
  const argv = [CHILD, path, toHex(exportPkcs8(logKey)), String(batches), mode];
  const flags = ['-s', String(bytes), '-e', `trace=${TRACED}`];
  const { calls, stdout } = traced(argv, scratch.path, flags);
  expect(stdout).toMatch(/closed\n$/);
  expect(stdout).not.toMatch(/failed/);
  return stepsOf(calls, FILES);
}

/** Acknowledgements, and those that went out while the log waited for the disk. */
function earlyAcks(steps: readonly Step[]): { acks: number; early: number } {
  const waiting = new Set<string>();
  let [acks, early] = [0, 0];
  for (const step of steps) {
    if (step.what === 'write' || step.what === 'cut') waiting.add(step.file);
    if (step.what === 'sync') waiting.delete(step.file);
    if (step.what !== 'said' || !/^(ack|head) /.test(step.line)) continue;
    acks += 1;
    if (waiting.has(`${LOG}-wal`)) early += 1;
  }
  return { acks, early };
}

const LOSSES: { readonly [name: string]: (random: Seeded) => Loss } = {
  dropped: () => () => [],
  half: (random) => (waiting) => waiting.filter(() => random.coin()),
  torn: (random) => (waiting) => {
    const whole = waiting.slice(0, random.below(waiting.length + 1));
    const next = waiting[whole.length];
    return next === undefined ? whole : [...whole, tear(next, random)];
  },
  // Each sector is as any one of the writes to it left it: those after it were on their way.
  reordered: (random) => (waiting) => waiting.flatMap(sectorsOf).filter(() => random.coin()),
};

const sectorsOf = (change: Change): readonly Change[] =>
  change.what === 'cut'
    ? [change]
    : Array.from({ length: Math.ceil(change.bytes.length / SECTOR) }, (_, i) => ({
        ...change,
        at: change.at + i * SECTOR,
        bytes: change.bytes.subarray(i * SECTOR, (i + 1) * SECTOR),
      }));

/** A write that ends somewhere within; sectors are written whole. */
function tear(change: Change, random: Seeded): Change {
  if (change.what === 'cut') return change;
  const sectors = random.below(Math.ceil(change.bytes.length / SECTOR) + 1);
  return { ...change, bytes: change.bytes.subarray(0, sectors * SECTOR) };
}

type Found = { points: number; lost: number; corrupt: number };

/** Opens the log over one such disk. `size`: what had been acknowledged, `head`: of the last signed head. */
function open(folder: string, disk: ReadonlyMap<string, Buffer>, size: number, head: number) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of disk) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  const opened = openLedger(join(folder, LOG), vkey);
  if (!opened.ok) return 'corrupt';
  const ledger = opened.value;
  try {
    if (!ledger.health.ok || !ledger.query.quickCheck()) return 'corrupt';
    const leaves = ledger.query.leaves(0, ledger.size);
    const sound = leaves.every(({ index, leaf }) => sameBytes(leaf, utf8(`leaf ${index}`)));
    if (!sound || leaves.length !== ledger.size) return 'corrupt';
    return ledger.size < size || (ledger.head?.size ?? 0) < head ? 'lost' : 'sound';
  } finally {
    ledger.close();
  }
}

/** `points` moments of the trace, spread over it, each lost in four ways. */
function crash(steps: readonly Step[], points: number, seed: number): Found {
  using scratch = quickFolder();
  const random = seeded(seed);
  const at = new Set<number>();
  // Where the file itself changes, a checkpoint of the WAL runs: half of the points.
  const inFile = steps.flatMap((step, i) => ('file' in step && step.file === LOG ? [i] : []));
  while (at.size < points)
    at.add(random.coin() ? random.below(steps.length) : (inFile[random.below(inFile.length)] ?? 0));
  const found: Found = { points: 0, lost: 0, corrupt: 0 };
  const disk = new Disk();
  let [size, head] = [0, 0];
  for (const [i, step] of steps.entries()) {
    disk.step(step);
    if (step.what === 'said' && step.line.startsWith('ack ')) size = Number(step.line.slice(4)) + 1;
    if (step.what === 'said' && step.line.startsWith('head ')) head = Number(step.line.slice(5));
    if (!at.has(i)) continue;
    for (const loss of Object.values(LOSSES)) {
      found.points += 1;
      const end = open(join(scratch.path, 'disk'), disk.after(loss(random)), size, head);
      if (end !== 'sound') found[end] += 1;
    }
  }
  return found;
}

describe.skipIf(missing !== undefined)('a log', () => {
  test(`R2: acknowledges ${countOf('R2')} times only what is on disk, and with NORMAL does not`, {
    timeout: limitOf('R2', 30),
  }, () => {
    const strong = earlyAcks(trace('full', countOf('R2') / 2, PATH_BYTES));
    const weak = earlyAcks(trace('normal', 50, PATH_BYTES));
    report(
      'R2',
      `${strong.acks} acks, ${strong.early} before the disk had them; ` +
        `with NORMAL ${weak.early} of ${weak.acks}`,
    );
    expect(strong.acks).toBeGreaterThanOrEqual(countOf('R2'));
    expect(strong.early).toBe(0);
    expect(weak.early).toBeGreaterThan(weak.acks / 2);
  });

  test(`R3: survives ${countOf('R3')} power losses in four ways each, and with NORMAL does not`, {
    timeout: limitOf('R3', 1000),
  }, () => {
    const points = Math.max(20, countOf('R3') / 20);
    const strong = crash(trace('full', BATCHES, WHOLE), countOf('R3'), 3);
    const weak = crash(trace('normal', BATCHES, WHOLE), points, 3);
    const failed = weak.lost + weak.corrupt;
    report(
      'R3',
      `${strong.points} disks, ${strong.lost} acked lost, ${strong.corrupt} corrupt; ` +
        `with NORMAL ${failed} of ${weak.points} fail`,
    );
    expect([strong.lost, strong.corrupt]).toEqual([0, 0]);
    expect(strong.points).toBe(countOf('R3') * 4);
    expect(weak.lost).toBeGreaterThan(0);
  });
});
