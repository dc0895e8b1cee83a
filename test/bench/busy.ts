// Whether this machine was ours while something was timed: what other programs used of its processors, from /proc, and how
// long anything waited for one. Where /proc is missing nobody knows: then everything counts as busy.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Reference, section 7: a block with more than 12% of foreign work says nothing. */
export const QUIET = 0.12;
/** And is repeated at most twice, or not at all with `--once`. */
const repeats = (): number => (process.argv.includes('--once') ? 0 : 2);

export type Busy = {
  /** Share of all processors that went to programs outside of this process's tree, or to another machine on this host. */
  readonly foreign: number;
  /** Share of the time in which something here waited for a processor (Linux's pressure stall information). */
  readonly waited: number;
};

export const isBusy = ({ foreign }: Busy): boolean => !(foreign <= QUIET);
export const share = (part: number): string =>
  Number.isNaN(part) ? 'unknown' : `${Math.round(part * 100)}%`;

/** From now until it is asked. */
export function watchMachine(): () => Busy {
  const before = { at: performance.now(), ...machine(), own: ownTicks(), waited: stalledUs() };
  return () => {
    const now = { at: performance.now(), ...machine(), own: ownTicks(), waited: stalledUs() };
    const elapsed = now.at - before.at;
    const total = (elapsed / 10) * cpus().length;
    const foreign = now.used - before.used - (now.own - before.own) + (now.stolen - before.stolen);
    // Ticks of 10 ms: a little below zero is rounding.
    return {
      foreign: Math.max(0, foreign / total),
      waited: (now.waited - before.waited) / 1000 / elapsed,
    };
  };
}

/** Waits, at most `seconds`, for a quarter of a second in which others were quiet. False where it never came. */
export async function quietMoment(seconds = 20): Promise<boolean> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const watched = watchMachine();
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (!isBusy(watched())) return true;
  }
  return false;
}

/** The same block again, at most twice, while others used the machine; the last one counts and says what it saw. */
export async function onQuiet<T>(
  block: () => Promise<T>,
): Promise<{ readonly value: T; readonly busy: Busy }> {
  for (let again = 0; ; again += 1) {
    const watched = watchMachine();
    const value = await block();
    const busy = watched();
    if (!isBusy(busy) || again >= repeats()) return { value, busy };
    await quietMoment();
  }
}

/** proc_stat(5), hundredths of a second: user, nice, system, irq and softirq; and what the host took away. */
function machine(): { readonly used: number; readonly stolen: number } {
  if (!existsSync('/proc/stat')) return { used: Number.NaN, stolen: Number.NaN };
  const [, user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, stolen = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .map(Number);
  return { used: user + nice + system + irq + soft, stolen };
}

type Process = { readonly pid: number; readonly parent: number; readonly ticks: number };

/** Of this process and all below it, with the children that have ended and were waited for. */
function ownTicks(): number {
  const all = existsSync('/proc/self') ? processes() : [];
  const mine = new Set([process.pid]);
  for (let grew = true; grew; ) {
    const before = mine.size;
    for (const one of all) if (mine.has(one.parent)) mine.add(one.pid);
    grew = mine.size > before;
  }
  return all.reduce((sum, one) => (mine.has(one.pid) ? sum + one.ticks : sum), 0);
}

const processes = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const fields = statOf(Number(name));
      if (fields === undefined) return [];
      const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
      return [{ pid: Number(name), parent: Number(fields[1]), ticks }];
    });

/** The fields of proc_pid_stat(5) from the third on; undefined where it has ended. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.replace(/^.*\) /s, '').split(' ');
  } catch {
    return undefined;
  }
}

function stalledUs(): number {
  if (!existsSync('/proc/pressure/cpu')) return Number.NaN;
  return Number(/^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1]);
}
