// The first question after a start with nothing of the file in memory: the store is closed, its file's pages are dropped from
// the page cache (that one file's alone: dd with `nocache`, which needs no rights), and the store is opened again. What the
// cache still holds afterwards is looked up; where it can't be, the cold part is left out.

import { execFileSync } from 'node:child_process';
import { at, type Opened, timeOne } from './log-browse-measure.ts';
import { QUERIES, type Sample } from './log-browse-queries.ts';
import { seeded } from './log-browse-rows.ts';

const TIMES = 5;

type Reopen = () => Promise<Opened>;

export async function timeCold(
  path: string,
  sample: Sample,
  open: Reopen,
  say: (line: string) => void,
): Promise<void> {
  if (!drop(path)) {
    say(
      '  SKIPPED cold: the pages of a file could not be dropped here (GNU dd and fincore are needed)',
    );
    return;
  }
  for (const query of QUERIES) {
    const random = seeded(17);
    const times: number[] = [];
    for (let n = 0; n < TIMES; n += 1) {
      drop(path);
      const opened = await open();
      const { ms } = await timeOne(opened.store, opened.pid, query.make(random, sample).ours);
      times.push(ms);
      await opened.store.close();
    }
    times.sort((a, b) => a - b);
    say(
      `  cold, ${TIMES} first questions: ${query.name.padEnd(26)} p50 ${at(times, 0.5).toFixed(1)} worst ${at(times, 1).toFixed(1)} ms`,
    );
  }
}

/** Whether less than a hundredth of it is still in memory. */
function drop(path: string): boolean {
  try {
    execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
    const held = (of: string): number =>
      Number(execFileSync('fincore', ['-b', '-n', '-o', of, path], { encoding: 'utf8' }).trim());
    return held('RES') < held('SIZE') / 100;
  } catch {
    return false;
  }
}
