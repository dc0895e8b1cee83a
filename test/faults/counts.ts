// How often each row of the fault matrix runs (security note 7.3): a share of it in `npm test`, the whole CI count where
// the run was started with FAULTS=full. The one place that reads it. And the line that says what was run.

import { existsSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Row =
  | 'R1'
  | 'R2'
  | 'R3'
  | 'R4'
  | 'R5'
  | 'R6'
  | 'R10'
  | 'R11'
  | 'R13'
  | 'R14'
  | 'R15'
  | 'R16'
  | 'R17'
  | 'R18';

/** `share` in every run, `full` at the count of the matrix. */
const COUNTS: { readonly [row in Row]: { readonly share: number; readonly full: number } } = {
  // Kills of a loaded broker.
  R1: { share: 15, full: 1000 },
  // Acknowledgements.
  R2: { share: 500, full: 10_000 },
  // Crash points, each in four ways.
  R3: { share: 25, full: 2000 },
  // Every n-th instance of a call: 1 is every one.
  R4: { share: 16, full: 1 },
  // Times that the disk was full.
  R5: { share: 5, full: 50 },
  // Restarts with 10,000 open requests.
  R6: { share: 1, full: 20 },
  // Inputs to parsers.
  R10: { share: 100_000, full: 2_000_000 },
  // Flipped bits.
  R11: { share: 160, full: 4096 },
  // Kills, over all places: 11 x 100.
  R13: { share: 14, full: 1100 },
  // Kills of the app, its store, or both.
  R14: { share: 12, full: 500 },
  // Calls that are said to have failed.
  R15: { share: 50, full: 2000 },
  // Random histories against a model, at the broker and at the guard each.
  R16: { share: 40, full: 300 },
  // Two logs, and what crosses between them.
  R17: { share: 80, full: 2000 },
  // Restored files, each of app, guard and broker.
  R18: { share: 4, full: 50 },
};

const full = process.env['FAULTS'] === 'full';

export const countOf = (row: Row): number => (full ? COUNTS[row].full : COUNTS[row].share);

/** A generous limit for a row whose unit takes `ms` on a slow machine. */
export const limitOf = (row: Row, ms: number): number => 60_000 + countOf(row) * ms;

/** Straight to the terminal, past the collector, so that a long run shows where it is. */
export const report = (row: Row, line: string): void => {
  writeSync(1, `${row}: ${line}\n`);
};

/** In memory where the system has such a place: for files that are looked at, where nothing hangs on the disk. */
export function quickFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const path = mkdtempSync(join(place, 'countersign-faults-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
