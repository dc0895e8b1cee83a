// The built `countersign`, as a child with this terminal: the same program that the launcher execs. Every name of what is
// run comes from here.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import type { Stop } from './stop.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = join(ROOT, 'out/main/cli.js');
export const APP = join(ROOT, 'out/main/browser.js');
/** What a person types; shorter than the launcher's path, and true in the project's folder. */
export const COMMAND = 'npx countersign';

/** Its exit code as a shell would say it: 128 + n where a signal ended it, 127 where it could not be started. */
export function countersign(args: readonly string[], cwd: string, stop: Stop): Promise<number> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: 'inherit' });
  stop.follow(child);
  return new Promise((done) => {
    child.once('error', () => done(127));
    child.once('exit', (code, signal) =>
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
