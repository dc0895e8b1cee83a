// Descriptors that whoever started this process left open in it. Node marks them close-on-exec at its start, but stops
// at the first gap over 15 (libuv, uv_disable_stdio_inheritance): one at 200 would reach the child, as input that
// nobody approved. All that Node opens itself is close-on-exec, so what is not was inherited.

import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { errorCode } from './measure.ts';

const O_CLOEXEC = 0o2000000;

/** Closes them and returns their numbers. Where there is no /proc nothing is known, and nothing is closed. */
export function closeInherited(): number[] {
  const found = descriptors().filter((fd) => fd > 2 && !closesOnExec(fd));
  for (const fd of found) closeSync(fd);
  return found;
}

function descriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

/** Also true of one that is gone: the descriptor of the listing itself. */
function closesOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
    return !flags?.[1] || (Number.parseInt(flags[1], 8) & O_CLOEXEC) !== 0;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return true;
  }
}
