// What was released and has not been seen to end. A guard that is killed in between leaves its mark here, and the next run of
// this guard says `unknown` to the log: whether that action ran is for a person to find out, never silence.

import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Count, Digest } from '../../../shared/statement/fields.ts';
import { publishExclusive } from '../../state/atomic-file.ts';
import type { Home } from '../../state/home.ts';
import { jsonBytes, readJsonFile } from '../../state/json-file.ts';
import { namesIn } from './names.ts';

const Mark = z.strictObject({
  v: z.literal(1),
  request: Digest,
  decisions: z.array(Digest).max(16),
  pid: Count,
  /** Of the process's start, as the system tells it: a number that was given again is another process. Empty: unknown. */
  began: z.string().max(40),
});
export type Left = Pick<z.infer<typeof Mark>, 'request' | 'decisions'>;

/** False where it could not be written: what can't be accounted for is not started. */
export function markRunning(home: Pick<Home, 'guard'>, nonce: string, what: Left): boolean {
  const folder = join(home.guard, 'running');
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch {
    return false;
  }
  const mark = { v: 1, ...what, pid: process.pid, began: beganOf(process.pid) };
  return publishExclusive(join(folder, nonce), jsonBytes(Mark.parse(mark))).ok;
}

/** Once its last receipt is on disk. */
export const markEnded = (home: Pick<Home, 'guard'>, nonce: string): void =>
  rmSync(join(home.guard, 'running', nonce), { force: true });

/**
 * What runs that are gone have left. `say` must have the receipt on disk when it returns true; only then is the mark removed, so
 * a receipt may be said twice, and none is lost.
 */
export function sayUnknown(home: Pick<Home, 'guard'>, say: (left: Left) => boolean): void {
  const folder = join(home.guard, 'running');
  for (const name of namesIn(folder, /^[0-9a-f]{64}$/)) {
    const path = join(folder, name);
    const mark = readJsonFile(path, Mark);
    if (!mark.ok || isAlive(mark.value)) continue;
    // One of several runs that start at once takes it.
    const mine = `${path}.${process.pid}`;
    try {
      renameSync(path, mine);
    } catch {
      continue;
    }
    if (say(mark.value)) rmSync(mine, { force: true });
    else renameSync(mine, path);
  }
}

function isAlive({ pid, began }: { readonly pid: number; readonly began: string }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return began === '' || beganOf(pid) === began;
}

/** Clock ticks since boot (proc(5), field 22); empty where the system has no /proc. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
