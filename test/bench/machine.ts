// Quiet companions of noisy times: flushes of the disk below a folder, and what a process used of processor and disk, from
// /proc and /sys. NaN where the system does not tell.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

/** Processor time of these processes until now in microseconds, all threads that still run (proc_pid_schedstat(5)). */
export const cpuUsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuUsOfOne(pid), 0);

/** proc_pid_stat(5) from its third field on; throws where the process has ended. */
const statOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** The processes that this one has started and that still run. */
export const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid);

/** It, and everything below it. */
export const treeOf = (pid: number): readonly number[] => [pid, ...childrenOf(pid).flatMap(treeOf)];

function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return Number.NaN;
  }
}

function cpuUsOfOne(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((task) =>
        Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
      )
      .reduce((sum, ns) => sum + ns / 1000, 0);
  } catch {
    return Number.NaN;
  }
}

/** Resident kilobytes that are this process's share (proc_pid_smaps(5), Pss). */
export function pssKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  } catch {
    return Number.NaN;
  }
}

export type Disk = {
  readonly flushes: number;
  readonly writtenKb: number;
};

/**
 * What the disk of this folder has done so far, for everybody (kernel: block/stat, fields 16 and 7). A process's own count of
 * written bytes is no use here: it counts the whole of a large page of which one block was written.
 */
export function diskUnder(folder: string): Disk {
  const device = statSync(folder).dev;
  // Linux's makedev: the folder's file system may lie on a partition, whose own counters are kept the same way.
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  const path = `/sys/dev/block/${major}:${minor}/stat`;
  if (!existsSync(path)) return { flushes: Number.NaN, writtenKb: Number.NaN };
  const fields = readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
  return { flushes: fields[15] ?? Number.NaN, writtenKb: (fields[6] ?? Number.NaN) / 2 };
}
