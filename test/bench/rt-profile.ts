// Why our round trip takes what it takes: where the broker's processor time of one more block goes, by a broker of its own that
// profiles itself. What is judged is never that one.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';
import type { Say } from './options.ts';
import { sayWhere } from './profile.ts';
import { startSystem } from './rt-systems.ts';
import type { Work } from './rt-work.ts';

export async function profileOurs(
  folder: string,
  port: number,
  work: Work,
  say: Say,
): Promise<void> {
  const into = mkdtempSync(join(folder, 'profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${into}`];
  const system = await startSystem('ours', folder, port, flags);
  if (typeof system === 'string') return;
  await system.run(work);
  await system.stop();
  for (const name of readdirSync(into)) {
    // Node's own file, of the process that has just ended.
    const profile = JSON.parse(readFileSync(join(into, name), 'utf8')) as Profiler.Profile;
    sayWhere("the broker's time, start and endings with it,", profile, say);
  }
}
