// R5: the disk is full. On a file system of 8 MiB the log is filled until it can take no more: each refusal is `full`, a
// value and no crash, and what was acknowledged stays. Room is made, and the same open log goes on.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sameBytes, utf8 } from '../../shared/bytes.ts';
import type { Entry } from '../../main/ledger/entry.ts';
import { openLedger } from '../../main/ledger/ledger.ts';
import { sha256Hex } from '../../main/trust/digest.ts';
import { logKey, vkey } from '../unit/ledger/kit.ts';
import { scratchFolder } from '../unit/state/scratch.ts';
import { countOf, limitOf, report } from './counts.ts';

const run = (program: string, ...argv: string[]): boolean =>
  spawnSync(program, argv, { stdio: 'ignore' }).status === 0;

/** undefined: a small file system can be mounted. */
function whyNoDisk(): string | undefined {
  using scratch = scratchFolder();
  if (!run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'faults', scratch.path))
    return 'no file system of 8 MiB can be mounted here (that needs root on Linux)';
  run('umount', scratch.path);
  return undefined;
}
const missing = whyNoDisk();
if (missing !== undefined) report('R5', `SKIPPED: ${missing}`);

const big = (index: number): Entry => {
  const payload = utf8(`payload ${index} ${'x'.repeat(20_000)}`);
  return { leaf: { leaf: utf8(`leaf ${index}`), payload, payloadSha256: sha256Hex(payload) } };
};

/** How the log fared: what it refused, and whether it went on and kept everything. */
function fill(folder: string, ballastBytes: number) {
  const path = join(folder, 'log.sqlite');
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(ballastBytes));
  const opened = openLedger(path, vkey);
  if (!opened.ok) throw new Error(opened.detail);
  const ledger = opened.value;
  const refusals = new Set<string>();
  // 8 MiB are full long before: a log that goes on has lied.
  for (let tries = 0, n = 0; tries < 5 && n < 2000; n += 1) {
    const appended = ledger.append([big(ledger.size)]);
    if (appended.ok) continue;
    refusals.add(appended.code);
    tries += 1;
    const head = ledger.seal(logKey);
    if (!head.ok) refusals.add(head.code);
  }
  const full = ledger.size;
  rmSync(ballast);
  const goesOn = Array.from({ length: 20 }, () => ledger.append([big(ledger.size)]).ok);
  const seals = ledger.seal(logKey).ok;
  const size = ledger.size;
  ledger.close();
  const again = openLedger(path, vkey);
  if (!again.ok) throw new Error(again.detail);
  const leaves = again.value.query.leaves(0, size);
  const lost =
    size - leaves.filter(({ index, leaf }) => sameBytes(leaf, utf8(`leaf ${index}`))).length;
  const sound =
    again.value.health.ok && again.value.query.quickCheck() && again.value.size === size;
  again.value.close();
  return { refusals: [...refusals], full, goesOn: goesOn.every(Boolean), seals, lost, sound };
}

test.skipIf(missing !== undefined)(
  `R5: ${countOf('R5')} times the disk is full: refused, nothing lost, and it goes on without a restart`,
  { timeout: limitOf('R5', 5000) },
  () => {
    using scratch = scratchFolder();
    const disk = join(scratch.path, 'disk');
    mkdirSync(disk);
    let lost = 0;
    for (let round = 0; round < countOf('R5'); round += 1) {
      expect(run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'faults', disk)).toBe(true);
      try {
        const end = fill(disk, 1024 * 1024 * 2 + round * 40_960);
        lost += end.lost;
        expect([round, end]).toMatchObject([
          round,
          { goesOn: true, seals: true, sound: true, lost: 0 },
        ]);
        expect(end.refusals).toContain('full');
        expect(end.refusals.filter((code) => code !== 'full' && code !== 'nothingNew')).toEqual([]);
        expect(end.full).toBeGreaterThan(20);
      } finally {
        run('umount', disk);
      }
    }
    report('R5', `${countOf('R5')} full disks, ${lost} acked lost, each went on without a restart`);
  },
);
