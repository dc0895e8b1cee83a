// What surrounds a process and may move while a request waits: read afresh at each measurement.

import { readFileSync } from 'node:fs';

export type Ambient = {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute. */
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
};

/** Of this process. Windows has no uid, gid and mask: 0. */
export function ambientOfProcess(self: NodeJS.Process): Ambient {
  return {
    env: { ...self.env },
    cwd: self.cwd(),
    uid: self.geteuid?.() ?? 0,
    gid: self.getegid?.() ?? 0,
    umask: currentUmask(self),
  };
}

// process.umask() reads by setting and resetting, and for that moment another thread makes open files (Node DEP0139).
export function currentUmask(self: Pick<NodeJS.Process, 'umask'>): number {
  try {
    const found = /^Umask:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'));
    if (found?.[1]) return Number.parseInt(found[1], 8);
  } catch {
    // No /proc: ask the process.
  }
  return self.umask();
}
