// ripgrep over the same requests as lines of JSON: what a person without an index would use. Only where it is installed.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './log-browse-measure.ts';
import { COMMON, entriesOf, PHRASES, RARE } from './log-browse-rows.ts';
import { type MadeLog, SEED } from './made-log.ts';

const TIMES = 9;

export async function openRipgrep(
  folder: string,
  log: MadeLog,
  say: (line: string) => void,
): Promise<void> {
  if (!installed()) {
    say('  SKIPPED: ripgrep is not installed: apt-get install ripgrep');
    return;
  }
  const path = join(folder, 'requests.jsonl');
  const file = openSync(path, 'w');
  for (const { leaves } of entriesOf(log.size, SEED)) {
    const payload = leaves[0]?.payload;
    if (payload !== undefined) writeSync(file, Buffer.concat([payload, Buffer.from('\n')]));
  }
  closeSync(file);
  const megabytes = Math.round(statSync(path).size / 1e6);
  const patterns = { 'common word': COMMON[0], phrase: PHRASES[0], 'rare word': RARE[4242] };
  for (const [name, pattern = ''] of Object.entries(patterns)) {
    const times = Array.from({ length: TIMES }, () => {
      const from = performance.now();
      spawnSync('rg', ['-c', '-F', pattern, path], { stdio: 'ignore' });
      return performance.now() - from;
    }).sort((a, b) => a - b);
    say(
      `  ripgrep over ${megabytes} MB of JSON lines, ${name}: p50 ${at(times, 0.5).toFixed(0)} worst ${at(times, 1).toFixed(0)} ms (counts all; ours give the newest 100)`,
    );
  }
}

function installed(): boolean {
  try {
    execFileSync('rg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
