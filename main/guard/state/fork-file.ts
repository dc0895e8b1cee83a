// Evidence that the log has two histories, kept by the guard that met it: from then on no run of this guard acts on that log,
// whoever runs it and whatever the broker then says. A new epoch of the log has another key line, and goes on.

import { join } from 'node:path';
import { ForkEvidence } from '../../../shared/statement/fork.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { jsonBytes, readJsonFile } from '../../state/json-file.ts';
import { sha256Hex } from '../../trust/digest.ts';
import { utf8 } from '../../../shared/bytes.ts';
import { judgeFork } from '../../trust/fork.ts';

export const forkPath = (home: Pick<Home, 'guard'>, vkey: string): string =>
  join(home.guard, `fork-${sha256Hex(utf8(vkey)).slice(0, 16)}.json`);

/** The first evidence stays; only such that convicts by itself is kept. */
export function keepFork(home: Pick<Home, 'guard'>, vkey: string, evidence: ForkEvidence): void {
  if (judgeFork(evidence, vkey).ok) publishExclusive(forkPath(home, vkey), jsonBytes(evidence));
}

/** True where this guard must not act: there is evidence, or a file in its place that cannot be read. */
export function isForked(home: Pick<Home, 'guard'>, vkey: string): boolean {
  const kept = readJsonFile(forkPath(home, vkey), ForkEvidence);
  return kept.ok || kept.code !== 'missing';
}
