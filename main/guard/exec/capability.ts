// What this system lets a guard promise. `descriptor`: the file that was hashed is the file that runs, whatever its
// path names by then. `path`: hashed again just before, then run by path; the guard says so.

import { existsSync } from 'node:fs';

export type Capability = 'descriptor' | 'path';

/** Linux with /proc mounted; a descriptor there has a path (proc_pid_fd(5)). */
export const capabilityOf = (platform: NodeJS.Platform): Capability =>
  platform === 'linux' && existsSync('/proc/self/fd') ? 'descriptor' : 'path';

export const fdPath = (fd: number): string => `/proc/self/fd/${fd}`;
