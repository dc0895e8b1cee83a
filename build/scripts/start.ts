// `npm start`: build what is stale, then become the app. On POSIX this process is replaced, so terminal, signals and exit
// code are the app's own and no wrapper can die before it; where that is impossible a child gets the same terminal.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildIfStale } from './build.ts';
import { ROOT } from './tool.ts';

const APP = resolve(ROOT, 'out/main/browser.js');

/** Passes `args` to the app and ends with its exit code; 78 when there is nothing to start. */
export async function main(args: readonly string[]): Promise<number> {
  const built = await buildIfStale();
  if (built !== 0) return 78;
  if (!existsSync(APP)) {
    process.stderr.write('countersign: the build made no out/main/browser.js\n');
    return 78;
  }
  const argv = [process.execPath, APP, ...args];
  if (process.platform === 'win32') return asChild(argv);
  // execve is announced as experimental; a person who starts the app has no use for that line.
  process.emitWarning = () => {};
  process.execve?.(process.execPath, argv, process.env);
  return asChild(argv);
}

function asChild(argv: readonly string[]): Promise<number> {
  const [program = process.execPath, ...rest] = argv;
  const child = spawn(program, rest, { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group: the app handles it, this process only waits.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  return new Promise((done) => {
    child.once('error', () => done(126));
    child.once('exit', (code) => done(code ?? 130));
  });
}
